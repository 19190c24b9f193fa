"""Pictures of products: what is uploaded is judged by its content, drawn anew without a trace of its past, and made
small in several widths by a worker.

Nothing that was sent is ever served: every stored byte comes out of our own encoder, so no hidden place, owner or
script survives. Names are content hashes, so a browser may keep a file for ever.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from kernel import work
from kernel.refusals import Refusal

from .models import Picture, Product

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ["JPEG", "PNG", "WEBP"]
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 25_000_000
LEAST_SIDE = 200
LONGEST_SIDE = 2000
MOST_PICTURES = 8
WIDTHS = (160, 240, 360, 480, 720, 1080)
# Reading only the first frame, and refusing text chunks that unpack to more than this, is Pillow's own guard.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, MemoryError, OverflowError)


class BadPicture(Refusal):
    """The file is no picture we can take."""

    code = "bad_picture"
    status = 422
    message = _("This is not a photo we can read. Send a JPEG, PNG or WebP photo.")


class DamagedPicture(BadPicture):
    code = "damaged_picture"
    message = _("This photo is damaged. Take it again.")


class TooManyBytes(BadPicture):
    code = "picture_too_big"
    message = _("This photo is larger than 12 MB. Send a smaller one.")


class TooManyPixels(BadPicture):
    code = "picture_too_many_pixels"
    message = _("This photo has too many pixels. Send one of at most 25 million.")


class TooSmall(BadPicture):
    code = "picture_too_small"
    message = _("This photo is too small. Each side needs at least 200 pixels.")


class TooManyPictures(Refusal):
    code = "too_many_pictures"
    status = 422
    message = _("A product has at most 8 photos. Delete one first.")


def add(
    product: Product,
    upload: BinaryIO | bytes,
    *,
    alt_zh: str = "",
    alt_en: str = "",
    is_illustration: bool = False,
) -> Picture:
    """Take a picture for a product; its smaller files follow from a worker. The same picture twice is one.

    Raises BadPicture and its kinds, or TooManyPictures.
    """
    raw = upload if isinstance(upload, bytes) else _read(upload)
    image = clean(raw)
    encoded = _jpeg(image)
    sha256 = hashlib.sha256(encoded).hexdigest()
    name = _keep(f"pictures/{sha256[:2]}/{sha256[:32]}.jpg", encoded)
    width, height = image.size
    return _record(
        product, name, sha256, width=width, height=height, alt_zh=alt_zh, alt_en=alt_en, is_illustration=is_illustration
    )


def clean(raw: bytes) -> Image.Image:
    """The picture alone: right way up, sRGB, at most 2000 pixels long, on white, without metadata.

    The size is judged by the header before anything is unpacked. Raises BadPicture and its kinds.
    """
    if len(raw) > MOST_BYTES:
        raise TooManyBytes
    with _reading():
        image: Image.Image = Image.open(io.BytesIO(raw), formats=FORMATS)
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise TooManyPixels
    if min(width, height) < LEAST_SIDE:
        raise TooSmall
    with _reading(DamagedPicture):
        image.load()
        image = _upright(image)
        image = _srgb(image)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        bare = Image.new("RGB", image.size, "white")
        bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return bare


@work.task
def derive(*, picture_id: UUID | str) -> None:
    """Make the smaller files and the average colour of a picture. Safe to repeat: names are content hashes."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None or picture.status == Picture.Status.READY:
        return
    try:
        with picture.original.open("rb") as file, Image.open(file, formats=["JPEG"]) as image:
            image.load()
    except FileNotFoundError:
        Picture.objects.filter(pk=picture.pk).update(status=Picture.Status.FAILED)
        return
    files = {str(width): _derivative(image, width) for width in WIDTHS if width <= image.width}
    if image.width < WIDTHS[-1] and str(image.width) not in files:
        files[str(image.width)] = _derivative(image, image.width)
    pixel = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(pixel, tuple)  # noqa: S101  (the original is always RGB)
    Picture.objects.filter(pk=picture.pk).update(
        files=files, colour="#{:02x}{:02x}{:02x}".format(*pixel[:3]), status=Picture.Status.READY
    )


@transaction.atomic
def remove(picture: Picture) -> None:
    """Take a picture off its product. The files stay: another product or an old order may show them."""
    picture.delete()


@transaction.atomic
def move_up(picture: Picture) -> None:
    """Show a picture one place earlier; the first is the cover."""
    ordered = list(_locked(picture.product_id))
    index = next((place for place, other in enumerate(ordered) if other.pk == picture.pk), 0)
    if index:
        ordered[index - 1], ordered[index] = ordered[index], ordered[index - 1]
    for position, other in enumerate(ordered):
        if other.position != position:
            Picture.objects.filter(pk=other.pk).update(position=position)


@transaction.atomic
def _record(product: Product, name: str, sha256: str, **facts: object) -> Picture:
    """The row, under the product's lock, so that two uploads at once neither pass the limit nor make two of one."""
    Product.objects.select_for_update().only("pk").get(pk=product.pk)
    taken = list(product.pictures.order_by("position", "created_at"))
    for known in taken:
        if known.sha256 == sha256:
            return known
    if len(taken) >= MOST_PICTURES:
        raise TooManyPictures
    position = max((known.position for known in taken), default=-1) + 1
    try:
        with transaction.atomic():
            picture = Picture.objects.create(product=product, original=name, sha256=sha256, position=position, **facts)
    except IntegrityError:
        return product.pictures.get(sha256=sha256)
    work.later(derive, picture_id=picture.pk)
    return picture


def _locked(product_id: int) -> list[Picture]:
    Product.objects.select_for_update().only("pk").get(pk=product_id)
    return list(Picture.objects.filter(product_id=product_id).order_by("position", "created_at"))


def _read(upload: BinaryIO) -> bytes:
    """At most one byte more than allowed, whatever length was claimed."""
    raw = upload.read(MOST_BYTES + 1)
    return raw if isinstance(raw, bytes) else bytes(raw)


@contextmanager
def _reading(refusal: type[Refusal] = BadPicture) -> Iterator[None]:
    """Turn every way in which a file can be bad into one sentence for its sender."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (UnidentifiedImageError, *BROKEN):
        raise refusal from None


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; a broken note about that is not worth losing the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _srgb(image: Image.Image) -> Image.Image:
    """In sRGB, with alpha if it had any."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        return image.convert("I").point(lambda level: level / 256).convert("L").convert("RGB")
    seen_through = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    target = "RGBA" if seen_through else "RGB"
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted if converted is not None else image.convert(target)
        except (ImageCms.PyCMSError, *BROKEN):
            pass  # a false profile only means plainer colours
    return image.convert(target)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    return out.getvalue()


def _derivative(image: Image.Image, width: int) -> str:
    height = max(1, round(image.height * width / image.width))
    out = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(out, "WEBP", quality=70, method=4)
    digest = hashlib.sha256(out.getvalue()).hexdigest()
    return _keep(f"pictures/{digest[:2]}/{digest[:32]}.webp", out.getvalue())


def _keep(name: str, content: bytes) -> str:
    """Store under a name that is its content; what is there already is the same."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))
