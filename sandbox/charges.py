"""Money at Stripe once taken: charges, refunds, disputes, the balance they move, and the events that tell of it."""

import json
import secrets
import time

from .store import Thing, seconds
from .stripe_wire import API_VERSION, StripeError
from .webhooks import owe
from .world import World

REASONS = {"duplicate", "fraudulent", "requested_by_customer"}
WALLETS = {"alipay", "wechat_pay"}


def tell(world: World, type: str, thing: Thing, *, about: str, params: Thing | None = None, **before: object) -> Thing:
    """Write an event with the thing as it is now (and what changed, from `before`), and owe the product a webhook."""
    asked = params or {}
    event: Thing = {
        "id": "evt_" + secrets.token_hex(12),
        "object": "event",
        "api_version": API_VERSION,
        "created": seconds(),
        "data": {"object": thing, **({"previous_attributes": before} if before else {})},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": asked.get("_request"), "idempotency_key": asked.get("_key") or None},
        "type": type,
    }
    world.store.put("event", {**event, "about": about}, parent=about)
    body = json.dumps(event, ensure_ascii=False, indent=2)
    owe(world, service="stripe", about=about, event=event["id"], type=type, body=body)
    return event


def take(world: World, intent: Thing, *, method: str, card: str) -> Thing:
    """A charge that succeeded, and its line on the balance. The fee is 2.9 % and 30 minor units."""
    name = ("ch_" if method == "card" else "py_") + secrets.token_hex(12)
    amount, currency = intent["amount"], intent["currency"]
    fee = min(amount, (amount * 29 + 500) // 1000 + 30)
    charge: Thing = {
        "id": name,
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "balance_transaction": enter(world, amount, currency, kind="charge", source=name, fee=fee)["id"],
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "captured": True,
        "created": seconds(),
        "currency": currency,
        "customer": None,
        "description": None,
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": {"network_status": "approved_by_network", "risk_level": "normal", "type": "authorized"},
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": details_of(method, card),
        "receipt_url": None,
        "refunded": False,
        "status": "succeeded",
    }
    return world.store.put("charge", charge, parent=intent["id"])


def details_of(method: str, card: str) -> Thing:
    """How it was paid."""
    if method == "card":
        paid_by = {"brand": "visa", "country": "CN", "exp_month": 12, "exp_year": 2034, "last4": card[-4:] or "4242"}
        return {"type": "card", "card": {**paid_by, "funding": "debit", "network": "visa"}}
    paid = {"fingerprint": None, "transaction_id": time.strftime("%Y%m%d") + secrets.token_hex(8)}
    return {"type": method, method: {**paid, **({"buyer_id": None} if method == "alipay" else {})}}


def enter(world: World, amount: int, currency: str, *, kind: str, source: str, fee: int = 0) -> Thing:
    """A line on the balance."""
    about = {"amount": fee, "application": None, "currency": currency, "description": "Stripe processing fees"}
    line: Thing = {
        "id": "txn_" + secrets.token_hex(12),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": seconds() + 7 * 86400,
        "balance_type": "payments",
        "created": seconds(),
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{**about, "type": "stripe_fee"}] if fee else [],
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "pending",
        "type": kind,
    }
    return world.store.put("txn", line, parent=source)


def refund(world: World, charge: Thing, params: Thing, *, amount: int | None, metadata: dict[str, str]) -> Thing:
    """Give money back, never more than is left. A card's refund succeeds at once, a wallet's a moment later."""
    left = charge["amount"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded", kept=True)
    if charge["disputed"]:
        raise StripeError(f"Charge {charge['id']} is disputed.", code="charge_disputed", kept=True)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise StripeError(message, param="amount", kept=amount > 0)
    name = "re_" + secrets.token_hex(12)
    wallet = charge["payment_method_details"]["type"] in WALLETS
    new: Thing = {
        "id": name,
        "object": "refund",
        "amount": amount,
        "balance_transaction": enter(world, -amount, charge["currency"], kind="refund", source=name)["id"],
        "charge": charge["id"],
        "created": seconds(),
        "currency": charge["currency"],
        "destination_details": {"type": charge["payment_method_details"]["type"]},
        "failure_reason": None,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "status": "pending" if wallet else "succeeded",
    }
    due = time.time() + world.refund_delay if wallet else None
    world.store.put("refund", new, parent=charge["id"], due=due)
    about = charge["payment_intent"]
    charge = change_refunded(world, charge, amount)
    tell(world, "refund.created", new, about=about, params=params)
    tell(
        world, "charge.refunded", charge, about=about, params=params, amount_refunded=charge["amount_refunded"] - amount
    )
    world.bell.ring()
    return new


def change_refunded(world: World, charge: Thing, by: int) -> Thing:
    """The charge with more, or less, of it given back."""
    given = charge["amount_refunded"] + by
    charge = {**charge, "amount_refunded": given, "refunded": given == charge["amount"]}
    return world.store.put("charge", charge, parent=charge["payment_intent"])


def settle_refund(world: World, name: str, status: str = "succeeded") -> Thing:
    """The wallet's answer: `succeeded`, or `failed`, which puts the money back on our balance."""
    with world.store.transaction():
        known = world.store.get("refund", name)
        if known is None or known["status"] == status or known["status"] == "failed":
            return known or {}
        was, known["status"] = known["status"], status
        if status == "failed":
            known["failure_reason"] = "expired_or_canceled_card"
            back = enter(world, known["amount"], known["currency"], kind="refund_failure", source=name)
            known["failure_balance_transaction"] = back["id"]
            charge = world.store.get("charge", known["charge"])
            change_refunded(world, charge or {}, -known["amount"])
        world.store.put("refund", known, parent=known["charge"])
        tell(world, "refund.updated", known, about=known["payment_intent"], status=was)
        if status == "failed":
            tell(world, "refund.failed", known, about=known["payment_intent"])
        return known


def dispute(world: World, charge: Thing, reason: str = "fraudulent") -> Thing:
    """The buyer's bank takes a card payment back and asks for proof within a week. Wallets have no disputes."""
    with world.store.transaction():
        if charge["disputed"] or charge["payment_method_details"]["type"] in WALLETS:
            raise StripeError("Only a card payment can be disputed, and only once.")
        name = "du_" + secrets.token_hex(12)
        line = enter(world, -charge["amount"], charge["currency"], kind="adjustment", source=name, fee=1500)
        new: Thing = {
            "id": name,
            "object": "dispute",
            "amount": charge["amount"],
            "balance_transactions": [line],
            "charge": charge["id"],
            "created": seconds(),
            "currency": charge["currency"],
            "evidence": {},
            "evidence_details": {"due_by": seconds() + 7 * 86400, "has_evidence": False, "submission_count": 0},
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "status": "needs_response",
        }
        world.store.put("dispute", new, parent=charge["id"])
        world.store.put("charge", {**charge, "disputed": True}, parent=charge["payment_intent"])
        tell(world, "charge.dispute.created", new, about=charge["payment_intent"])
        tell(world, "charge.dispute.funds_withdrawn", new, about=charge["payment_intent"])
        return new


def close_dispute(world: World, name: str, status: str) -> Thing:
    """The bank decides: `won` brings the money back, `lost` does not."""
    with world.store.transaction():
        known = world.store.get("dispute", name) or {}
        if known.get("status") != "needs_response":
            return known
        was, known["status"] = known["status"], status
        about = known["payment_intent"]
        if status == "won":
            line = enter(world, known["amount"], known["currency"], kind="adjustment", source=name)
            known["balance_transactions"].append(line)
            tell(world, "charge.dispute.funds_reinstated", known, about=about)
        world.store.put("dispute", known, parent=known["charge"])
        tell(world, "charge.dispute.closed", known, about=about, status=was)
        return known


def tick(world: World, now: float) -> None:
    """Refunds whose moment has come succeed."""
    for known in world.store.due("refund", now):
        settle_refund(world, known["id"])
