"""Stripe's API under /stripe: `StripeClient(key, base_addresses={"api": ".../stripe"})` talks to it unchanged."""

from collections.abc import Callable

from . import charges, checkout, paying
from .store import Thing
from .stripe_wire import StripeError, answer, found, metadata_of, page_of, whole
from .web import Answer, Request, Route
from .webhooks import was_delivered
from .world import World

KINDS = {
    "checkout/sessions": ("session", "checkout.session"),
    "payment_intents": ("intent", "payment_intent"),
    "charges": ("charge", "charge"),
    "refunds": ("refund", "refund"),
    "balance_transactions": ("txn", "balance transaction"),
    "disputes": ("dispute", "dispute"),
}
FILTERS = ("payment_intent", "charge", "status", "source", "type", "currency")
MOST = 5000


def endpoint(do: Callable[..., Thing]) -> Callable[..., Answer]:
    """Make a handler of `do(world, params, **groups)`."""

    def handle(world: World, request: Request, **groups: str) -> Answer:
        return answer(world, request, lambda place, params: do(place, params, **groups))

    return handle


def create_session(world: World, params: Thing) -> Thing:
    """POST /v1/checkout/sessions."""
    return with_lines(world, params, checkout.open_session(world, params))


def with_lines(world: World, params: Thing, session: Thing) -> Thing:
    """The lines come along only where `expand[]=line_items` asks for them."""
    if "line_items" not in (params.get("expand") or []):
        return session
    return {**session, "line_items": session_lines(world, {"limit": "100"}, name=session["id"])}


def expire_session(world: World, params: Thing, *, name: str) -> Thing:
    """POST /v1/checkout/sessions/<id>/expire."""
    return paying.expire(world, found(world, "session", name, "checkout.session", "session"), params)


def session_lines(world: World, params: Thing, *, name: str) -> Thing:
    """GET /v1/checkout/sessions/<id>/line_items."""
    private = found(world, "session_private", name, "checkout.session", "session")
    return page_of(private["lines"], params, f"/v1/checkout/sessions/{name}/line_items")


def retrieve(world: World, params: Thing, *, noun: str, name: str) -> Thing:
    """GET /v1/<noun>/<id>."""
    kind, called = KINDS[noun]
    thing = found(world, kind, name, called, called.rpartition(".")[2].replace(" ", "_"))
    return with_lines(world, params, thing) if kind == "session" else thing


def listing(world: World, params: Thing, *, noun: str) -> Thing:
    """GET /v1/<noun>, filtered by what the things themselves say."""
    wanted = {name: params[name] for name in FILTERS if name in params}
    things = [
        thing
        for thing in world.store.newest(KINDS[noun][0], MOST)
        if all(thing.get(name) == value for name, value in wanted.items()) and in_time(thing, params)
    ]
    return page_of(things, params, f"/v1/{noun}")


def in_time(thing: Thing, params: Thing) -> bool:
    """Whether `created`, `created[gte]` and their kind hold."""
    bounds = params.get("created") or {}
    if isinstance(bounds, str):
        bounds = {"gte": bounds, "lte": bounds}
    tests: dict[str, Callable[[int, int], bool]] = {
        "gt": int.__gt__,
        "gte": int.__ge__,
        "lt": int.__lt__,
        "lte": int.__le__,
    }
    return all(
        tests[name](thing["created"], whole(value, "created")) for name, value in bounds.items() if name in tests
    )


def create_refund(world: World, params: Thing) -> Thing:
    """POST /v1/refunds by `payment_intent` or `charge`; all that is left where no amount is given."""
    if params.get("reason") not in {None, *charges.REASONS}:
        raise StripeError("Invalid reason.", param="reason")
    metadata = metadata_of(params)
    if "charge" in params:
        charge = found(world, "charge", params["charge"], "charge", "charge", 400)
    elif "payment_intent" in params:
        intent = found(world, "intent", params["payment_intent"], "payment_intent", "payment_intent", 400)
        if intent["status"] != "succeeded":
            message = "This PaymentIntent does not have a successful charge to refund."
            raise StripeError(message, code="payment_intent_unexpected_state", kept=True)
        charge = found(world, "charge", intent["latest_charge"], "charge")
    else:
        raise StripeError("One of the following params should be provided: payment_intent or charge.")
    amount = whole(params["amount"], "amount") if "amount" in params else None
    return charges.refund(world, charge, params, amount=amount, metadata=metadata)


def event_shown(world: World, event: Thing) -> Thing:
    """An event as Stripe shows it; `pending_webhooks` falls to 0 once the product has taken it."""
    public = {name: value for name, value in event.items() if name != "about"}
    return {**public, "pending_webhooks": 0 if was_delivered(world, event) else 1}


def retrieve_event(world: World, params: Thing, *, name: str) -> Thing:
    """GET /v1/events/<id>."""
    return event_shown(world, found(world, "event", name, "event"))


def list_events(world: World, params: Thing) -> Thing:
    """GET /v1/events by `type`, `types[]`, `created` and `delivery_success`."""
    types = set(params.get("types") or ([params["type"]] if "type" in params else []))
    events = [
        event_shown(world, event)
        for event in world.store.newest("event", MOST)
        if (not types or event["type"] in types) and in_time(event, params)
    ]
    if "delivery_success" in params:
        wanted = params["delivery_success"] == "true"
        events = [event for event in events if (event["pending_webhooks"] == 0) == wanted]
    return page_of(events, params, "/v1/events")


def balance(world: World, params: Thing) -> Thing:
    """GET /v1/balance: what was taken, less fees and refunds, by currency. Nothing is ever paid out to a bank here."""
    sums: dict[str, int] = {}
    for line in world.store.newest("txn", 1_000_000):
        sums[line["currency"]] = sums.get(line["currency"], 0) + line["net"]
    pending = [
        {"amount": amount, "currency": currency, "source_types": {}} for currency, amount in sorted(sums.items())
    ]
    return {"object": "balance", "available": [], "livemode": False, "pending": pending}


def unknown(world: World, params: Thing, *, rest: str) -> Thing:
    """Any other address."""
    raise StripeError(f"Unrecognized request URL (/{rest}).", status=404)


NOUNS = "|".join(KINDS)

ROUTES: list[Route] = [
    ("POST", "/stripe/v1/checkout/sessions", endpoint(create_session)),
    ("POST", "/stripe/v1/checkout/sessions/(?P<name>[^/]+)/expire", endpoint(expire_session)),
    ("GET", "/stripe/v1/checkout/sessions/(?P<name>[^/]+)/line_items", endpoint(session_lines)),
    ("POST", "/stripe/v1/refunds", endpoint(create_refund)),
    ("GET", "/stripe/v1/events", endpoint(list_events)),
    ("GET", "/stripe/v1/events/(?P<name>[^/]+)", endpoint(retrieve_event)),
    ("GET", "/stripe/v1/balance", endpoint(balance)),
    ("GET", f"/stripe/v1/(?P<noun>{NOUNS})", endpoint(listing)),
    ("GET", f"/stripe/v1/(?P<noun>{NOUNS})/(?P<name>[^/]+)", endpoint(retrieve)),
    ("GET", "/stripe/(?P<rest>v1/.*)", endpoint(unknown)),
    ("POST", "/stripe/(?P<rest>v1/.*)", endpoint(unknown)),
]
