"""What a buyer does on Stripe's own page, and what the clock does when they do nothing."""

import secrets

from . import charges
from .checkout import keep
from .store import Thing, seconds
from .stripe_wire import StripeError
from .world import World

DECLINED = {"4000000000000002": "generic_decline", "4000000000009995": "insufficient_funds"}
"""Stripe's published test cards that are refused, and why; any other number is paid."""


def pay(world: World, session: Thing, *, method: str, card: str = "4242424242424242") -> Thing:
    """The buyer pays. Raises StripeError where the session is not open, or with 402 where the card is declined."""
    with world.store.transaction():
        session = still_open(world, session, method)
        if method == "card" and card in DECLINED:
            return fail(world, session, method=method, reason=DECLINED[card])
        intent = intent_of(world, session, method)
        session = keep(world, {**session, "status": "complete", "payment_intent": intent["id"]})
        return collect(world, session, intent, method=method, card=card)


def pay_later(world: World, session: Thing, *, method: str) -> Thing:
    """The buyer has done their part, but the money is not there yet: `complete` and still `unpaid`."""
    with world.store.transaction():
        session = still_open(world, session, method)
        intent = {**intent_of(world, session, method), "status": "processing"}
        world.store.put("intent", intent, parent=session["id"])
        session = keep(world, {**session, "status": "complete", "payment_intent": intent["id"]})
        charges.tell(world, "payment_intent.processing", intent, about=intent["id"])
        charges.tell(world, "checkout.session.completed", session, about=intent["id"])
        return session


def arrive(world: World, session: Thing, *, paid: bool) -> Thing:
    """The late answer to `pay_later`."""
    with world.store.transaction():
        intent = world.store.get("intent", session["payment_intent"] or "")
        if intent is None or intent["status"] != "processing":
            raise StripeError("Nothing is awaited here.")
        method = intent["payment_method_types"][0]
        if paid:
            return collect(world, session, intent, method=method, card="", late=True)
        refuse(world, session, intent, reason="generic_decline", method=method)
        charges.tell(world, "checkout.session.async_payment_failed", session, about=intent["id"])
        return session


def collect(world: World, session: Thing, intent: Thing, *, method: str, card: str, late: bool = False) -> Thing:
    """The money is there."""
    charge = charges.take(world, intent, method=method, card=card)
    paid = {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
    intent = world.store.put("intent", {**intent, **paid, "last_payment_error": None}, parent=session["id"])
    session = keep(world, {**session, "payment_status": "paid"})
    about = intent["id"]
    charges.tell(world, "charge.succeeded", charge, about=about)
    charges.tell(world, "payment_intent.succeeded", intent, about=about)
    kind = "checkout.session.async_payment_succeeded" if late else "checkout.session.completed"
    charges.tell(world, kind, session, about=about)
    return session


def fail(world: World, session: Thing, *, method: str, reason: str = "generic_decline") -> Thing:
    """The bank or the wallet says no. The session stays open and may be paid again."""
    with world.store.transaction():
        session = still_open(world, session, method)
        intent = intent_of(world, session, method)
        refuse(world, session, intent, reason=reason, method=method)
        return keep(world, {**session, "payment_intent": intent["id"]})


def refuse(world: World, session: Thing, intent: Thing, *, reason: str, method: str) -> None:
    """The intent wants another method."""
    words = "Your card was declined." if method == "card" else "The payment was not authorised by the buyer."
    error = {"code": "card_declined", "decline_code": reason, "message": words, "type": "card_error"}
    if method != "card":
        error = {"code": "payment_intent_payment_attempt_failed", "message": words, "type": "invalid_request_error"}
    changed = {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
    intent = world.store.put("intent", {**intent, **changed}, parent=session["id"])
    charges.tell(world, "payment_intent.payment_failed", intent, about=intent["id"])


def expire(world: World, session: Thing, params: Thing | None = None) -> Thing:
    """Close an open session: nobody can pay it any more."""
    with world.store.transaction():
        session = world.store.get("session", session["id"]) or session
        if session["status"] != "open":
            raise StripeError(
                'Only Checkout Sessions with a status in ["open"] can be expired. '
                f"This Checkout Session has a status of `{session['status']}`.",
                kept=True,
            )
        session = keep(world, {**session, "status": "expired", "url": None})
        charges.tell(world, "checkout.session.expired", session, about=about(session), params=params)
        return session


def about(session: Thing) -> str:
    """Under which name everything about this payment is filed."""
    return str(session["payment_intent"] or session["id"])


def still_open(world: World, session: Thing, method: str) -> Thing:
    """The session as it is now; raises StripeError where it cannot be paid, or not in this way."""
    session = world.store.get("session", session["id"]) or session
    if session["status"] != "open" or session["expires_at"] <= seconds():
        raise StripeError("This session is closed.", code="checkout_session_closed")
    if method not in session["payment_method_types"]:
        raise StripeError(f"{method} is not offered here.", param="payment_method_types")
    return session


def intent_of(world: World, session: Thing, method: str) -> Thing:
    """The PaymentIntent of this attempt; Checkout makes it when the buyer first confirms, and keeps it."""
    private = world.store.get("session_private", session["id"]) or {"intent_metadata": {}}
    known = world.store.get("intent", session["payment_intent"] or "") or {}
    name = known.get("id") or "pi_" + secrets.token_hex(12)
    intent: Thing = {
        "id": name,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "application": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{name}_secret_{secrets.token_hex(8)}",
        "confirmation_method": "automatic",
        "created": seconds(),
        "currency": session["currency"],
        "customer": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": private["intent_metadata"],
        "next_action": None,
        "processing": None,
        "receipt_email": None,
        "shipping": None,
        "transfer_group": None,
        **known,
        "payment_method": "pm_" + secrets.token_hex(12),
        "payment_method_types": [method],
        "status": "requires_confirmation",
    }
    return world.store.put("intent", intent, parent=session["id"])


def tick(world: World, now: float) -> None:
    """Sessions whose time is over expire."""
    for session in world.store.due("session", now):
        with world.store.transaction():
            known = world.store.get("session", session["id"])
            if known and known["status"] == "open":
                expire(world, known)
