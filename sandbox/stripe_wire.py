"""Stripe's manners: bracketed forms, errors, idempotency keys, lists and `expand`, as its own library expects them."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from .store import Thing
from .web import Answer, Request, as_json
from .world import World

API_VERSION = "2026-10-28.endive"
LONGEST_KEY = 255
REFERENCES = {
    "payment_intent": "intent",
    "latest_charge": "charge",
    "charge": "charge",
    "balance_transaction": "txn",
    "source": "charge",
}
"""Fields that hold an id, and the kind of thing behind it."""


class StripeError(Exception):
    """An answer that is an error. `kept`: an idempotency key remembers it; it forgets what failed validation."""

    def __init__(
        self, message: str, *, status: int = 400, type: str = "invalid_request_error", kept: bool = False, **more: str
    ) -> None:
        """`more` is `code`, `param`, `decline_code`."""
        super().__init__(message)
        self.status, self.kept = status, kept
        self.body: Thing = {"error": {**more, "message": message, "type": type}}


def answer(world: World, request: Request, endpoint: Callable[[World, Thing], Thing]) -> Answer:
    """Run an endpoint the way Stripe does: who asks, was it asked before, and only then do it."""
    number = "req_" + secrets.token_hex(7)
    try:
        require_key(world, request)
        params = decode(request.query if request.method == "GET" else request.body.decode("utf-8", "replace"))
        with world.store.transaction():
            return once(world, request, number, params, endpoint)
    except StripeError as error:
        return as_json(error.body, error.status, Request_Id=number, Stripe_Version=API_VERSION)


def once(
    world: World, request: Request, number: str, params: Thing, endpoint: Callable[[World, Thing], Thing]
) -> Answer:
    """The stored answer where this key has been used, else the endpoint's, stored. Other parameters are refused."""
    key = request.header("idempotency-key") if request.method == "POST" else ""
    if len(key) > LONGEST_KEY:
        raise StripeError(f"Idempotency keys may have at most {LONGEST_KEY} characters.", code="parameter_invalid")
    print_of = hashlib.sha256(json.dumps([request.path, params], sort_keys=True).encode()).hexdigest()
    headers = {"Request_Id": number, "Stripe_Version": API_VERSION}
    before = world.store.get("idempotency", key) if key else None
    if before and before["print"] != print_of:
        raise StripeError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    if before:
        replay = {"Idempotency_Key": key, "Idempotent_Replayed": "true", "Original_Request": before["request"]}
        return as_json(before["body"], before["status"], **headers, **replay)
    status, body = 200, {}
    try:
        body = endpoint(world, {**params, "_key": key, "_request": number})
        body = expand(world, body, params.get("expand") or [])
    except StripeError as error:
        if not error.kept:
            raise
        status, body = error.status, error.body
    if key:
        known = {"print": print_of, "status": status, "body": body, "request": number}
        world.store.put("idempotency", known, name=key)
        headers["Idempotency_Key"] = key
    return as_json(body, status, **headers)


def require_key(world: World, request: Request) -> None:
    """The secret key as a bearer, or as the user name of Basic."""
    scheme, _, given = request.header("authorization").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    if not given:
        raise StripeError("You did not provide an API key.", status=401)
    if not hmac.compare_digest(given.encode(), world.keys.stripe.encode()):
        raise StripeError(f"Invalid API Key provided: {given[:8]}****", status=401)


def decode(form: str) -> Thing:
    """`a[b][0][c]=d` as nested objects; an object whose names are 0, 1, 2 … is a list, and so is `a[]`."""
    tree: Thing = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        steps = name.replace("]", "").split("[")
        here = tree
        for step in steps[:-1]:
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise StripeError(f"Invalid object: {name}", param=name)
        here[steps[-1] or str(len(here))] = value
    return {name: listed(value) for name, value in tree.items()}


def listed(value: Any) -> Any:
    """Objects numbered from 0 become lists, at every depth."""
    if not isinstance(value, dict):
        return value
    inner = {name: listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def expand(world: World, body: Thing, paths: Iterable[str]) -> Thing:
    """Put the thing in place of its id along each path, as `latest_charge.balance_transaction`; `data.` for lists."""
    for path in paths:
        expand_one(world, body, path.split("."))
    return body


def expand_one(world: World, body: Thing, steps: list[str]) -> None:
    """One path of `expand`."""
    step, rest = steps[0], steps[1:]
    if step == "data" and body.get("object") == "list":
        for each in body["data"]:
            expand_one(world, each, rest)
        return
    if step not in body:
        raise StripeError(f"This property cannot be expanded ({step}).", param="expand")
    if step in REFERENCES and isinstance(body[step], str):
        body[step] = world.store.get(REFERENCES[step], body[step])
    if rest and isinstance(body[step], dict):
        expand_one(world, body[step], rest)


def page_of(things: list[Thing], params: Thing, address: str) -> Thing:
    """Stripe's list, newest first, by `limit`, `starting_after` and `ending_before`."""
    limit = whole(params.get("limit", "10"), "limit")
    if not 1 <= limit <= 100:
        raise StripeError("limit must be between 1 and 100", param="limit", code="parameter_invalid_integer")
    names = [thing["id"] for thing in things]
    more = False
    if before := params.get("ending_before"):
        newer = things[: names.index(before)] if before in names else []
        more, things = len(newer) > limit, newer[-limit:]
    else:
        after = params.get("starting_after")
        older = things[names.index(after) + 1 :] if after in names else ([] if after else things)
        more, things = len(older) > limit, older[:limit]
    return {"object": "list", "data": things, "has_more": more, "url": address}


def found(world: World, kind: str, name: str, called: str, param: str = "id", status: int = 404) -> Thing:
    """The thing, or Stripe's `resource_missing`."""
    thing = world.store.get(kind, name)
    if thing is None:
        raise StripeError(f"No such {called}: '{name}'", status=status, code="resource_missing", param=param)
    return thing


def whole(value: object, param: str) -> int:
    """An integer out of a form."""
    text = str(value)
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 15:
        raise StripeError(f"Invalid integer: {text}", param=param, code="parameter_invalid_integer")
    return int(text)


def metadata_of(params: Thing, param: str = "metadata") -> dict[str, str]:
    """Up to 50 pairs, names up to 40 characters, values up to 500."""
    given = params.get("metadata") or {}
    if not isinstance(given, dict) or len(given) > 50:
        raise StripeError("Metadata takes up to 50 keys.", param=param)
    for name, value in given.items():
        if len(name) > 40 or not isinstance(value, str) or len(value) > 500:
            raise StripeError(f"Metadata '{name[:40]}': names up to 40, values up to 500 characters.", param=param)
    return given
