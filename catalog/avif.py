"""AVIF files of pictures: lighter than WebP and slow to make, so they come after it, and again with care at night.

The clock asks for a few at a time, so that other work never waits behind a hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kernel import work

from . import encoding, files, showing
from .models import Picture, Product

# Two to six in the morning where the buyers are, and the evening where the sellers are, in UTC.
NIGHT = range(18, 22)
BEST_SELLERS = 200
# So many of two seconds each, a third of one worker's time.
MOST_AT_ONCE = 5
MOST_AT_NIGHT = 20


@work.task
def add(*, picture_id: UUID | str) -> None:
    """Make the AVIF files of a picture quickly; pages show its WebP until then. Safe to repeat."""
    _make(picture_id, speed=encoding.QUICK)


@work.task
def polish(*, picture_id: UUID | str) -> None:
    """Make them again with care: they are a twentieth smaller and look the same. Safe to repeat."""
    _make(picture_id, speed=encoding.CAREFUL)


@work.every(seconds=30)
def follow(*, now: datetime) -> int:
    """Have AVIF made of the oldest pictures that have none; says of how many."""
    waiting = _ready().filter(avif_speed=None).order_by("created_at")
    return _ask(add, waiting[:MOST_AT_ONCE], speed=encoding.QUICK)


@work.every(seconds=600)
def at_night(*, now: datetime) -> int:
    """Have a few pictures of what sells best made with care, while few people look; says how many were asked for."""
    if now.hour not in NIGHT:
        return 0
    best = Product.objects.on_sale().filter(units_sold__gt=0).order_by("-units_sold", "pk")[:BEST_SELLERS]
    quick = _ready().filter(product__in=list(best), avif_speed=encoding.QUICK).exclude(avif_files={})
    return _ask(polish, quick.order_by("-product__units_sold", "pk")[:MOST_AT_NIGHT], speed=encoding.CAREFUL)


def _make(picture_id: UUID | str, *, speed: int) -> None:
    """Unless it has files that were made with as much care."""
    picture = _ready().filter(pk=picture_id).first()
    if picture is None or any(
        f".s{known}." in name for name in picture.avif_files.values() for known in _as_good(speed)
    ):
        return
    try:
        image = encoding.opened(files.content(str(picture.original.name)))
    except FileNotFoundError:
        return
    made = {f"-{width}.s{speed}.avif": encoding.avif(image, int(width), speed=speed) for width in picture.files}
    with transaction.atomic():
        names = files.keep(picture.sha256, made)
        by_width = {ending[1:].partition(".")[0]: name for ending, name in names.items()}
        if Picture.objects.filter(pk=picture.pk).update(avif_files=by_width, avif_speed=speed):
            showing.later(picture.product_id)


def _as_good(speed: int) -> tuple[int, ...]:
    return (encoding.QUICK, encoding.CAREFUL) if speed == encoding.QUICK else (encoding.CAREFUL,)


def _ready() -> QuerySet[Picture]:
    return Picture.objects.filter(status=Picture.Status.READY)


@transaction.atomic
def _ask(task: Callable[..., None], wanted: QuerySet[Picture], *, speed: int) -> int:
    """Promise it, and write down that it was asked for: one that fails again and again then keeps no other waiting."""
    ids = list(wanted.values_list("pk", flat=True))
    Picture.objects.filter(pk__in=ids).update(avif_speed=speed)
    for picture_id in ids:
        work.later(task, picture_id=picture_id, once=f"picture:{picture_id}")
    return len(ids)
