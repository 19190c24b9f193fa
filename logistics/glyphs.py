"""Which characters our printing font can draw, read from the font's own table, so that no paper shows an empty box."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
PRINTING_FONT = FONTS / "NotoSansSC-GBK.ttf"


@lru_cache(maxsize=1)
def drawn() -> frozenset[int]:
    """Every code point that the printing font has a glyph for."""
    font = PRINTING_FONT.read_bytes()
    tables = struct.unpack(">H", font[4:6])[0]
    for n in range(tables):
        tag, _sum, offset, _length = struct.unpack(">4sLLL", font[12 + 16 * n : 28 + 16 * n])
        if tag == b"cmap":
            return frozenset(_of_cmap(font, offset))
    raise ValueError(f"{PRINTING_FONT} has no character table")


def missing(text: str) -> set[str]:
    """The characters of a text that would come out as boxes."""
    return {letter for letter in text if ord(letter) not in drawn()}


def printable(text: str) -> str:
    """The text with nothing lost: what cannot be drawn stands as `[U+20BB7]`, line breaks become spaces."""
    plain = "".join(" " if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter for letter in text)
    return "".join(f"[U+{ord(letter):04X}]" if ord(letter) not in drawn() else letter for letter in plain).strip()


def _of_cmap(font: bytes, start: int) -> Iterator[int]:
    """Code points of the Unicode subtables: format 12 (all planes) and format 4 (the first plane)."""
    count = struct.unpack(">H", font[start + 2 : start + 4])[0]
    for n in range(count):
        _platform, _encoding, offset = struct.unpack(">HHL", font[start + 4 + 8 * n : start + 12 + 8 * n])
        at = start + offset
        form = struct.unpack(">H", font[at : at + 2])[0]
        if form == 12:
            groups = struct.unpack(">L", font[at + 12 : at + 16])[0]
            for g in range(groups):
                first, last, _glyph = struct.unpack(">LLL", font[at + 16 + 12 * g : at + 28 + 12 * g])
                yield from range(first, last + 1)
        elif form == 4:
            yield from _of_format_4(font, at)


def _of_format_4(font: bytes, at: int) -> Iterator[int]:
    segments = struct.unpack(">H", font[at + 6 : at + 8])[0] // 2
    ends = struct.unpack(f">{segments}H", font[at + 14 : at + 14 + 2 * segments])
    starts_at = at + 16 + 2 * segments
    starts = struct.unpack(f">{segments}H", font[starts_at : starts_at + 2 * segments])
    deltas = struct.unpack(f">{segments}h", font[starts_at + 2 * segments : starts_at + 4 * segments])
    offsets_at = starts_at + 4 * segments
    offsets = struct.unpack(f">{segments}H", font[offsets_at : offsets_at + 2 * segments])
    for n in range(segments):
        for point in range(starts[n], min(ends[n], 0xFFFE) + 1):
            if not offsets[n]:
                glyph = (point + deltas[n]) & 0xFFFF
            else:
                where = offsets_at + 2 * n + offsets[n] + 2 * (point - starts[n])
                glyph = struct.unpack(">H", font[where : where + 2])[0]
            if glyph:
                yield point
