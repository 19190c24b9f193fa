"""An order's way from paid to completed, and every way to end before. Each deed locks the order first, then its parts.

Repeats are harmless: callbacks, timers and people arrive twice. What is already so answers False, what contradicts
where things are raises IllegalMove and changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog import stock
from kernel import work
from kernel.lifecycle import IllegalMove
from kernel.refusals import Refusal

from . import news
from .models import Consignment, Order
from .placing import PAY_WITHIN, holder

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)

ACCEPT_WITHIN = timedelta(hours=48)
COMPLETE_AFTER = timedelta(days=10)
REMIND_AT = (timedelta(hours=24), timedelta(hours=6))
BATCH = 200

O = Order.Status  # noqa: E741
C = Consignment.Status
ALIVE_AFTER_PAYMENT = (C.TO_ACCEPT, C.ACCEPTED, C.PACKED)
_FORWARD = (C.ACCEPTED, C.PACKED, C.HANDED_OVER, C.DELIVERED, C.COMPLETED)


class TooLate(Refusal):
    """The 48 hours are over."""

    code = "too_late"
    message = _("The time to accept this order is over. The buyer gets the money back.")


# The order ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def mark_paid(order: Order, *, actor: str, now: datetime) -> bool:
    """The money is here: the stock is sold, each shop is asked to accept within 48 hours. Says whether anything moved.

    An order that ran out of time is taken up again if its goods are still there; else stock.OutOfStock. Money for a
    cancelled order raises IllegalMove. Either way the caller owes a refund.
    """
    order = _locked(order.pk)
    if order.status in (O.PAID, O.CLOSED):
        return False
    if order.status == O.EXPIRED:
        stock.take_again(holder(order), until=now + PAY_WITHIN)
    order.move(O.PAID, actor=actor)
    order.paid_at = now
    order.save(update_fields=["paid_at"])
    stock.convert(holder(order), now=now)
    for consignment in _parts(order):
        consignment.move(C.TO_ACCEPT, actor=actor)
        _stamp(consignment, accept_by=now + ACCEPT_WITHIN, fall_reason="")
        news.to_shop(consignment, "consignment_new")
    news.to_buyer(order, "order_paid")
    return True


@transaction.atomic
def cancel(order: Order, *, actor: str, why: str, now: datetime) -> bool:
    """Call off an order that is not paid; the stock is free again. Raises IllegalMove once it is paid or expired."""
    order = _locked(order.pk)
    if order.status == O.PAID:  # a paid order is called off part by part, with the money going back
        raise IllegalMove(status=order.get_status_display(), was=order.status, to=O.CANCELLED)
    return _let_go(order, O.CANCELLED, actor=actor, why=why)


@work.every(seconds=30)
def expire_due(*, now: datetime) -> int:
    """Let go of orders that were not paid within thirty minutes; says how many."""
    return _sweep(Order.objects.overdue(now), lambda pk: _expire(pk, now=now))


@transaction.atomic
def _expire(pk: int, *, now: datetime) -> bool:
    order = _locked(pk)
    if order.status != O.AWAITING_PAYMENT or order.pay_by > now:
        return False
    _let_go(order, O.EXPIRED, actor="timer", why="not paid in time")
    news.to_buyer(order, "order_expired")
    return True


def _let_go(order: Order, to: str, *, actor: str, why: str) -> bool:
    if not order.move(to, actor=actor, why=why):
        return False
    for consignment in _parts(order):
        consignment.move(C.CANCELLED, actor=actor, why=why)
        _stamp(consignment, fall_reason=why)
    stock.release(holder(order), why=str(to))
    return True


# A shop's answer ------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """The shop will make and send it. Raises TooLate after 48 hours, IllegalMove if it was answered otherwise."""
    consignment = _part(consignment)
    if consignment.status == C.TO_ACCEPT and consignment.accept_by and now >= consignment.accept_by:
        raise TooLate()
    if not consignment.move(C.ACCEPTED, actor=actor):
        return False
    _stamp(consignment, accepted_at=now)
    news.to_buyer(consignment.order, "consignment_accepted", consignment=consignment)
    return True


@transaction.atomic
def decline(consignment: Consignment, *, reason: str, actor: str, now: datetime) -> bool:
    """The shop cannot send it: the stock is put back, and the buyer gets this part's money back."""
    return _fall(_part(consignment), C.DECLINED, actor=actor, why=reason, now=now)


@work.every(seconds=60)
def auto_cancel_due(*, now: datetime) -> int:
    """Call off what no shop accepted within 48 hours; says how many."""
    due = Consignment.objects.to_accept().filter(accept_by__lte=now)
    return _sweep(due, lambda pk: _auto_cancel(pk, now=now))


@transaction.atomic
def _auto_cancel(pk: int, *, now: datetime) -> bool:
    consignment = _part(Consignment.objects.get(pk=pk))
    if consignment.status != C.TO_ACCEPT or consignment.accept_by is None or consignment.accept_by > now:
        return False
    _fall(consignment, C.AUTO_CANCELLED, actor="timer", why="not accepted in time", now=now)
    news.to_shop(consignment, "consignment_lapsed")
    return True


@work.every(seconds=600)
def remind_due(*, now: datetime) -> int:
    """Remind shops a day and six hours before their time to accept is over; each once. Says how many were asked."""
    asked = 0
    for before in REMIND_AT:
        waiting = Consignment.objects.to_accept().filter(accept_by__gt=now, accept_by__lte=now + before)
        for consignment in waiting.select_related("order", "seller").order_by("pk")[:BATCH]:
            news.to_shop(consignment, "consignment_waiting", again=f"{before.total_seconds():.0f}")
            asked += 1
    return asked


@transaction.atomic
def call_off(consignment: Consignment, *, actor: str, why: str, now: datetime) -> bool:
    """The buyer takes back a paid part that is not posted yet. Raises IllegalMove before payment and after posting."""
    consignment = _part(consignment)
    if consignment.status not in (*ALIVE_AFTER_PAYMENT, C.CANCELLED) or consignment.order.paid_at is None:
        raise IllegalMove(status=consignment.get_status_display(), was=consignment.status, to=C.CANCELLED)
    fell = _fall(consignment, C.CANCELLED, actor=actor, why=why, now=now)
    if fell:
        news.to_shop(consignment, "consignment_called_off")
    return fell


# On the way -----------------------------------------------------------------------------------------------------------


def mark_packed(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """Every box is packed and weighed."""
    return _forward(consignment, C.PACKED, actor=actor)


def mark_handed_over(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """The post has it: from here it can only arrive or come back."""
    return _forward(consignment, C.HANDED_OVER, actor=actor, told="consignment_sent", handed_over_at=now)


def mark_delivered(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """Every parcel of it is at the door. A carrier's word on a fallen part raises IllegalMove and changes nothing."""
    return _forward(consignment, C.DELIVERED, actor=actor, told="consignment_delivered", delivered_at=now)


@transaction.atomic
def mark_returned(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """It came back to the shop: the stock is put back, and the buyer gets this part's money back."""
    return _fall(_part(consignment), C.RETURNED, actor=actor, why="returned to the sender", now=now)


@transaction.atomic
def complete(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """The buyer has it, or did not object for ten days. Raises IllegalMove before delivery."""
    consignment = _part(consignment)
    if not consignment.move(C.COMPLETED, actor=actor):
        return False
    _stamp(consignment, completed_at=now)
    _settle(consignment.order, actor=actor)
    return True


@work.every(seconds=300)
def complete_due(*, now: datetime) -> int:
    """Complete what was delivered ten days ago; says how many."""
    due = Consignment.objects.filter(status=C.DELIVERED, delivered_at__lte=now - COMPLETE_AFTER)
    return _sweep(due, lambda pk: complete(Consignment.objects.get(pk=pk), actor="timer", now=now))


# Shared by the deeds --------------------------------------------------------------------------------------------------


@transaction.atomic
def _forward(consignment: Consignment, to: str, *, actor: str, told: str = "", **stamps: Any) -> bool:
    """Move along the way. A fact that comes late, about where the consignment has already been, changes nothing."""
    consignment = _part(consignment)
    if consignment.status in _FORWARD and _FORWARD.index(C(consignment.status)) >= _FORWARD.index(C(to)):
        return False
    consignment.move(to, actor=actor)
    _stamp(consignment, **stamps)
    if told:
        news.to_buyer(consignment.order, told, consignment=consignment)
    return True


def _fall(consignment: Consignment, to: str, *, actor: str, why: str, now: datetime) -> bool:
    """A paid part will not be delivered: stock back, buyer told, the order settled if this was its last."""
    if consignment.status == to:
        return False
    if consignment.order.paid_at is None:
        raise IllegalMove(status=consignment.get_status_display(), was=consignment.status, to=to)
    consignment.move(to, actor=actor, why=why)
    _stamp(consignment, fall_reason=why[:200])
    for line in consignment.lines.select_related("variant").order_by("variant_id"):
        stock.put_back(holder(consignment.order), line.variant, line.quantity, actor=actor)
    news.to_buyer(consignment.order, "consignment_fallen", consignment=consignment)
    _settle(consignment.order, actor=actor)
    return True


def _settle(order: Order, *, actor: str) -> None:
    """Close an order when all its parts have ended; cancel it when all of them fell."""
    parts = order.consignments.all()
    if order.status != O.PAID or parts.open().exists():
        return
    fell = not parts.filter(status=C.COMPLETED).exists()
    order.move(O.CANCELLED if fell else O.CLOSED, actor=actor)


def _locked(pk: int) -> Order:
    return Order.objects.select_for_update().get(pk=pk)


def _part(consignment: Consignment) -> Consignment:
    """The consignment as it is now, under the locks of its order and of itself, in this order everywhere."""
    order = _locked(consignment.order_id)
    fresh = Consignment.objects.select_for_update(of=("self",)).select_related("seller").get(pk=consignment.pk)
    fresh.order = order
    return fresh


def _parts(order: Order) -> Iterable[Consignment]:
    parts = list(order.consignments.select_related("seller").select_for_update(of=("self",)).order_by("pk"))
    for part in parts:
        part.order = order
    return parts


def _stamp(consignment: Consignment, **columns: Any) -> None:
    if columns:
        for name, value in columns.items():
            setattr(consignment, name, value)
        consignment.save(update_fields=list(columns))


def _sweep(due: QuerySet[Any], deed: Callable[[int], bool]) -> int:
    """Do a deed to each row that is due, each in its own transaction; one that fails does not stop the rest."""
    done = 0
    for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            done += deed(pk)
        except Exception:
            log.exception("a timer could not deal with row %s", pk)
    return done
