"""MTN MoMo disbursement under /momo: money to a phone number, answered with "maybe" and later with the truth."""

import base64
import hmac
import re
import secrets
import time
import uuid
from urllib.parse import urlsplit

from .store import Thing
from .web import Answer, Request, Route, as_json, read_json, words
from .webhooks import compact, owe
from .world import World

TOKEN_LIVES = 3600
CURRENCIES = {"mtnrwanda": "RWF", "sandbox": "EUR"}
PLAIN_TEXT = re.compile(r"[A-Za-z0-9 .,_-]{0,160}")
REASONS = words(
    "PAYEE_NOT_FOUND NOT_ENOUGH_FUNDS PAYER_LIMIT_REACHED PAYEE_NOT_ALLOWED_TO_RECEIVE NOT_ALLOWED "
    "NOT_ALLOWED_TARGET_ENVIRONMENT INVALID_CALLBACK_URL_HOST INVALID_CURRENCY SERVICE_UNAVAILABLE "
    "INTERNAL_PROCESSING_ERROR COULD_NOT_PERFORM_TRANSACTION TRANSFER_TYPE_UNKNOWN REJECTED EXPIRED ONGOING DELAYED"
)
ENDINGS = {
    "50": "INTERNAL_PROCESSING_ERROR",
    "51": "REJECTED",
    "52": "EXPIRED",
    "53": "ONGOING",
    "54": "DELAYED",
    "55": "NOT_ENOUGH_FUNDS",
    "56": "PAYER_LIMIT_REACHED",
    "57": "PAYEE_NOT_FOUND",
    "58": "NOT_ALLOWED",
    "59": "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "60": "INVALID_CALLBACK_URL_HOST",
    "61": "INVALID_CURRENCY",
    "62": "INTERNAL_PROCESSING_ERROR",
    "63": "SERVICE_UNAVAILABLE",
    "64": "TRANSFER_TYPE_UNKNOWN",
}
"""Last two digits of MTN's published test numbers 46733123450 to …64, and of Rwandan twins 250780003450 to …64."""
MAGIC = re.compile(r"(?:467331234|2507800034)([56][0-9])")
STILL_OPEN = {"ONGOING", "DELAYED"}
SUBSCRIBER = re.compile(r"(?:46733[0-9]{6}|2507[89][0-9]{7})")
OPENING_BALANCE = 50_000_000
GIVEN = words("Aline Claudine Divine Eric Grace Jean Josiane Olivier Patrick Solange")
FAMILY = words("Habimana Ingabire Mukamana Mugisha Ndayisaba Niyonzima Nshimiyimana Umutoni Uwase Uwimana")


def give_token(world: World, request: Request) -> Answer:
    """POST /disbursement/token/ with Basic user:key and the subscription key -> a bearer for an hour."""
    pair = base64.b64encode(f"{world.keys.momo_user}:{world.keys.momo_api}".encode())
    if not subscribed(world, request):
        return no_subscription()
    if not hmac.compare_digest(request.header("authorization").encode(), b"Basic " + pair):
        return as_json({"error": "login_failed"}, 401)
    token = secrets.token_urlsafe(32)
    world.store.put("momo_token", {"until": time.time() + TOKEN_LIVES}, name=token)
    return as_json({"access_token": token, "token_type": "access_token", "expires_in": TOKEN_LIVES})


def guarded(world: World, request: Request) -> Answer | None:
    """The refusal of a caller without subscription key or fresh bearer, else None."""
    if not subscribed(world, request):
        return no_subscription()
    scheme, _, token = request.header("authorization").partition(" ")
    known = world.store.get("momo_token", token) if scheme == "Bearer" else None
    if known is None or known["until"] < time.time():
        return as_json({"error": "invalid_token", "error_description": "Token is missing or expired."}, 401)
    if request.header("x-target-environment") not in CURRENCIES:
        return problem(500, "NOT_ALLOWED_TARGET_ENVIRONMENT", "Access to target environment is forbidden.")
    return None


def start_transfer(world: World, request: Request) -> Answer:
    """POST /disbursement/v1_0/transfer -> 202 and an empty body; the same X-Reference-Id again -> 409."""
    refusal = guarded(world, request)
    if refusal:
        return refusal
    reference, callback = request.header("x-reference-id"), request.header("x-callback-url")
    asked = read_json(request)
    wrong = fault_in(asked, reference)
    if wrong:
        return problem(400, "BAD_REQUEST", wrong)
    if asked["currency"] != CURRENCIES[request.header("x-target-environment")]:
        return problem(400, "INVALID_CURRENCY", "Currency not supported.")
    if callback and urlsplit(callback).netloc != urlsplit(world.app_url).netloc:
        return problem(500, "INVALID_CALLBACK_URL_HOST", "The callback host is not the registered one.")
    with world.store.transaction():
        if world.store.get("transfer", reference):
            return problem(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id. Creation of resource failed.")
        begin(world, reference, asked, callback)
    return Answer(202)


def begin(world: World, reference: str, asked: Thing, callback: str) -> Thing:
    """Keep the transfer as PENDING; what will become of it is known already, unless somebody decides otherwise."""
    magic = MAGIC.fullmatch(asked["payee"]["partyId"])
    outcome = world.store.take("fail_next_payout") or (ENDINGS.get(magic[1], "") if magic else "")
    names = ("amount", "currency", "externalId", "payee", "payerMessage", "payeeNote")
    transfer: Thing = {
        "id": reference,
        "outcome": outcome,
        "callback": callback,
        "at": time.time(),
        "shown": {**{name: asked[name] for name in names if name in asked}, "status": "PENDING"},
    }
    if outcome in STILL_OPEN:
        transfer["shown"]["reason"] = outcome
    due = None if outcome in STILL_OPEN else time.time() + world.momo_delay
    world.store.put("transfer", transfer, due=due)
    world.bell.ring()
    return transfer


def settle(world: World, reference: str, status: str, reason: str = "") -> Thing:
    """SUCCESSFUL or FAILED, for good. Raises KeyError for an unknown reference."""
    with world.store.transaction():
        transfer = world.store.get("transfer", reference)
        if transfer is None:
            raise KeyError(reference)
        if transfer["shown"]["status"] != "PENDING":
            return transfer
        if status == "SUCCESSFUL" and amount_of(transfer) > balance(world):
            status, reason = "FAILED", "NOT_ENOUGH_FUNDS"
        transfer["shown"].pop("reason", None)
        transfer["shown"]["status"] = status
        if status == "FAILED":
            transfer["shown"]["reason"] = reason or "INTERNAL_PROCESSING_ERROR"
        else:
            transfer["shown"]["financialTransactionId"] = str(secrets.randbelow(9 * 10**8) + 10**8)
            world.store.set("momo_balance", balance(world) - amount_of(transfer))
        world.store.put("transfer", transfer)
        if transfer["callback"]:
            more: Thing = {"path": urlsplit(transfer["callback"]).path, "method": "PUT", "retry": False}
            owe(world, service="momo", about=reference, type=status, body=compact(transfer["shown"]), **more)
        return transfer


def show_transfer(world: World, request: Request, *, reference: str) -> Answer:
    """GET /disbursement/v1_0/transfer/<reference>."""
    transfer = world.store.get("transfer", reference)
    missing = problem(404, "RESOURCE_NOT_FOUND", "Requested resource was not found.")
    return guarded(world, request) or (as_json(transfer["shown"]) if transfer else missing)


def show_balance(world: World, request: Request) -> Answer:
    """GET /disbursement/v1_0/account/balance."""
    refusal = guarded(world, request)
    currency = CURRENCIES.get(request.header("x-target-environment"))
    return refusal or as_json({"availableBalance": str(balance(world)), "currency": currency})


def show_active(world: World, request: Request, *, number: str) -> Answer:
    """GET /disbursement/v1_0/accountholder/msisdn/<number>/active: whether MTN knows the number (078, 079)."""
    return guarded(world, request) or as_json({"result": is_active(world, number)})


def show_holder(world: World, request: Request, *, number: str) -> Answer:
    """GET …/basicuserinfo: the name the number is registered under."""
    refusal = guarded(world, request)
    if refusal:
        return refusal
    if not is_active(world, number):
        return problem(404, "RESOURCE_NOT_FOUND", "Account holder not found.")
    given, _, family = holder(world, number).partition(" ")
    name = {"given_name": given, "family_name": family, "name": f"{given} {family}".strip()}
    return as_json({**name, "sub": number, "locale": "rw_RW", "status": "ACTIVE"})


def holder(world: World, number: str) -> str:
    """The name set on the control page, else one that belongs to the number's digits for ever."""
    made_up = f"{GIVEN[int(number[-1])]} {FAMILY[int(number[-2])]}"
    return str(world.store.setting(f"holder:{number}", made_up))


def is_active(world: World, number: str) -> bool:
    """MTN's Rwandan prefixes, its test numbers, and not those switched off."""
    return bool(SUBSCRIBER.fullmatch(number)) and not world.store.setting(f"inactive:{number}")


def balance(world: World) -> int:
    """What is left on the payer's wallet, in whole francs."""
    return int(world.store.setting("momo_balance", OPENING_BALANCE))


def amount_of(transfer: Thing) -> int:
    """The amount in whole units."""
    return int(float(transfer["shown"]["amount"]))


def fault_in(asked: object, reference: str) -> str:
    """What MTN would not take, or nothing."""
    try:
        if uuid.UUID(reference).version != 4 or str(uuid.UUID(reference)) != reference.lower():
            return "X-Reference-Id must be a UUID version 4."
    except ValueError:
        return "X-Reference-Id must be a UUID version 4."
    if not isinstance(asked, dict) or not isinstance(asked.get("payee"), dict):
        return "The body must be a JSON object with a payee."
    whole = r"[1-9][0-9]{0,11}" if asked.get("currency") == "RWF" else r"[0-9]{1,12}(\.[0-9]{1,2})?"
    if not re.fullmatch(whole, str(asked.get("amount", ""))) or not isinstance(asked.get("amount"), str):
        return "amount must be a text of digits; francs have no decimals."
    if not isinstance(asked.get("currency"), str) or not isinstance(asked.get("externalId"), str):
        return "currency and externalId are needed."
    payee = asked["payee"]
    if payee.get("partyIdType") != "MSISDN" or not re.fullmatch(r"[0-9]{8,15}", str(payee.get("partyId", ""))):
        return "The payee must be an MSISDN of digits only."
    if not all(PLAIN_TEXT.fullmatch(str(asked.get(name, ""))) for name in ("payerMessage", "payeeNote")):
        return "payerMessage and payeeNote take up to 160 plain letters, digits, spaces and . , - _"
    return ""


def subscribed(world: World, request: Request) -> bool:
    """Whether the subscription key is ours."""
    given = request.header("ocp-apim-subscription-key")
    return hmac.compare_digest(given.encode(), world.keys.momo_subscription.encode())


def no_subscription() -> Answer:
    """The gateway's own refusal."""
    return as_json({"statusCode": 401, "message": "Access denied due to invalid or missing subscription key."}, 401)


def problem(status: int, code: str, message: str) -> Answer:
    """MTN's error body."""
    return as_json({"code": code, "message": message}, status)


def tick(world: World, now: float) -> None:
    """Transfers whose moment has come end as they were bound to."""
    for transfer in world.store.due("transfer", now):
        reason = transfer["outcome"]
        settle(world, transfer["id"], "FAILED" if reason else "SUCCESSFUL", reason)


HOLDER = "/momo/disbursement/v1_0/accountholder/(?:msisdn|MSISDN)/(?P<number>[0-9]{8,15})"
ROUTES: list[Route] = [
    ("POST", "/momo/disbursement/token/", give_token),
    ("POST", "/momo/disbursement/v1_0/transfer", start_transfer),
    ("GET", "/momo/disbursement/v1_0/transfer/(?P<reference>[^/]+)", show_transfer),
    ("GET", "/momo/disbursement/v1_0/account/balance", show_balance),
    ("GET", f"{HOLDER}/active", show_active),
    ("GET", f"{HOLDER}/basicuserinfo", show_holder),
]
