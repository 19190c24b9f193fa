"""The only door to Stripe. Every call carries a key of ours, so that asking twice finds the first answer.

Charges are in yuan: neither Alipay nor WeChat Pay presents francs. Buyers pay on Stripe's own page (Checkout), so no
card number ever reaches this house.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from kernel.money import Money

METHODS = ("alipay", "wechat_pay", "card")
TOLERANCE_SECONDS = 300


class BadSignature(Exception):
    """A webhook that Stripe did not sign with a secret of ours, or too long ago."""


class Unreachable(Exception):
    """Stripe cannot be asked now; the same call may be repeated."""


@dataclass(frozen=True)
class Session:
    """A Checkout Session: where to send the buyer, and what became of it."""

    id: str
    url: str
    status: str
    payment_status: str
    intent_id: str | None
    amount: Money | None


def create_session(
    *,
    reference: str,
    amount: Money,
    description: str,
    metadata: dict[str, str],
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    locale: str,
    methods: Sequence[str] = METHODS,
) -> Session:
    """Open a payment page for an amount. `reference` is the idempotency key. Raises Unreachable or StripeError."""
    params: Any = {
        "mode": "payment",
        "client_reference_id": reference,
        "payment_method_types": list(methods),
        "payment_method_options": {"wechat_pay": {"client": "web"}} if "wechat_pay" in methods else {},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": amount.currency.lower(),
                    "unit_amount": amount.minor,
                    "product_data": {"name": description},
                },
            }
        ],
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "locale": locale,
    }
    return _session(_asked(lambda: _client().v1.checkout.sessions.create(params, _key(f"session-{reference}"))))


def fetch_session(session_id: str) -> Session:
    """What Stripe knows about a payment page now. Raises Unreachable or stripe.StripeError."""
    return _session(_asked(lambda: _client().v1.checkout.sessions.retrieve(session_id)))


def expire_session(session_id: str) -> None:
    """Close a payment page. A page that is paid or closed already is left as it is. Raises Unreachable."""
    try:
        _asked(lambda: _client().v1.checkout.sessions.expire(session_id))
    except stripe.InvalidRequestError:
        return


def refund(*, reference: str, intent_id: str, amount: Money, attempt: int = 0) -> str:
    """Send money back; returns Stripe's id. Raises Unreachable or StripeError.

    `reference` with the number of the attempt is the idempotency key.
    """
    key = f"refund-{reference}-{attempt}" if attempt else f"refund-{reference}"
    params: Any = {"payment_intent": intent_id, "amount": amount.minor, "metadata": {"refund": reference}}
    return str(_asked(lambda: _client().v1.refunds.create(params, _key(key))).id)


def undelivered_events(*, since: datetime) -> list[dict[str, Any]]:
    """Events that Stripe could not deliver to us, oldest first. Raises Unreachable."""
    params: Any = {"delivery_success": False, "created": {"gte": int(since.timestamp())}, "limit": 100}
    found = _asked(lambda: _client().v1.events.list(params))
    return [json.loads(str(event)) for event in reversed(found.data)]


def read_webhook(body: bytes, signature: str) -> dict[str, Any]:
    """Verify a webhook's signature over its raw bytes against each secret, then read it. Raises BadSignature."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
            _must_not_come_from_the_future(signature)
            # PostgreSQL's JSON cannot hold a NUL, and no fact of ours depends on one.
            event = json.loads(text.replace("\\u0000", ""))
        except (ValueError, stripe.SignatureVerificationError):
            continue
        if isinstance(event, dict) and isinstance(event.get("id"), str) and isinstance(event.get("type"), str):
            return event
    raise BadSignature


def _must_not_come_from_the_future(signature: str) -> None:
    """Stripe's library refuses only what is too old."""
    stamps = [part[2:] for part in signature.split(",") if part.startswith("t=")]
    if int(stamps[0]) > datetime.now().astimezone().timestamp() + TOLERANCE_SECONDS:
        raise ValueError("signed in the future")


@lru_cache
def _client_for(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=10),
    )


def _client() -> stripe.StripeClient:
    return _client_for(settings.STRIPE_API_KEY, settings.STRIPE_API_BASE)


def _key(reference: str) -> Any:
    return {"idempotency_key": reference}


def _asked(call: Any) -> Any:
    try:
        return call()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise Unreachable(str(error)) from error


def _session(found: Any) -> Session:
    intent = found.payment_intent
    return Session(
        id=found.id,
        url=found.url or "",
        status=found.status or "",
        payment_status=found.payment_status or "",
        intent_id=intent if isinstance(intent, str) or intent is None else intent.id,
        amount=None if found.amount_total is None else Money(found.amount_total, found.currency.upper()),
    )
