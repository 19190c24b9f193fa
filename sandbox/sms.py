"""An SMS gateway: takes a message, keeps it, and shows it on the control page like a phone would."""

import hmac
import re
import secrets
import time

from .store import Thing
from .web import Answer, Request, Route, as_json, read_json
from .world import World

NUMBER = re.compile(r"\+?[0-9]{8,15}")
LONGEST_TEXT = 1530  # ten parts of 153 characters, the most that handsets join


def send_message(world: World, request: Request) -> Answer:
    """POST /sms/messages -> 202 with an id. The same `reference` again is the same message, and is not sent twice."""
    if not allowed(world, request):
        return as_json({"error": {"code": "unauthorized", "message": "Wrong or missing bearer key."}}, 401)
    asked = read_json(request)
    wrong = fault_in(asked)
    if wrong:
        return as_json({"error": {"code": "invalid", "message": wrong}}, 400)
    with world.store.transaction():
        known = world.store.get("sms_reference", asked["reference"]) if asked.get("reference") else None
        message = (known and world.store.get("sms", known["sms"])) or keep(world, asked)
    return as_json({"id": message["id"], "status": "accepted"}, 202)


def show_message(world: World, request: Request, *, name: str) -> Answer:
    """GET /sms/messages/<id>."""
    if not allowed(world, request):
        return as_json({"error": {"code": "unauthorized", "message": "Wrong or missing bearer key."}}, 401)
    message = world.store.get("sms", name)
    if message is None:
        return as_json({"error": {"code": "not_found", "message": "No such message."}}, 404)
    return as_json(message)


def keep(world: World, asked: Thing) -> Thing:
    """Deliver at once: every number here is a phone that is switched on."""
    message = {
        "id": "sms_" + secrets.token_hex(8),
        "to": plain(asked["to"]),
        "from": asked.get("from", ""),
        "text": asked["text"],
        "reference": asked.get("reference", ""),
        "status": "delivered",
        "at": time.time(),
    }
    if message["reference"]:
        world.store.put("sms_reference", {"sms": message["id"]}, name=message["reference"])
    return world.store.put("sms", message, parent=message["to"])


def plain(number: str) -> str:
    """A number as it is filed: digits only."""
    return number.lstrip("+")


def allowed(world: World, request: Request) -> bool:
    """Whether the caller knows the key."""
    return hmac.compare_digest(request.header("authorization").encode(), f"Bearer {world.keys.sms}".encode())


def fault_in(asked: object) -> str:
    """What is wrong with a message, or nothing."""
    if not isinstance(asked, dict):
        return "The body must be a JSON object."
    if not isinstance(asked.get("to"), str) or not NUMBER.fullmatch(asked["to"]):
        return "'to' must be an international number such as +250788123456."
    if not isinstance(asked.get("text"), str) or not 0 < len(asked["text"]) <= LONGEST_TEXT:
        return f"'text' must have 1 to {LONGEST_TEXT} characters."
    if not isinstance(asked.get("reference", ""), str) or not isinstance(asked.get("from", ""), str):
        return "'from' and 'reference' must be texts."
    return ""


ROUTES: list[Route] = [
    ("POST", "/sms/messages", send_message),
    ("GET", "/sms/messages/(?P<name>sms_[0-9a-f]+)", show_message),
]
