"""A quote's plan in words and amounts that templates can show: shops, parcels, tax lines, totals and arrival days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog import choosing
from catalog.models import Variant, in_language
from kernel import formatting
from kernel.money import Money
from sellers.models import Seller

from .landed import POSTAL
from .models import Service

# From payment to the post counter: shops have two days to accept, and then pack.
PREPARE_DAYS = (1, 5)
ROUTE_NAMES = {POSTAL: gettext_lazy("Personal postal article")}


@dataclass(frozen=True)
class LinePart:
    """Some units of one thing in a parcel, for people to read."""

    name: str
    variant: Variant
    quantity: int
    value: Money
    rate: Decimal
    computed: Money
    due: Money

    @property
    def option_text(self) -> str:
        """What was chosen, in the active language."""
        return choosing.said(self.variant.options)

    @property
    def percent(self) -> str:
        """The rate as people write it: 20%."""
        return f"{(self.rate * 100).normalize():f}%"


@dataclass(frozen=True)
class ParcelPart:
    """One parcel of a quote, for people to read."""

    position: int
    route: str
    why: str
    service: str
    weight_g: int
    chargeable_g: int
    goods: Money
    freight: Money
    computed: Money
    tax: Money
    is_exempt: bool
    limit: Money
    exempt_up_to: Money
    days_min: int
    days_max: int
    lead_days: int
    arrives_from: date
    arrives_to: date
    lines: list[LinePart]


@dataclass(frozen=True)
class ShopPart:
    """One shop's part of a quote."""

    seller: Seller
    parcels: list[ParcelPart]
    goods: Money
    freight: Money
    tax: Money


@dataclass(frozen=True)
class Breakdown:
    """A whole quote, for templates: shops, parcels, tax lines, totals, and what they rest on."""

    shops: list[ShopPart]
    goods: Money
    freight: Money
    tax: Money
    total: Money
    rule_version: str
    rwf_per_cny: Decimal
    rate_source: str
    expires_at: datetime | None
    arrives_from: date
    arrives_to: date

    @property
    def parcels(self) -> list[ParcelPart]:
        return [parcel for shop in self.shops for parcel in shop.parcels]


def of_plan(
    plan: Mapping[str, Any],
    *,
    start: date,
    rule_version: str,
    rwf_per_cny: Decimal,
    rate_source: str,
    expires_at: datetime | None,
) -> Breakdown:
    """A quote's plan in the reader's language. `start` is the day in Beijing from which arrival is counted."""
    rows = plan["parcels"]
    variants = (
        Variant.objects.select_related("product")
        .prefetch_related("product__pictures")
        .in_bulk([line["variant_id"] for row in rows for line in row["lines"]])
    )
    sellers = Seller.objects.in_bulk([row["seller_id"] for row in rows])
    services = {service.code: service for service in Service.objects.order_by("valid_from")}
    limits = Money(plan["parcel_limit_minor"], "CNY"), Money(plan["exempt_tax_minor"], "CNY")
    shops = []
    for seller_id in dict.fromkeys(row["seller_id"] for row in rows):
        own = [row for row in rows if row["seller_id"] == seller_id]
        parts = [_parcel_part(row, variants, services[row["service"]], limits, start) for row in own]
        shops.append(ShopPart(sellers[seller_id], parts, *(_sum(own, name) for name in ("goods", "freight", "tax"))))
    goods, freight, tax = (_sum(rows, name) for name in ("goods", "freight", "tax"))
    parcels = [parcel for shop in shops for parcel in shop.parcels]
    return Breakdown(
        shops=shops,
        goods=goods,
        freight=freight,
        tax=tax,
        total=goods + freight + tax,
        rule_version=rule_version,
        rwf_per_cny=rwf_per_cny,
        rate_source=rate_source,
        expires_at=expires_at,
        arrives_from=min(parcel.arrives_from for parcel in parcels),
        arrives_to=max(parcel.arrives_to for parcel in parcels),
    )


def _parcel_part(
    row: Mapping[str, Any],
    variants: Mapping[int, Variant],
    service: Service,
    limits: tuple[Money, Money],
    start: date,
) -> ParcelPart:
    def yuan(name: str) -> Money:
        return Money(row[f"{name}_minor"], "CNY")

    # What is made to order is made first. Quotes from before there were such goods do not say.
    lead_days = row.get("lead_days", 0)
    return ParcelPart(
        position=row["position"],
        route=str(ROUTE_NAMES[row["route"]]),
        why=_why(row, limits[0]),
        service=in_language(service, "name"),
        weight_g=row["weight_g"],
        chargeable_g=row["chargeable_g"],
        goods=yuan("goods"),
        freight=yuan("freight"),
        computed=yuan("computed"),
        tax=yuan("tax"),
        is_exempt=bool(row["computed_minor"]) and not row["tax_minor"],
        limit=limits[0],
        exempt_up_to=limits[1],
        days_min=row["days_min"],
        days_max=row["days_max"],
        lead_days=lead_days,
        arrives_from=start + timedelta(days=lead_days + PREPARE_DAYS[0] + row["days_min"]),
        arrives_to=start + timedelta(days=lead_days + PREPARE_DAYS[1] + row["days_max"]),
        lines=[_line_part(line, variants[line["variant_id"]]) for line in row["lines"]],
    )


def _line_part(line: Mapping[str, Any], variant: Variant) -> LinePart:
    return LinePart(
        name=variant.product.name,
        variant=variant,
        quantity=line["quantity"],
        value=Money(line["value_minor"], "CNY"),
        rate=Decimal(line["rate"]),
        computed=Money(line["computed_minor"], "CNY"),
        due=Money(line["due_minor"], "CNY"),
    )


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> Money:
    return Money(sum(row[f"{name}_minor"] for row in rows), "CNY")


def _why(row: Mapping[str, Any], limit: Money) -> str:
    """Why the parcel may go by its route."""
    written = formatting.money(limit, get_language(), short=True)
    if row["goods_minor"] > limit.minor:
        return _("One item alone in its parcel may be worth more than %(limit)s.") % {"limit": written}
    return _("Worth at most %(limit)s, so customs clears it as a personal article.") % {"limit": written}
