"""Quotes: one honest price for a cart to a place in China, good for thirty minutes and then frozen into the order.

The whole breakdown is kept as JSON, so that what a buyer saw can be shown again when rules, rates and prices moved on.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from catalog import prices
from catalog.models import ExchangeRate, Product, Variant
from kernel.refusals import Refusal
from orders import limits
from orders.models import Order
from orders.terms import LineTerms, ParcelTerms, Terms

from . import breakdowns, rules
from .breakdowns import Breakdown
from .freight import Exchange
from .landed import LandedCost, Rulebook, landed_cost
from .models import Quote
from .packing import Goods

if TYPE_CHECKING:
    from accounts.models import User

GOOD_FOR = timedelta(minutes=30)
BEIJING = ZoneInfo("Asia/Shanghai")


class QuoteExpired(Refusal):
    """Thirty minutes are over."""

    code = "quote_expired"
    message = _("This price was good for 30 minutes. Please look at the new total and order again.")


class QuoteGone(Refusal):
    """There is no such quote of this buyer."""

    code = "quote_gone"
    message = _("This quote does not exist any more. Please check out again.")
    status = 404


@dataclass(frozen=True)
class Reckoning:
    """A landed cost with everything that it rests on: rulebook, rate, prices and days to make it as they are now."""

    cost: LandedCost
    book: Rulebook
    rate: ExchangeRate
    buffer_bp: int
    receives: Mapping[int, int]
    lead_days: Mapping[int, int]


def quote(buyer: User, lines: Sequence[tuple[Variant, int]], *, province_code: str, now: datetime) -> Quote:
    """Price a cart to a province. The same cart gets the same quote while that is good and unused.

    Raises limits.NothingToOrder, TooManyLines, BadQuantity or NotOnSale; packing.TooBigForAnyService or TooManyParcels;
    landed.NoOpenRoute or NoArticleRate; prices.NoRate or NoPriceRule.
    """
    reckoning = reckon(lines, now=now)
    plan = _plan(reckoning, now)
    fingerprint = _fingerprint(plan, province_code)
    live = (
        Quote.objects.filter(buyer=buyer, fingerprint=fingerprint, expires_at__gt=now).order_by("-expires_at").first()
    )
    if live is not None and not is_used(live):
        return live
    cost = reckoning.cost
    return Quote.objects.create(
        buyer=buyer,
        fingerprint=fingerprint,
        goods_minor=cost.goods.minor,
        freight_minor=cost.freight.minor,
        tax_minor=cost.tax.minor,
        total_minor=cost.total.minor,
        rule_version=reckoning.book.version,
        rwf_per_cny=reckoning.rate.rate,
        rate_source=_source(reckoning.rate),
        plan=plan,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )


def reckon(lines: Sequence[tuple[Variant, int]], *, now: datetime) -> Reckoning:
    """What a cart costs at the door by the rules, rates and prices of now. Raises as `quote` does; writes nothing."""
    quantities = _quantities(lines)
    day = now.astimezone(BEIJING).date()
    book = rules.rulebook(on=day)
    rate = prices.rate("CNY", "RWF", on=day)
    buffer_bp = prices.rule(now=now).rate_buffer_bp
    variants = _on_sale(quantities)
    cost = landed_cost(_goods(variants, quantities, book), book, Exchange(rwf_per_cny=rate.rate, buffer_bp=buffer_bp))
    return Reckoning(
        cost=cost,
        book=book,
        rate=rate,
        buffer_bp=buffer_bp,
        receives={pk: variant.receive_rwf_minor for pk, variant in variants.items()},
        lead_days={pk: variant.product.lead_days for pk, variant in variants.items()},
    )


def get(quote_id: UUID | str, *, buyer: User, now: datetime) -> Quote:
    """A buyer's own quote that may still be ordered by. Raises QuoteGone or QuoteExpired.

    One that was ordered by already is given whatever the time, so that a form sent twice finds its order.
    """
    try:
        number = quote_id if isinstance(quote_id, UUID) else UUID(str(quote_id))
    except ValueError:
        raise QuoteGone() from None
    found = Quote.objects.filter(pk=number, buyer=buyer).first()
    if found is None:
        raise QuoteGone()
    if found.expires_at <= now and not is_used(found):
        raise QuoteExpired()
    return found


def is_used(quote: Quote) -> bool:
    """Whether an order was placed by it."""
    return Order.objects.filter(quote_id=quote.pk).exists()


def asks_id_number(quote: Quote) -> bool:
    """Whether the quote's route needs the buyer's resident ID number before anything is sent."""
    return bool(quote.plan.get("asks_id_number", False))


def terms(quote: Quote) -> Terms:
    """A quote as the plain values that an order freezes."""
    return Terms(
        quote_id=quote.pk,
        rule_version=quote.rule_version,
        rwf_per_cny=quote.rwf_per_cny,
        rate_source=quote.rate_source,
        parcels=tuple(_parcel_terms(parcel) for parcel in quote.plan["parcels"]),
    )


def breakdown(quote: Quote) -> Breakdown:
    """A quote in the reader's language."""
    return breakdowns.of_plan(
        quote.plan,
        start=quote.created_at.astimezone(BEIJING).date(),
        rule_version=quote.rule_version,
        rwf_per_cny=quote.rwf_per_cny,
        rate_source=quote.rate_source,
        expires_at=quote.expires_at,
    )


def estimate(lines: Sequence[tuple[Variant, int]], *, now: datetime) -> Breakdown:
    """The same breakdown without a promise: nothing is stored. Raises as `quote` does."""
    reckoning = reckon(lines, now=now)
    return breakdowns.of_plan(
        _plan(reckoning, now),
        start=now.astimezone(BEIJING).date(),
        rule_version=reckoning.book.version,
        rwf_per_cny=reckoning.rate.rate,
        rate_source=_source(reckoning.rate),
        expires_at=None,
    )


# From a cart to a plan ------------------------------------------------------------------------------------------------


def _quantities(lines: Sequence[tuple[Variant, int]]) -> dict[int, int]:
    """Units by variant: two lines of the same thing are one."""
    quantities: dict[int, int] = defaultdict(int)
    for variant, quantity in lines:
        limits.check_quantity(quantity)
        quantities[variant.pk] += quantity
    limits.check(quantities)
    return dict(quantities)


def _on_sale(quantities: Mapping[int, int]) -> dict[int, Variant]:
    """The variants by id, read afresh, in their order. Raises NotOnSale."""
    variants = Variant.objects.select_related("product__seller", "product__hs_code").in_bulk(list(quantities))
    on_sale = set(Product.objects.on_sale().filter(variants__in=quantities).values_list("pk", flat=True))
    for variant_id in sorted(quantities):
        variant = variants.get(variant_id)
        if variant is None or variant.product_id not in on_sale or variant.price_minor <= 0:
            raise limits.NotOnSale(name=variant.product.name if variant else "?")
    return {variant_id: variants[variant_id] for variant_id in sorted(quantities)}


def _goods(variants: Mapping[int, Variant], quantities: Mapping[int, int], book: Rulebook) -> dict[int, list[Goods]]:
    """Each shop's goods as packing needs them, in variant order."""
    goods: dict[int, list[Goods]] = defaultdict(list)
    for variant_id, variant in variants.items():
        hs_code = variant.product.hs_code
        goods[variant.product.seller_id].append(
            Goods(
                variant_id=variant_id,
                quantity=quantities[variant_id],
                unit_price_minor=variant.price_minor,
                weight_g=variant.weight_g,
                length_mm=variant.length_mm,
                width_mm=variant.width_mm,
                height_mm=variant.height_mm,
                rate=book.rate(hs_code.article_class if hs_code else ""),
            )
        )
    return dict(goods)


def _plan(reckoning: Reckoning, now: datetime) -> dict[str, Any]:
    """The landed cost as JSON: whole numbers, and rates as text."""
    parcels = [asdict(parcel) for parcel in reckoning.cost.parcels]
    for parcel in parcels:
        parcel["lead_days"] = max(reckoning.lead_days[line["variant_id"]] for line in parcel["lines"])
        for line in parcel["lines"]:
            line["rate"] = str(line["rate"])
            line["unit_receive_rwf_minor"] = reckoning.receives[line["variant_id"]]
    return {
        "parcels": json.loads(json.dumps(parcels)),
        "parcel_limit_minor": reckoning.book.postal.parcel_limit_minor,
        "exempt_tax_minor": reckoning.book.postal.exempt_tax_minor,
        "rule_version": reckoning.book.version,
        "rwf_per_cny": str(reckoning.rate.rate),
        "buffer_bp": reckoning.buffer_bp,
        "closed_routes": dict(reckoning.book.closed),
        "asks_id_number": reckoning.book.asks_id_number,
    }


def _fingerprint(plan: Mapping[str, Any], province_code: str) -> str:
    """Everything a price depends on, hashed: goods, prices, parcels, rules, rate and destination."""
    facts = json.dumps([plan, province_code], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()


def _source(rate: ExchangeRate) -> str:
    return f"{rate.source} {rate.side} {rate.as_of:%Y-%m-%d}"[:80]


# From a plan to terms --------------------------------------------------------------------------------------


def _parcel_terms(parcel: Mapping[str, Any]) -> ParcelTerms:
    names = ("seller_id", "position", "route", "service", "weight_g", "freight_minor", "days_min", "days_max")
    return ParcelTerms(
        **{name: parcel[name] for name in names},
        lines=tuple(
            LineTerms(
                variant_id=line["variant_id"],
                quantity=line["quantity"],
                unit_price_minor=line["unit_price_minor"],
                rate=Decimal(line["rate"]),
                computed_minor=line["computed_minor"],
                due_minor=line["due_minor"],
                unit_receive_rwf_minor=line["unit_receive_rwf_minor"],
            )
            for line in parcel["lines"]
        ),
    )
