"""The process that opens what strangers send and draws it anew; `kernel.redrawing` starts it and hears what came of it.

It is given an order on its command line and a file on its input, and answers with a line and the bytes. It knows Pillow
and pdfium, nothing of ours, and nothing of our settings.
"""

from __future__ import annotations

import importlib
import io
import json
import resource
import sys
import warnings
from contextlib import suppress
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

# 24 million is what phones of today take at most without asking (5712 x 4284); ones of 48 million must be set to it by
# hand, so a limit of 40 would let in no camera more, and a picture of 25 million unpacks to 100 MB already.
MOST_PIXELS: Final = 25_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")
HEIC: Final = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}


class No(Exception):
    """Nothing can be drawn; the word says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def main() -> None:
    order = json.loads(sys.argv[1])
    _bound(order)
    warnings.simplefilter("ignore")
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), order))


def answer(raw: bytes, order: dict[str, Any]) -> bytes:
    """A line that says what came of it, then the bytes."""
    try:
        return _reprinted(raw, order) if order["kind"] == "pdf" else _drawn(raw, order)
    except No as no:
        return b"no %s\n" % no.why.encode()
    except Exception:  # whatever a decoder trips over, the file is to blame
        return b"no damaged\n"


def _bound(order: dict[str, Any]) -> None:
    """No more memory and time than a file within the limits needs, and nothing written."""
    wanted = {"RLIMIT_DATA": order["memory"], "RLIMIT_CPU": order["cpu"], "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in wanted.items():
        with suppress(ValueError, OSError, AttributeError):  # some systems know fewer limits
            resource.setrlimit(getattr(resource, name), (most, most))


def _drawn(raw: bytes, order: dict[str, Any]) -> bytes:
    image = _opened(raw)
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise No("pixels")
    if min(width, height) < order["least"]:
        raise No("small")
    longer = max(width, height)
    scale = min(1.0, order["longest"] / longer)
    image.draft("RGB", (max(1, int(width * scale)), max(1, int(height * scale))))  # JPEG alone can unpack to less
    image.load()
    plain = _plain(_shortened(image, order["longest"]))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=order["quality"], optimize=True, progressive=True)
    return b"drawn %d %d\n" % plain.size + out.getvalue()


def _opened(raw: bytes) -> Image.Image:
    """Only its header is read. Three decoders are ever tried, and a fourth where an operator added it."""
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIC:
        return _opened_heic(raw)
    try:
        return Image.open(io.BytesIO(raw), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise No("pixels") from error
    except UnidentifiedImageError as error:
        raise No("damaged" if _begins_like_one(raw) else "unreadable") from error


def _opened_heic(raw: bytes) -> Image.Image:
    """Photos of iPhones, where an operator added pillow-heif: its wheels carry a GPL encoder, so we do not bring it."""
    try:
        pillow_heif = importlib.import_module("pillow_heif")
    except ImportError as error:
        raise No("heic") from error
    pillow_heif.options.DECODE_THREADS = 1
    return pillow_heif.HeifImageFile(io.BytesIO(raw))


def _begins_like_one(raw: bytes) -> bool:
    return raw[:3] == b"\xff\xd8\xff" or raw[:4] == b"\x89PNG" or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP")


def _shortened(image: Image.Image, longest: int) -> Image.Image:
    """At most so long, in a mode whose neighbouring values can be mixed. Done first: all that follows costs less."""
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits: keep the upper eight, or it all turns white
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    if image.mode in {"1", "P", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    image.thumbnail((longest, longest), reducing_gap=2.0)
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, on white, and nothing else."""
    with suppress(Exception):  # a broken note about how it was held is not worth losing the picture
        image = ImageOps.exif_transpose(image)
    image = _srgb(image)
    bare = Image.new("RGB", image.size, "white")
    bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return bare


def _srgb(image: Image.Image) -> Image.Image:
    """In sRGB, with alpha if it had any; a false profile only means plainer colours."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(Exception):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
    return image.convert("RGBA" if image.mode in {"RGBA", "LA", "RGBa", "La"} else "RGB")


def _reprinted(raw: bytes, order: dict[str, Any]) -> bytes:
    pypdfium2 = importlib.import_module("pypdfium2")
    try:
        pdf = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        raise No("locked" if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD else "damaged") from error
    if len(pdf) > order["pages"]:
        raise No("pages")
    first, *others = [_page(page, order["longest"]) for page in pdf]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others, quality=order["quality"], resolution=150)
    return b"drawn\n" + out.getvalue()


def _page(page: Any, longest: int) -> Image.Image:
    return page.render(scale=longest / max(page.get_size())).to_pil().convert("RGB")


if __name__ == "__main__":
    main()
