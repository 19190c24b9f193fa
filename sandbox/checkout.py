"""Checkout Sessions as the product opens them, checked as Stripe checks them."""

import secrets

from .store import Thing, seconds
from .stripe_wire import StripeError, metadata_of, whole
from .web import words
from .world import World

METHODS = ("alipay", "wechat_pay", "card")
PRESENTMENT = {
    "alipay": words("aud cad cny eur gbp hkd jpy myr nzd sgd usd"),
    "wechat_pay": words("aud cad chf cny dkk eur gbp hkd jpy nok sek sgd usd"),
}
ZERO_DECIMAL = words("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf")
LOCALES = words(
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR "
    "ro ru sk sl sv th tr vi zh zh-HK zh-TW"
)
KNOWN = words(
    "mode line_items payment_method_types payment_method_options client_reference_id metadata payment_intent_data "
    "success_url cancel_url expires_at locale expand currency customer customer_email customer_creation submit_type "
    "billing_address_collection ui_mode phone_number_collection adaptive_pricing automatic_tax allow_promotion_codes "
    "custom_text after_expiration invoice_creation consent_collection origin_context branding_settings _key _request"
)
DAY = 86400


def open_session(world: World, params: Thing) -> Thing:
    """Create a session. It expires after 24 hours, or when asked, half an hour from now at the earliest."""
    for name in sorted(set(params).difference(KNOWN)):
        raise StripeError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)
    if params.get("mode") != "payment":
        raise StripeError("This sandbox knows only mode=payment.", param="mode")
    lines = lines_of(params)
    currency = lines[0]["currency"]
    methods = methods_of(params, currency)
    total = sum(line["amount_total"] for line in lines)
    if total <= 0:
        raise StripeError("The total must be more than zero.", code="amount_too_small", param="line_items")
    name = "cs_test_" + secrets.token_hex(24)
    now = seconds()
    session = {
        **blank_session(),
        "id": name,
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": limited(params, "client_reference_id", 200),
        "created": now,
        "currency": currency,
        "customer_email": params.get("customer_email"),
        "expires_at": expiry_of(params, now),
        "locale": locale_of(params),
        "metadata": metadata_of(params),
        "payment_method_options": params.get("payment_method_options") or {},
        "payment_method_types": methods,
        "success_url": success_of(params),
        "url": f"{world.base_url}/stripe/pay/{name}",
    }
    kept = {"id": name, "lines": lines, "intent_metadata": metadata_of(params.get("payment_intent_data") or {})}
    world.store.put("session_private", kept)
    return keep(world, session)


def blank_session() -> Thing:
    """The fields that are the same in every new session."""
    empty = "after_expiration consent consent_collection customer customer_details invoice payment_intent payment_link"
    return {
        "object": "checkout.session",
        **dict.fromkeys(empty.split()),
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "livemode": False,
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_status": "unpaid",
        "recovered_from": None,
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }


def lines_of(params: Thing) -> list[Thing]:
    """The lines with their totals; one currency for all."""
    given = params.get("line_items")
    if not isinstance(given, list) or not given:
        raise StripeError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    lines: list[Thing] = []
    for place, line in enumerate(given):
        at = f"line_items[{place}]"
        price = line.get("price_data") if isinstance(line, dict) else None
        if not isinstance(price, dict) or "currency" not in price or "unit_amount" not in price:
            raise StripeError(f"{at} needs price_data with currency and unit_amount.", param=f"{at}[price_data]")
        product = price.get("product_data")
        if not isinstance(product, dict) or not product.get("name"):
            raise StripeError("Missing required param: name.", param=f"{at}[price_data][product_data][name]")
        unit, quantity = (
            whole(price["unit_amount"], f"{at}[unit_amount]"),
            whole(line.get("quantity", 1), f"{at}[quantity]"),
        )
        if unit < 0 or quantity < 1:
            raise StripeError("Amounts and quantities cannot be negative.", param=at)
        lines.append(
            {
                "id": "li_" + secrets.token_hex(12),
                "object": "item",
                "amount_subtotal": unit * quantity,
                "amount_total": unit * quantity,
                "currency": price["currency"].lower(),
                "description": product["name"],
                "quantity": quantity,
            }
        )
    if len({line["currency"] for line in lines}) != 1:
        raise StripeError("All prices must use the same currency.", param="line_items")
    return lines


def methods_of(params: Thing, currency: str) -> list[str]:
    """The ways to pay; a wallet takes only its own currencies, and WeChat Pay must know the client."""
    methods = params.get("payment_method_types") or ["card"]
    for method in methods:
        if method not in METHODS:
            raise StripeError(f"Invalid payment_method_types: {method}", param="payment_method_types")
        if currency not in PRESENTMENT.get(method, [currency]):
            raise StripeError(f"{method} cannot be paid in {currency}.", param="payment_method_types")
    client = ((params.get("payment_method_options") or {}).get("wechat_pay") or {}).get("client")
    if "wechat_pay" in methods and client != "web":
        param = "payment_method_options[wechat_pay][client]"
        raise StripeError("WeChat Pay in Checkout needs client=web.", code="parameter_missing", param=param)
    return list(methods)


def expiry_of(params: Thing, now: int) -> int:
    """Between 30 minutes and 24 hours after creation."""
    if "expires_at" not in params:
        return now + DAY
    at = whole(params["expires_at"], "expires_at")
    if not now + 1800 <= at <= now + DAY:
        raise StripeError(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return at


def locale_of(params: Thing) -> str | None:
    """A language Stripe has; Kinyarwanda is not one."""
    locale: str | None = params.get("locale")
    if locale is not None and locale not in LOCALES:
        raise StripeError(f"Invalid locale: {locale}", param="locale")
    return locale


def success_of(params: Thing) -> str:
    """Where the buyer goes after paying."""
    address = str(params.get("success_url", ""))
    if not address.startswith(("http://", "https://")):
        raise StripeError("Not a valid URL", code="url_invalid", param="success_url")
    return address


def limited(params: Thing, name: str, longest: int) -> str | None:
    """A text of limited length."""
    value: str | None = params.get(name)
    if value is not None and len(value) > longest:
        raise StripeError(f"{name} may have at most {longest} characters.", param=name)
    return value


def keep(world: World, session: Thing) -> Thing:
    """Store the session; while it is open its expiry is due."""
    due = float(session["expires_at"]) if session["status"] == "open" else None
    return world.store.put("session", session, parent=session["payment_intent"] or "", due=due)
