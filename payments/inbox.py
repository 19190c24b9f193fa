"""Stripe's webhooks: stored as they came under Stripe's own id, then handled once each by a worker.

Order of delivery does not matter: every handler judges by what our rows say now. A refusal inside a handler is
business, not failure, and is written as the outcome; an event we cannot use is marked so and kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kernel import work
from kernel.money import Money
from kernel.refusals import Refusal

from . import charges, gateway, refunds
from .models import Payment, Refund, StripeEvent

log = logging.getLogger(__name__)


@transaction.atomic
def receive(event: dict[str, Any], *, now: datetime) -> bool:
    """Store a verified event and have it handled; a repeat is stored once. Says whether it was new."""
    _row, is_new = StripeEvent.objects.get_or_create(
        pk=event["id"][:64], defaults={"kind": event["type"][:80], "payload": event, "received_at": now}
    )
    if is_new:
        work.later(handle, once=event["id"][:64], event_id=event["id"][:64])
    return is_new


@work.task
def handle(*, event_id: str) -> None:
    """Handle a stored event once: a second worker waits for the row, then finds it done."""
    with transaction.atomic():
        event = StripeEvent.objects.select_for_update().get(pk=event_id)
        if event.handled_at:
            return
        event.outcome = _outcome(event)[:80]
        event.handled_at = timezone.now()
        event.save(update_fields=["handled_at", "outcome"])


@work.every(seconds=3600)
def catch_up(*, now: datetime) -> None:
    """Fetch what Stripe could not deliver in the last days."""
    try:
        for event in gateway.undelivered_events(since=now - timedelta(days=3)):
            receive(event, now=now)
    except gateway.Unreachable as error:
        log.warning("no catch-up with Stripe: %s", error)


def _outcome(event: StripeEvent) -> str:
    handler = HANDLERS.get(event.kind)
    if handler is None:
        return "ignored"
    try:
        with transaction.atomic():
            return "done" if handler(event.payload["data"]["object"], event.received_at) else "known already"
    except Refusal as refusal:
        return f"refused: {refusal.code}"
    except (Payment.DoesNotExist, Refund.DoesNotExist, KeyError, ValueError, TypeError) as error:
        return f"not ours: {type(error).__name__}"


def _session_completed(session: dict[str, Any], now: datetime) -> bool:
    """A page was finished. Wallets may still owe the money: then the payment is only on its way."""
    payment_id = _payment_id(session)
    if session["payment_status"] == "paid":
        return _paid(payment_id, session["payment_intent"], session["amount_total"], session["currency"], "", now)
    return Payment.objects.get(pk=payment_id).move(Payment.Status.PROCESSING, actor="stripe")


def _intent_succeeded(intent: dict[str, Any], now: datetime) -> bool:
    charge = intent.get("latest_charge")
    kinds = charge.get("payment_method_details", {}) if isinstance(charge, dict) else {}
    method = kinds.get("type", "") or next(iter(intent.get("payment_method_types", [])), "")
    received = intent["amount_received"]
    return _paid(_payment_id(intent), intent["id"], received, intent["currency"], method, now)


def _paid(payment_id: UUID, intent_id: str, minor: int, currency: str, method: str, now: datetime) -> bool:
    return charges.confirm(
        payment_id, intent_id=intent_id, amount=Money(minor, currency.upper()), method=method[:16], now=now
    )


def _intent_failed(intent: dict[str, Any], now: datetime) -> bool:
    error = intent.get("last_payment_error") or {}
    return charges.fail(_payment_id(intent), why=error.get("code") or "failed", now=now)


def _session_failed(session: dict[str, Any], now: datetime) -> bool:
    return charges.fail(_payment_id(session), why="wallet did not pay", now=now)


def _session_expired(session: dict[str, Any], now: datetime) -> bool:
    return charges.lapse(_payment_id(session), now=now)


def _refund_updated(refund: dict[str, Any], now: datetime) -> bool:
    refund_id, provider_id = UUID(refund["metadata"]["refund"]), str(refund["id"])
    if refund["status"] == "succeeded":
        return refunds.settle(refund_id, provider_id=provider_id, now=now)
    if refund["status"] in {"failed", "canceled"}:
        why = str(refund.get("failure_reason") or refund["status"])
        return refunds.bounce(refund_id, provider_id=provider_id, why=why, now=now)
    return False


def _payment_id(thing: dict[str, Any]) -> UUID:
    return UUID(thing["metadata"]["payment"])


HANDLERS: dict[str, Callable[[dict[str, Any], datetime], bool]] = {
    "checkout.session.completed": _session_completed,
    "checkout.session.async_payment_succeeded": _session_completed,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": _session_expired,
    "payment_intent.succeeded": _intent_succeeded,
    "payment_intent.payment_failed": _intent_failed,
    "refund.created": _refund_updated,
    "refund.updated": _refund_updated,
    "refund.failed": _refund_updated,
    "charge.refund.updated": _refund_updated,
}
