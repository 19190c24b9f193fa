"""Small files out of a picture of our own: WebP and AVIF of a width, a square for share cards, the average colour.

Only ever given what `kernel.redrawing` drew. The figures are those at which photographs of goods still look right on a
phone; bytes for a drawing of 720 pixels: JPEG 38 kB, WebP 18 kB, AVIF 13 kB.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from .framing import WIDTHS

# How much care AVIF takes: 6 saves another twentieth and takes three to four times as long as 8.
QUICK, CAREFUL = 8, 6
# WeChat shows cards from 300 pixels, and crops what is not square; larger than this nobody shows them.
SHARE_SIDES = (600, 800)


def opened(content: bytes) -> Image.Image:
    """A picture of ours, unpacked."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=["JPEG"])
    image.load()
    return image


def widths_of(width: int) -> list[int]:
    """The widths that a picture is made in: all up to its own, which is among them unless it is wider than any."""
    return sorted({known for known in WIDTHS if known <= width} | {min(width, WIDTHS[-1])})


def webp(image: Image.Image, width: int) -> bytes:
    """As WebP, so many pixels across."""
    return _encoded(_resized(image, width), "WEBP", quality=70, method=6)


def avif(image: Image.Image, width: int, *, speed: int) -> bytes:
    """As AVIF, so many pixels across."""
    return _encoded(_resized(image, width), "AVIF", quality=50, speed=speed, max_threads=1)


def share(image: Image.Image) -> bytes:
    """The middle of it as a square JPEG of 600 to 800 pixels, which every chat can read."""
    least, most = SHARE_SIDES
    side = min(max(least, min(image.size)), most)
    square = ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)
    return _encoded(square, "JPEG", quality=80, optimize=True, progressive=True)


def average(image: Image.Image) -> str:
    """Its average colour, like `#d6c7b3`."""
    pixel = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(pixel, tuple)  # noqa: S101  (ours are always RGB)
    return "#{:02x}{:02x}{:02x}".format(*pixel[:3])


def _resized(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
