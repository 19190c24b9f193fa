"""Webhooks out: a journal of what is owed to the product, and the courier that brings it until it is taken.

Senders promise at least once and promise no order, so nothing here tries to be kinder than that.
"""

import hashlib
import hmac
import http.client
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .store import Thing
from .world import World

GIVE_UP_AFTER = 3 * 24 * 3600
LONGEST_WAIT = 60.0
LONGEST_ANSWER = 15.0

PATHS = {"stripe": "/webhooks/stripe/", "17track": "/webhooks/17track/", "momo": "/webhooks/momo/"}

Post = Callable[[str, str, bytes, dict[str, str]], int]
"""`post(method, address, body, headers)` -> status."""


def owe(world: World, *, service: str, about: str, type: str, body: str, event: str = "", **more: Any) -> Thing:
    """Write down one delivery. `more`: `path`, `method`, `retry=False` for a sender that tries once."""
    now = time.time()
    delay = float(world.store.take("delay_next_webhook") or 0)
    record = {
        "id": "wh_" + secrets.token_hex(8),
        "service": service,
        "about": about,
        "event": event,
        "type": type,
        "method": "POST",
        "path": PATHS[service],
        "retry": True,
        "body": body,
        "created": now,
        "status": "waiting",
        "tries": [],
        **more,
    }
    world.store.put("webhook", record, parent=about, due=now + delay)
    world.bell.ring()
    return record


def repeat(world: World, record: Thing, *, times: int = 1) -> list[Thing]:
    """Send the same thing again, word for word, as a sender that lost our answer would."""
    kept = ("service", "about", "type", "body", "event", "path", "method", "retry")
    return [owe(world, **{name: record[name] for name in kept}) for _ in range(times)]


def out_of_order(world: World, about: str) -> list[Thing]:
    """Send everything about one thing again, newest first."""
    seen: dict[str, Thing] = {record["body"]: record for record in world.store.of("webhook", about)}
    return [again for record in reversed(list(seen.values())) for again in repeat(world, record)]


def signature_headers(world: World, record: Thing, now: float) -> dict[str, str]:
    """The sender's own headers. Stripe signs the time with the body; 17TRACK hashes `body/key`; MTN signs nothing."""
    body = record["body"]
    if record["service"] == "stripe":
        signed = f"{int(now)}.{body}".encode()
        digest = hmac.new(world.keys.stripe_webhook.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": f"t={int(now)},v1={digest}",
        }
    if record["service"] == "17track":
        return {"Content-Type": "application/json", "sign": track17_sign(body.encode(), world.keys.track17)}
    return {"Content-Type": "application/json"}


def track17_sign(raw: bytes, key: str) -> str:
    """17TRACK's `sign`: SHA-256 over the raw body, a slash and the key. A plain hash, not an HMAC."""
    return hashlib.sha256(raw + b"/" + key.encode()).hexdigest()


def deliver_due(world: World, *, post: Post | None = None, now: float | None = None) -> int:
    """Bring what is due, in order, and write down each answer. Returns how many were tried."""
    if world.store.setting("webhooks_held"):
        return 0
    due = world.store.due("webhook", time.time() if now is None else now)
    for record in due:
        deliver(world, record, post=post or over_http)
    return len(due)


def deliver(world: World, record: Thing, *, post: Post) -> int:
    """One attempt. Anything but 2xx, and no answer at all, is tried again later."""
    now = time.time()
    headers = signature_headers(world, record, now)
    status, error = 0, ""
    try:
        status = post(record["method"], world.app_url + record["path"], record["body"].encode(), headers)
    except (OSError, http.client.HTTPException) as trouble:
        error = f"{type(trouble).__name__}: {trouble}"
    record["tries"].append({"at": now, "answer": status, "error": error})
    due = None
    if 200 <= status < 300:
        record["status"] = "delivered"
    elif record["retry"] and now - record["created"] < GIVE_UP_AFTER:
        record["status"], due = "retrying", now + min(2.0 ** (len(record["tries"]) - 1), LONGEST_WAIT)
    else:
        record["status"] = "failed"
    world.store.put("webhook", record, parent=record["about"], due=due)
    return status


def over_http(method: str, address: str, body: bytes, headers: dict[str, str]) -> int:
    """POST to the product, on this machine, following nothing."""
    parts = urlsplit(address)
    link = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=LONGEST_ANSWER)
    try:
        link.request(method, parts.path, body, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()


def was_delivered(world: World, event: Thing) -> bool:
    """Whether the product has taken this Stripe event at least once."""
    return any(
        record["event"] == event["id"] and record["status"] == "delivered"
        for record in world.store.of("webhook", event["about"])
    )


def compact(body: Any) -> str:
    """JSON without spaces, as 17TRACK and MTN send it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
