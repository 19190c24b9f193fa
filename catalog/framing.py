"""How a picture stands in a page: the addresses of its files by width, and the tint shown until it comes.

No rows and no queries, and quick: a page of goods asks forty times. `files` is always what a picture's row keeps: a
width in pixels, as text, to the name of the stored file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.core.files.storage import Storage, default_storage, storages

# Pixels across. What is narrower than a width is not blown up to it, but kept in its own.
WIDTHS: Final = (160, 240, 360, 480, 720, 1080)

# The style sheet has a class for each, `.tint-0` and on: style attributes are forbidden, and a class for every colour
# would weigh more than it shows. Most goods are photographed on something light, so most tints are light.
TINTS: Final = (
    *("#ffffff", "#f4f1ec", "#ece2d0", "#e0d2b9", "#d2c6b4", "#c9b79c", "#c5c7b3", "#b8a58c"),
    *("#a8855f", "#8f6a4a", "#a65a44", "#6b4a36", "#7d7a74", "#6f7f66", "#5f7f92", "#2e2a27"),
)


def srcset(files: Mapping[str, str], *, least: int = 0, most: int = WIDTHS[-1]) -> str:
    """Every file from `least` to `most` pixels across with its width, for a browser to choose from; may be empty."""
    before = prefix()
    return ", ".join(
        f"{address(files[width]) if before is None else before + files[width]} {width}w"
        for width in sorted(files, key=int)
        if least <= int(width) <= most
    )


def nearest(files: Mapping[str, str], width: int) -> str:
    """The name of the smallest file at least this wide, else of the widest; empty without files."""
    widths = sorted(map(int, files))
    fitting = next((known for known in widths if known >= width), widths[-1] if widths else None)
    return files[str(fitting)] if fitting else ""


def within(files: Mapping[str, str], width: int) -> str:
    """The name of the widest file that is no wider than this, else of the smallest; empty without files."""
    widths = sorted(map(int, files))
    fitting = [known for known in widths if known <= width] or widths[:1]
    return files[str(fitting[-1])] if fitting else ""


def address(name: str) -> str:
    """Where a browser finds a stored file."""
    before = prefix()
    return default_storage.url(name) if before is None else before + name


def prefix() -> str | None:
    """What stands before every stored name in its address; None where addresses are signed one by one."""
    return _before_names(storages["default"])


@lru_cache(maxsize=256)
def tint(colour: str) -> str:
    """The class whose background is nearest to a colour like `#d6c7b3`."""
    wanted = _parts(colour)
    distances = [sum((a - b) ** 2 for a, b in zip(wanted, _parts(known), strict=True)) for known in TINTS]
    return f"tint-{distances.index(min(distances))}"


@lru_cache(maxsize=4)
def _before_names(storage: Storage) -> str | None:
    """What an address is before the name; None where every address is signed and so has to be asked for."""
    probe = "pictures/00/0.webp"
    whole = storage.url(probe)
    return whole.removesuffix(probe) if whole.endswith(probe) else None


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
