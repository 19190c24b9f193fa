"""Files that are more than they look: small to send, large or slow to open."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from tests.sellers.files import huge_png, picture, text_bomb_png

__all__ = [
    "animated_png",
    "animated_webp",
    "header_png",
    "huge_png",
    "many_scans_jpeg",
    "profile_bomb_png",
    "text_bomb_png",
]

SIDE = 300


def header_png(width: int, height: int) -> bytes:
    """A PNG that promises pixels and brings none."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(b"\0" * 9000)) + _chunk(b"IEND", b"")


def animated_png(frames: int) -> bytes:
    """An APNG whose every frame is the same tiny square of nothing."""
    row = zlib.compress(b"\0" * (SIDE + 1) * SIDE, 9)
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0))
    parts = [b"\x89PNG\r\n\x1a\n", head, _chunk(b"acTL", struct.pack(">II", frames, 0))]
    for number in range(frames):
        place = 0 if number == 0 else 2 * number - 1
        control = struct.pack(">IIIIIHHBB", place, SIDE, SIDE, 0, 0, 1, 100, 0, 0)
        data = _chunk(b"IDAT", row) if number == 0 else _chunk(b"fdAT", struct.pack(">I", place + 1) + row)
        parts += [_chunk(b"fcTL", control), data]
    return b"".join([*parts, _chunk(b"IEND", b"")])


def animated_webp(frames: int) -> bytes:
    """A WebP animation whose every frame is the same."""
    out = io.BytesIO()
    Image.new("RGB", (SIDE, SIDE), "red").save(out, "WEBP", lossless=True)
    still = out.getvalue()[12:]
    size = (SIDE - 1).to_bytes(3, "little")
    frame = _riff(b"ANMF", b"\0" * 6 + size + size + (1).to_bytes(3, "little") + b"\0" + still)
    body = _riff(b"VP8X", b"\x02\0\0\0" + size + size) + _riff(b"ANIM", b"\0" * 6) + frame * frames
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def many_scans_jpeg(side: int, scans: int) -> bytes:
    """A JPEG that goes over all its pixels again and again, to no effect."""
    plain = picture(size=(side, side), quality=50, progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * scans + b"\xff\xd9"


def profile_bomb_png() -> bytes:
    """A PNG whose colour profile unfolds to two hundred megabytes."""
    plain = picture("PNG", size=(SIDE, SIDE))
    bomb = _chunk(b"iCCP", b"x\0\0" + zlib.compress(b"a" * 200_000_000, 9))
    return plain[:33] + bomb + plain[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
