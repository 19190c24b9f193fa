"""Pictures of products: what is uploaded is judged by its content, drawn anew without a trace of its past, and made
small in several widths by a worker.

Nothing that was sent is ever kept (`kernel.redrawing`), so no hidden place, owner or script survives. Names begin with
the hash of what was drawn, so a browser may keep a file for ever.
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import redrawing, uploads, work
from kernel.refusals import Refusal

from . import encoding, files, showing, texts
from .models import Picture, Product

MOST_BYTES = uploads.MOST_FILE
LEAST_SIDE = 200
LONGEST_SIDE = 2000
MOST_PICTURES = 8


class BadPicture(Refusal):
    """The file is no picture we can take."""

    code = "bad_picture"
    status = 422
    message = _("This is not a photo we can read. Send a JPEG, PNG or WebP photo.")


class DamagedPicture(BadPicture):
    code = "damaged_picture"
    message = _("This photo is damaged. Take it again.")


class HeicPicture(BadPicture):
    code = "heic_picture"
    message = _("This is a HEIC photo, which we cannot open. Send it as JPEG.")


class TooManyBytes(BadPicture):
    code = "picture_too_big"
    status = 413
    message = _("This photo is larger than 12 MB. Send a smaller one.")


class TooManyPixels(BadPicture):
    code = "picture_too_many_pixels"
    message = _("This photo has too many pixels. Send one of at most 25 million.")


class TooSmall(BadPicture):
    code = "picture_too_small"
    message = _("This photo is too small. Each side needs at least 200 pixels.")


class TooBusy(Refusal):
    code = "pictures_busy"
    status = 503
    message = _("We are busy with other photos. Send this one again in a minute.")


class TooManyPictures(Refusal):
    code = "too_many_pictures"
    status = 422
    message = _("A product has at most 8 photos. Delete one first.")


class ProductIsAway(Refusal):
    """The product was put away or deleted while its photo was on the way."""

    code = "product_is_away"
    message = _("This product was put away. It takes no photos.")


REFUSALS: dict[str, type[Refusal]] = {
    "unreadable": BadPicture,
    "damaged": DamagedPicture,
    "heic": HeicPicture,
    "pixels": TooManyPixels,
    "small": TooSmall,
    "busy": TooBusy,
}


def add(
    product: Product,
    upload: BinaryIO | bytes,
    *,
    alt_zh: str = "",
    alt_en: str = "",
    is_illustration: bool = False,
) -> Picture:
    """Take a picture for a product; its smaller files follow from a worker. The same picture twice is one.

    Raises BadPicture and its kinds, TooBusy, TooManyPictures, ProductIsAway.
    """
    drawn = clean(upload if isinstance(upload, bytes) else _read(upload))
    return _record(product, drawn, alt_zh=alt_zh, alt_en=alt_en, is_illustration=is_illustration)


def clean(raw: bytes) -> redrawing.Drawn:
    """The picture alone: right way up, sRGB, at most 2000 pixels long, on white, without metadata.

    The size is judged by the header before anything is unpacked. Raises BadPicture and its kinds, TooBusy.
    """
    if len(raw) > MOST_BYTES:
        raise TooManyBytes
    try:
        return redrawing.redraw(raw, longest=LONGEST_SIDE, least=LEAST_SIDE)
    except redrawing.Rejected as no:
        raise REFUSALS.get(no.why, DamagedPicture) from None


@work.task
def derive(*, picture_id: UUID | str) -> None:
    """Make the WebP files, share card and average colour of a picture. Safe to repeat. AVIF follows (`avif`)."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None or picture.status == Picture.Status.READY:
        return
    try:
        image = encoding.opened(files.content(str(picture.original.name)))
    except FileNotFoundError:
        Picture.objects.filter(pk=picture.pk).update(status=Picture.Status.FAILED)
        return
    made = {f"-{width}.webp": encoding.webp(image, width) for width in encoding.widths_of(image.width)}
    colour, share = encoding.average(image), encoding.share(image)
    with transaction.atomic():
        names = files.keep(picture.sha256, {**made, "-share.jpg": share})
        changed = Picture.objects.filter(pk=picture.pk).update(
            files={ending[1:-5]: names[ending] for ending in made},
            share=names["-share.jpg"],
            colour=colour,
            status=Picture.Status.READY,
        )
        if changed:
            showing.later(picture.product_id)


@transaction.atomic
def remove(picture: Picture) -> None:
    """Take a picture off its product. Its files go by the clock (`strays`), unless another row names them."""
    picture.delete()
    showing.later(picture.product_id)


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
    showing.later(picture.product_id)


@transaction.atomic
def _record(product: Product, drawn: redrawing.Drawn, **facts: object) -> Picture:
    """The row, under the product's lock, so that two uploads at once neither pass the limit nor make two of one."""
    taken = _locked(product.pk)
    sha256 = hashlib.sha256(drawn.content).hexdigest()
    for known in taken:
        if known.sha256 == sha256:
            return known
    if len(taken) >= MOST_PICTURES:
        raise TooManyPictures
    picture = Picture.objects.create(
        product=product,
        original=files.keep(sha256, {".jpg": drawn.content})[".jpg"],
        sha256=sha256,
        width=drawn.width,
        height=drawn.height,
        position=max((known.position for known in taken), default=-1) + 1,
        **facts,
    )
    work.later(derive, picture_id=picture.pk)
    showing.later(product.pk)
    texts.later(product.pk)
    return picture


def _locked(product_id: int) -> list[Picture]:
    """The pictures of a product in order, which is locked until this transaction ends. Raises ProductIsAway."""
    product = Product.objects.select_for_update().filter(pk=product_id).only("status").first()
    if product is None or product.status == Product.Status.ARCHIVED:
        raise ProductIsAway
    return list(Picture.objects.filter(product_id=product_id).order_by("position", "created_at"))


def _read(upload: BinaryIO) -> bytes:
    """At most one byte more than allowed, whatever length was claimed."""
    raw = upload.read(MOST_BYTES + 1)
    return raw if isinstance(raw, bytes) else bytes(raw)
