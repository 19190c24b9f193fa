"""Refunds: promise first, then ask Stripe. The promise is ours to keep, whatever the network does."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import stripe
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import messages
from kernel import work
from kernel.money import Money
from kernel.refusals import Refusal
from orders import progress
from orders.models import Consignment, Order

from . import earnings, gateway, ledger
from .models import Payment, PaymentFact, Refund

log = logging.getLogger(__name__)

HOLDS_MONEY = (Payment.Status.CAPTURED, Payment.Status.PARTIALLY_REFUNDED, Payment.Status.REFUNDED)


class TooMuch(Refusal):
    """More than is left of a payment."""

    code = "refund_too_much"
    message = _("Only %(left)s of this payment is left.")


def refundable(payment: Payment) -> Money:
    """What was captured less what was promised back. Call it under the payment's lock to act on it."""
    captured = payment.facts.filter(kind=PaymentFact.Kind.CAPTURED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    promised = payment.refunds.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(captured - promised, payment.currency)


@transaction.atomic
def promise(
    payment: Payment,
    amount: Money,
    *,
    cause: str,
    reason: str,
    now: datetime,
    consignment: Consignment | None = None,
) -> Refund:
    """Record a refund once for its cause, and send it after this commits. Raises TooMuch beyond what is left."""
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if promised := Refund.objects.filter(cause=cause).first():
        return promised
    left = refundable(payment)
    if amount > left:
        raise TooMuch(left=left)
    refund = Refund.objects.create(
        payment=payment,
        consignment=consignment,
        cause=cause,
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason[:120],
        created_at=now,
    )
    work.later(send, once=str(refund.pk), refund_id=refund.pk)
    return refund


@work.task(max_attempts=20)
def send(*, refund_id: str) -> None:
    """Ask Stripe. Safe to repeat: the key is ours, so a second asking finds the first.

    Only after a refusal is another key used, since Stripe answers an old one as it did before.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.PROMISED:
        return
    try:
        provider_id = gateway.refund(
            reference=str(refund.pk),
            intent_id=refund.payment.intent_id or "",
            amount=refund.amount,
            attempt=refund.steps.filter(now=Refund.Status.FAILED).count(),
        )
    except stripe.InvalidRequestError as error:
        with transaction.atomic():
            refund = Refund.objects.select_for_update().get(pk=refund.pk)
            if refund.status != Refund.Status.PROMISED:
                return
            Refund.objects.filter(pk=refund.pk).update(failure=(error.code or "refused")[:120])
            refund.move(Refund.Status.FAILED, actor="stripe", why=error.code or "refused")
        return
    with transaction.atomic():
        refund = Refund.objects.select_for_update().get(pk=refund.pk)
        if refund.status != Refund.Status.PROMISED:  # Stripe's webhook was faster than its answer
            return
        _known_as(refund, provider_id)
        refund.move(Refund.Status.SENT, actor="worker", why=provider_id)
        _book(refund, now=timezone.now())


@transaction.atomic
def settle(refund_id: UUID, *, provider_id: str, now: datetime) -> bool:
    """Stripe says that the money went back. Says whether this was news."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.status == Refund.Status.SUCCEEDED or _is_over(refund, provider_id):
        return False
    _known_as(refund, provider_id)
    refund.move(Refund.Status.SUCCEEDED, actor="stripe")
    _book(refund, now=now)
    order = refund.payment.order
    messages.tell(
        order.buyer, "refund_succeeded", once=f"refund_succeeded:{refund.pk}", order=order.number, amount=refund.amount
    )
    return True


@transaction.atomic
def bounce(refund_id: UUID, *, provider_id: str, why: str, now: datetime) -> bool:
    """The bank or wallet would not take a refund, even after it was sent: the money is with Stripe again, and staff
    send it anew once they know why. Says whether this was news.
    """
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.status == Refund.Status.FAILED or _is_over(refund, provider_id):
        return False
    was_booked = refund.status != Refund.Status.PROMISED
    _known_as(refund, provider_id)
    Refund.objects.filter(pk=refund.pk).update(failure=why[:120])
    refund.move(Refund.Status.FAILED, actor="stripe", why=why[:120])
    log.error("refund %s came back: %s", refund.pk, why)
    if was_booked:
        _unbook(refund, now=now)
    return True


@work.every(seconds=30)
def promise_for_fallen(*, now: datetime) -> None:
    """Give back the share of every consignment that was paid for and will not come. Orders know nothing of money."""
    fallen = Consignment.objects.fallen().filter(refunds__isnull=True).select_related("order")
    for consignment in fallen.order_by("pk")[:200]:
        try:
            give_back(consignment, now=now)
        except Exception:  # one that cannot be given back must not keep the others waiting
            log.exception("nothing was given back for consignment %s", consignment.pk)


def give_back(consignment: Consignment, *, now: datetime) -> Refund | None:
    """Promise a fallen consignment's share back to its buyer, and take the earning from the seller, once."""
    payment = _paid_by(consignment.order)
    if payment is None:
        return None
    with transaction.atomic():
        refund = promise(
            payment,
            consignment.total,
            cause=f"consignment:{consignment.pk}",
            reason=consignment.status,
            consignment=consignment,
            now=now,
        )
        earnings.reverse(consignment, now=now)
    return refund


@transaction.atomic
def call_off(consignment: Consignment, *, actor: str, why: str, now: datetime) -> Refund | None:
    """The buyer no longer wants a paid consignment that is not handed over yet: stop it and give the money back."""
    progress.call_off(consignment, actor=actor, why=why, now=now)
    consignment.refresh_from_db()
    return give_back(consignment, now=now)


@transaction.atomic
def decline(consignment: Consignment, *, reason: str, actor: str, now: datetime) -> Refund | None:
    """The seller cannot deliver: say so and give the money back at once."""
    progress.decline(consignment, reason=reason, actor=actor, now=now)
    consignment.refresh_from_db()
    return give_back(consignment, now=now)


def _paid_by(order: Order) -> Payment | None:
    """The payment that the order stands on. One that was not wanted went back whole, and pays for nothing."""
    held = order.payments.filter(status__in=HOLDS_MONEY).exclude(refunds__cause__startswith="unwanted:")
    return held.order_by("created_at").first()


def _known_as(refund: Refund, provider_id: str) -> None:
    Refund.objects.filter(pk=refund.pk).update(provider_id=provider_id)
    refund.provider_id = provider_id


def _is_over(refund: Refund, provider_id: str) -> bool:
    """Whether this is late news of an attempt that came back already."""
    return PaymentFact.objects.filter(kind=PaymentFact.Kind.FAILED, provider_id=provider_id).exists() or (
        refund.status in {Refund.Status.SENT, Refund.Status.SUCCEEDED} and refund.provider_id != provider_id
    )


def _book(refund: Refund, *, now: datetime) -> None:
    """Move the money out of the books, and the payment's status after what is left of it."""
    # The lock comes first: of two refunds of a payment at once, the second must count the first.
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    ledger.post(
        f"refund:{refund.pk}" + _again(refund),
        [ledger.Entry(ledger.ESCROW, refund.amount), ledger.Entry(ledger.PROVIDER_CASH, -refund.amount)],
        now=now,
        memo=payment.order.number,
    )
    _note(payment, refund, PaymentFact.Kind.REFUNDED, now=now)


def _unbook(refund: Refund, *, now: datetime) -> None:
    """Take the money into the books again: what we owe the buyer is back in escrow."""
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    ledger.post(
        f"bounce:{refund.pk}" + _again(refund),
        [ledger.Entry(ledger.PROVIDER_CASH, refund.amount), ledger.Entry(ledger.ESCROW, -refund.amount)],
        now=now,
        memo=payment.order.number,
    )
    _note(payment, refund, PaymentFact.Kind.FAILED, now=now)


def _again(refund: Refund) -> str:
    """How the books tell a later attempt from the first."""
    came_back = refund.steps.filter(was__in=[Refund.Status.SENT, Refund.Status.SUCCEEDED], now=Refund.Status.FAILED)
    before = came_back.count() - (refund.status == Refund.Status.FAILED)
    return f":{before}" if before > 0 else ""


def _note(payment: Payment, refund: Refund, kind: PaymentFact.Kind, *, now: datetime) -> None:
    PaymentFact.objects.get_or_create(
        kind=kind,
        provider_id=refund.provider_id or str(refund.pk),
        defaults={"payment": payment, "amount_minor": refund.amount_minor, "at": now},
    )
    sums = dict(payment.facts.values_list("kind").annotate(sum=Sum("amount_minor")))
    gone = sums.get(PaymentFact.Kind.REFUNDED, 0) - sums.get(PaymentFact.Kind.FAILED, 0)
    to = Payment.Status.PARTIALLY_REFUNDED if gone > 0 else Payment.Status.CAPTURED
    payment.move(Payment.Status.REFUNDED if gone >= payment.amount_minor else to, actor="system", why=str(refund.pk))


def of_order(order: Order) -> list[Refund]:
    """An order's refunds, oldest first."""
    return list(Refund.objects.filter(payment__order=order).order_by("created_at"))
