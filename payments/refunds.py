"""Refunds: promise first, then ask Stripe. The promise is ours to keep, whatever the network does."""

from __future__ import annotations

from datetime import datetime

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
    """Ask Stripe. Safe to repeat: the key is ours, so a second asking finds the first."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.PROMISED:
        return
    try:
        provider_id = gateway.refund(
            reference=str(refund.pk), intent_id=refund.payment.intent_id or "", amount=refund.amount
        )
    except stripe.InvalidRequestError as error:
        with transaction.atomic():
            Refund.objects.filter(pk=refund.pk).update(failure=(error.code or "refused")[:120])
            refund.move(Refund.Status.FAILED, actor="stripe", why=error.code or "refused")
        return
    with transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(provider_id=provider_id)
        refund.provider_id = provider_id
        if refund.move(Refund.Status.SENT, actor="worker", why=provider_id):
            _book(refund, now=timezone.now())


@transaction.atomic
def settle(refund_id: str, *, now: datetime) -> bool:
    """Stripe says that the money went back. Says whether this was news."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.status == Refund.Status.SUCCEEDED:
        return False
    _book(refund, now=now)
    refund.move(Refund.Status.SUCCEEDED, actor="stripe")
    order = refund.payment.order
    messages.tell(
        order.buyer, "refund_succeeded", once=f"refund_succeeded:{refund.pk}", order=order.number, amount=refund.amount
    )
    return True


@work.every(seconds=30)
def promise_for_fallen(*, now: datetime) -> None:
    """Give back the share of every consignment that was paid for and will not come. Orders know nothing of money."""
    fallen = Consignment.objects.fallen().filter(refunds__isnull=True).select_related("order")
    for consignment in fallen.order_by("pk")[:200]:
        give_back(consignment, now=now)


def give_back(consignment: Consignment, *, now: datetime) -> Refund | None:
    """Promise a fallen consignment's share back to its buyer, and take the earning from the seller, once."""
    payment = consignment.order.payments.filter(status__in=HOLDS_MONEY).order_by("created_at").first()
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


def _book(refund: Refund, *, now: datetime) -> None:
    """Move the money out of the books, and the payment's status after what is left of it."""
    payment = refund.payment
    ledger.post(
        f"refund:{refund.pk}",
        [ledger.Entry(ledger.ESCROW, refund.amount), ledger.Entry(ledger.PROVIDER_CASH, -refund.amount)],
        now=now,
        memo=payment.order.number,
    )
    PaymentFact.objects.get_or_create(
        kind=PaymentFact.Kind.REFUNDED,
        provider_id=refund.provider_id or str(refund.pk),
        defaults={"payment": payment, "amount_minor": refund.amount_minor, "at": now},
    )
    gone = payment.facts.filter(kind=PaymentFact.Kind.REFUNDED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    whole = gone >= payment.amount_minor
    payment.move(
        Payment.Status.REFUNDED if whole else Payment.Status.PARTIALLY_REFUNDED, actor="system", why=str(refund.pk)
    )


def of_order(order: Order) -> list[Refund]:
    """An order's refunds, oldest first."""
    return list(Refund.objects.filter(payment__order=order).order_by("created_at"))
