"""Units on the shelf: held for an order until it is paid, sold, or let go. Nobody ever sells the same unit twice.

Every change of `on_hand` leaves a StockMovement, so the counter can be recomputed. Callers hold their own row (the
order) and go through variants in id order, so two orders never wait for each other.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import pages
from .models import Reservation, StockMovement, Variant

Status = Reservation.Status
Kind = StockMovement.Kind


class OutOfStock(Refusal):
    """Fewer units are left than asked for."""

    code = "out_of_stock"
    message = _("Only %(left)s of “%(name)s” are left.")


class StockIsPromised(Refusal):
    """Orders hold more units than the seller says there are."""

    code = "stock_is_promised"
    status = 422
    message = _("%(reserved)s are held for orders. You cannot set the stock lower than that.")


class AmountMustBePositive(ValueError):
    """A program asked to move no units, or fewer."""


@transaction.atomic
def reserve(variant: Variant, quantity: int, *, holder: str, until: datetime) -> Reservation:
    """Hold units for a holder such as `order:…`. Asking again while it holds them, or has bought them, changes nothing.

    Raises OutOfStock, and then holds nothing.
    """
    _positive(quantity)
    try:
        with transaction.atomic():
            held = Reservation.objects.create(variant=variant, quantity=quantity, holder=holder, expires_at=until)
    except IntegrityError:
        held = Reservation.objects.select_for_update().get(holder=holder, variant=variant)
        if held.status in (Status.RELEASED, Status.EXPIRED):
            _take(held, until=until)
        return held
    # The row lock on a popular variant is taken last and by the update that judges, so it is short and cannot oversell.
    _hold(variant, quantity)
    return held


@transaction.atomic
def convert(holder: str, *, now: datetime) -> int:
    """The holder has paid: its units leave the shelf for good. Says how many lines were sold; a repeat sells none."""
    return sum(_sell(held, now=now) for held in _of(holder, Status.ACTIVE))


@transaction.atomic
def release(holder: str, *, why: str) -> int:
    """The holder will not pay: its units may be bought again. Says how many lines; a repeat lets go none."""
    to = Status.EXPIRED if why == Status.EXPIRED else Status.RELEASED
    return sum(_let_go(held, to, why=why) for held in _of(holder, Status.ACTIVE))


@transaction.atomic
def take_again(holder: str, *, until: datetime) -> int:
    """Hold once more what was let go, since money came late. All lines or none. Raises OutOfStock."""
    held_again = _of(holder, Status.RELEASED, Status.EXPIRED)
    for held in held_again:
        _take(held, until=until)
    return len(held_again)


@transaction.atomic
def put_back(holder: str, variant: Variant, quantity: int, *, actor: str) -> bool:
    """A sold consignment fell: its units are on the shelf again, once a holder and variant. Says whether it was now."""
    _positive(quantity)
    try:
        with transaction.atomic():
            _moved(variant, Kind.RETURN, quantity, actor=actor, holder=holder)
    except IntegrityError:
        return False
    Variant.objects.filter(pk=variant.pk).update(
        on_hand=F("on_hand") + quantity, sold=Greatest(F("sold") - quantity, Value(0))
    )
    pages.touch(variant.product_id)
    return True


@transaction.atomic
def receive(variant: Variant, quantity: int, *, actor: str) -> None:
    """More units were made."""
    _positive(quantity)
    Variant.objects.filter(pk=variant.pk).update(on_hand=F("on_hand") + quantity)
    pages.touch(variant.product_id)
    _moved(variant, Kind.RECEIPT, quantity, actor=actor)
    variant.refresh_from_db(fields=["on_hand", "reserved"])


@transaction.atomic
def set_on_hand(variant: Variant, quantity: int, *, actor: str) -> int:
    """The seller counted: this many are there, those held for orders included. Says the difference.

    Raises StockIsPromised when orders hold more.
    """
    now = Variant.objects.select_for_update().get(pk=variant.pk)
    if quantity < now.reserved:
        raise StockIsPromised(reserved=now.reserved)
    difference = quantity - now.on_hand
    if difference:
        Variant.objects.filter(pk=now.pk).update(on_hand=quantity)
        pages.touch(now.product_id)
        _moved(now, Kind.ADJUSTMENT, difference, actor=actor)
    variant.on_hand, variant.reserved = quantity, now.reserved
    return difference


@transaction.atomic
def empty(variant: Variant, *, actor: str) -> int:
    """No more of these are for sale; those held for orders stay theirs. Says the difference."""
    now = Variant.objects.select_for_update().get(pk=variant.pk)
    return set_on_hand(now, now.reserved, actor=actor)


def recount(variant: Variant) -> int:
    """Units on hand as the movements tell it; equals the counter, or somebody wrote past this module."""
    return StockMovement.objects.filter(variant=variant).aggregate(units=Sum("quantity"))["units"] or 0


def _hold(variant: Variant, quantity: int) -> None:
    """The update is the check: it finds the row only while enough is free, and it was not taken off sale."""
    enough = Variant.objects.filter(pk=variant.pk, retired_at=None, on_hand__gte=F("reserved") + quantity)
    if not enough.update(reserved=F("reserved") + quantity):
        variant.refresh_from_db(fields=["on_hand", "reserved", "retired_at"])
        raise OutOfStock(left=max(variant.available, 0), name=variant.product.name)
    pages.touch(variant.product_id)


def _take(held: Reservation, *, until: datetime) -> None:
    held.move(Status.ACTIVE, why="taken again")
    held.expires_at = until
    held.save(update_fields=["expires_at"])
    _hold(held.variant, held.quantity)


def _sell(held: Reservation, *, now: datetime) -> bool:
    if not held.move(Status.CONVERTED):
        return False
    units = held.quantity
    Variant.objects.filter(pk=held.variant_id).update(
        on_hand=F("on_hand") - units, reserved=F("reserved") - units, sold=F("sold") + units
    )
    pages.touch(held.variant.product_id)
    _moved(held.variant, Kind.SALE, -units, actor=held.holder, holder=held.holder, at=now)
    return True


def _let_go(held: Reservation, to: str, *, why: str) -> bool:
    if not held.move(to, why=why):
        return False
    Variant.objects.filter(pk=held.variant_id).update(reserved=F("reserved") - held.quantity)
    pages.touch(held.variant.product_id)
    return True


def _of(holder: str, *statuses: Status) -> list[Reservation]:
    """A holder's lines in these states, locked, in the order in which variants are locked everywhere."""
    mine = Reservation.objects.filter(holder=holder, status__in=statuses).select_related("variant__product")
    return list(mine.select_for_update(of=("self",)).order_by("variant_id"))


def _moved(
    variant: Variant, kind: Kind, units: int, *, actor: str, holder: str = "", at: datetime | None = None
) -> None:
    movement = StockMovement(variant=variant, kind=kind, quantity=units, holder=holder, actor=actor)
    if at is not None:
        movement.at = at
    movement.save(force_insert=True)


def _positive(quantity: int) -> None:
    if quantity < 1:
        raise AmountMustBePositive(f"{quantity} units")
