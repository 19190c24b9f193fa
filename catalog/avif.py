"""AVIF files of pictures: lighter than WebP and slow to make, so they come after it, and again with care at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from kernel import work

from . import encoding, files, showing
from .models import Picture, Product

READY = Picture.Status.READY
# Two to six in the morning where the buyers are, and the evening where the sellers are, in UTC.
NIGHT = range(18, 22)
BEST_SELLERS = 200
MOST_AT_ONCE = 12


@work.task
def add(*, picture_id: UUID | str) -> None:
    """Make the AVIF files of a picture quickly; pages show its WebP until then. Safe to repeat."""
    _make(picture_id, speed=encoding.QUICK)


@work.task(max_attempts=3)
def polish(*, picture_id: UUID | str) -> None:
    """Make them again with care: they are a twentieth smaller and look the same. Safe to repeat."""
    _make(picture_id, speed=encoding.CAREFUL)


@work.every(seconds=600)
def at_night(*, now: datetime) -> int:
    """Have a few pictures of what sells best made with care, while few people look; says how many were asked for."""
    if now.hour not in NIGHT:
        return 0
    best = Product.objects.on_sale().filter(units_sold__gt=0).order_by("-units_sold", "pk")[:BEST_SELLERS]
    return _ask(polish, _ready().filter(product__in=list(best), avif_speed=encoding.QUICK))


@work.every(seconds=3600)
def catch_up(*, now: datetime) -> int:
    """Have AVIF made of ready pictures that have none, which happens to those from before AVIF; says how many."""
    return _ask(add, _ready().filter(avif_speed=None))


def _make(picture_id: UUID | str, *, speed: int) -> None:
    picture = _ready().filter(Q(avif_speed=None) | Q(avif_speed__gt=speed), pk=picture_id).first()
    if picture is None:
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


def _ready() -> QuerySet[Picture]:
    return Picture.objects.filter(status=READY)


def _ask(task: Callable[..., None], wanted: QuerySet[Picture]) -> int:
    """Promise it for a few of them, unless it is promised already."""
    ids = list(wanted.order_by("-product__units_sold", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for picture_id in ids:
        work.later(task, picture_id=picture_id, once=f"picture:{picture_id}")
    return len(ids)
