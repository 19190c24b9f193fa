"""Collecting an order's total: a Payment is the intention, Stripe's page is asked for after the commit.

What Stripe says is a hint to look: `confirm` may be called by the webhook, by the buyer's return and by the sweep, in
any order and at once, and captures once.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

import stripe
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog import stock
from kernel import work
from kernel.money import Money
from kernel.refusals import Refusal
from orders import progress
from orders.models import Order

from . import gateway, ledger, refunds
from .models import Payment, PaymentFact

log = logging.getLogger(__name__)

# Stripe keeps a payment page open for thirty minutes at the least.
PAGE_OPEN = timedelta(minutes=31)
# After this, a page that was never opened would close too soon for Stripe.
PAGE_ASKED_WITHIN = timedelta(seconds=30)
# A refused card ends an attempt, not the page: the buyer may pay on it by other means.
PAGE_MAY_BE_OPEN = (*Payment.OPEN, Payment.Status.FAILED)
STRIPE_LOCALES = {"zh-hans": "zh", "en": "en", "fr": "fr"}


class NotPayable(Refusal):
    """The order is paid, expired or cancelled."""

    code = "order_not_payable"
    message = _("This order cannot be paid any more.")


class PaymentUnavailable(Refusal):
    """The payment company does not answer; nothing was charged."""

    code = "payment_unavailable"
    status = 503
    message = _("The payment page cannot be opened just now. Your order is kept; please try again in a minute.")


@transaction.atomic
def begin(order: Order, *, now: datetime) -> Payment:
    """The payment that this order is to be paid with: the open one, or a new one. Raises NotPayable."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != Order.Status.AWAITING_PAYMENT or order.pay_by <= now:
        raise NotPayable()
    open_ones = order.payments.filter(status__in=Payment.OPEN, expires_at__gt=now)
    payable = open_ones.filter(~Q(pay_url="") | Q(created_at__gt=now - PAGE_ASKED_WITHIN))
    open_one = payable.order_by("-created_at").first()
    return open_one or Payment.objects.create(
        order=order, currency=order.currency, amount_minor=order.total_minor, created_at=now, expires_at=now + PAGE_OPEN
    )


def open_page(payment: Payment) -> str:
    """The address of the provider's page for this payment, asked for once. Call it outside any transaction.

    Raises PaymentUnavailable when the provider cannot be asked; asking again finds the same page.
    """
    if payment.pay_url:
        return payment.pay_url
    order = payment.order
    with translation.override(order.language):  # asking twice must say the same
        description = _t("Isoko order %(number)s") % {"number": order.number}
    try:
        session = gateway.create_session(
            reference=str(payment.pk),
            amount=payment.amount,
            description=description,
            metadata={"payment": str(payment.pk), "order": order.number},
            success_url=_address("payments:returned", order) + "?session={CHECKOUT_SESSION_ID}",
            cancel_url=_address("payments:order", order),
            expires_at=payment.expires_at,
            locale=STRIPE_LOCALES.get(order.language, "auto"),
        )
    except (gateway.Unreachable, stripe.StripeError) as error:
        log.warning("payment %s: no page (%s)", payment.pk, type(error).__name__)
        raise PaymentUnavailable() from error
    Payment.objects.filter(pk=payment.pk, pay_url="").update(session_id=session.id, pay_url=session.url)
    payment.refresh_from_db()
    payment.move(Payment.Status.REQUIRES_ACTION, actor="stripe", why=session.id)
    return payment.pay_url


@transaction.atomic
def confirm(payment_id: UUID, *, intent_id: str, amount: Money, method: str, now: datetime) -> bool:
    """Stripe holds the money: book it, and the order is paid. Says whether this was news.

    Money that comes after the goods are gone, for an order already paid, or in another amount goes back by itself.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if not _note_capture(payment, intent_id=intent_id, amount=amount, now=now):
        # The news of the page comes without the method, that of the money with it.
        Payment.objects.filter(pk=payment.pk, intent_id=intent_id, method="").update(method=method)
        return False
    Payment.objects.filter(pk=payment.pk).update(intent_id=intent_id, method=method)
    payment.refresh_from_db()
    payment.move(Payment.Status.CAPTURED, actor="stripe", why=intent_id)
    ledger.post(
        f"capture:{payment.pk}",
        [ledger.Entry(ledger.PROVIDER_CASH, amount), ledger.Entry(ledger.ESCROW, -amount)],
        now=now,
        memo=payment.order.number,
    )
    if reason := _unwanted(payment, amount=amount, now=now):
        refunds.promise(payment, amount, cause=f"unwanted:{payment.pk}", reason=reason, now=now)
    return True


def fail(payment_id: UUID, *, why: str, now: datetime) -> bool:
    """An attempt failed. The order stays open for another until its time is up."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status not in Payment.OPEN:
        return False
    return payment.move(Payment.Status.FAILED, actor="stripe", why=why[:120])


def lapse(payment_id: UUID, *, now: datetime) -> bool:
    """The page closed unpaid."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.status not in Payment.OPEN:
        return False
    return payment.move(Payment.Status.CANCELLED, actor="stripe", why="page expired")


def look(payment: Payment, *, now: datetime) -> bool:
    """Ask Stripe what became of a payment, and book what it says. Says whether it is captured. Raises Unreachable."""
    if payment.status in PAGE_MAY_BE_OPEN and payment.session_id:
        session = gateway.fetch_session(payment.session_id)
        if session.payment_status == "paid" and session.intent_id and session.amount:
            confirm(payment.pk, intent_id=session.intent_id, amount=session.amount, method="", now=now)
        elif session.status == "expired":
            lapse(payment.pk, now=now)
        payment.refresh_from_db()
    return payment.status == Payment.Status.CAPTURED


@work.task
def check(*, payment_id: str) -> None:
    """Look at one payment whose webhook may be lost. While Stripe is away, the clock asks again."""
    try:
        look(Payment.objects.select_related("order").get(pk=payment_id), now=timezone.now())
    except gateway.Unreachable as error:
        log.warning("payment %s: not looked at (%s)", payment_id, error)


@work.every(seconds=300)
def look_at_waiting(*, now: datetime) -> None:
    """Webhooks can be lost: look at every payment page that has waited a while."""
    may_be_paid = Q(status__in=Payment.OPEN) | Q(
        status=Payment.Status.FAILED, expires_at__gt=now - timedelta(minutes=10)
    )
    waiting = Payment.objects.filter(
        may_be_paid, created_at__lt=now - timedelta(minutes=3), created_at__gt=now - timedelta(days=3)
    ).exclude(session_id="")
    for payment_id in waiting.order_by("-created_at").values_list("pk", flat=True)[:500]:
        work.later(check, once=str(payment_id), payment_id=payment_id)


@work.task
def close_page(*, payment_id: str) -> None:
    """Close the provider's page of an order that was called off, so that nobody pays for nothing."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.session_id and payment.status in PAGE_MAY_BE_OPEN:
        gateway.expire_session(payment.session_id)


@transaction.atomic
def call_off(order: Order, *, actor: str, why: str, now: datetime) -> None:
    """Cancel an unpaid order and close its payment page. Raises IllegalMove for one that is paid meanwhile."""
    progress.cancel(order, actor=actor, why=why, now=now)
    for payment in order.payments.filter(status__in=PAGE_MAY_BE_OPEN):
        work.later(close_page, once=str(payment.pk), payment_id=payment.pk)


def _note_capture(payment: Payment, *, intent_id: str, amount: Money, now: datetime) -> bool:
    fact, is_news = PaymentFact.objects.get_or_create(
        kind=PaymentFact.Kind.CAPTURED,
        provider_id=intent_id,
        defaults={"payment": payment, "amount_minor": amount.minor, "at": now},
    )
    return is_news and fact.payment_id == payment.pk


def _unwanted(payment: Payment, *, amount: Money, now: datetime) -> str:
    """Why this money must go back, or nothing if the order took it."""
    if amount != payment.amount:
        return "amount differs"
    try:
        with transaction.atomic():
            took_it = progress.mark_paid(payment.order, actor="stripe", now=now)
    except stock.OutOfStock:
        return "sold out meanwhile"
    except Refusal as refusal:
        return refusal.code
    return "" if took_it else "paid already"


def _address(name: str, order: Order) -> str:
    with translation.override(order.language):
        return settings.SITE_URL + reverse(name, args=[order.number])
