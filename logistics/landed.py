"""Landed cost: goods, freight and import tax of a whole cart, parcel by parcel and line by line. Pure.

The route is the postal article (行邮), the only one open now; `Rulebook.closed` says why the others are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.money import Money
from kernel.refusals import Refusal

from . import packing, postal
from .freight import Exchange, Tariff
from .packing import Goods

POSTAL = "postal_article"


class NoOpenRoute(Refusal):
    """No clearance route is open to consumers on this day."""

    code = "no_open_route"
    message = _("Sending to China is not possible at the moment. Please try again later.")


class NoArticleRate(Refusal):
    """The class of goods has no tax rate in the rules of the day."""

    code = "no_article_rate"
    message = _("The import tax of an item in your cart is not settled yet, so it cannot be ordered now.")


@dataclass(frozen=True)
class Rulebook:
    """The rules of a corridor on a day: version, limits, rate of each article class, open services, closed routes."""

    version: str
    postal: postal.PostalRule
    rates: Mapping[str, Decimal]
    tariffs: tuple[Tariff, ...]
    closed: Mapping[str, str]
    asks_id_number: bool = False

    def rate(self, article_class: str) -> Decimal:
        """The article tax of a class. Raises NoArticleRate: an unknown class is never taxed by a guess."""
        if article_class not in self.rates:
            raise NoArticleRate(article_class=article_class)
        return self.rates[article_class]


@dataclass(frozen=True, slots=True)
class LandedLine:
    """Some units of one variant in one parcel with their tax, in fen: before and after the exemption."""

    variant_id: int
    quantity: int
    unit_price_minor: int
    value_minor: int
    rate: Decimal
    computed_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class LandedParcel:
    """One parcel of a shop: how it goes, what that costs, what tax is due."""

    seller_id: int
    position: int
    route: str
    service: str
    decision: str
    weight_g: int
    chargeable_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    goods_minor: int
    freight_rwf_minor: int
    freight_minor: int
    computed_minor: int
    tax_minor: int
    days_min: int
    days_max: int
    lines: tuple[LandedLine, ...]


@dataclass(frozen=True)
class LandedCost:
    """What a cart costs at the door, in yuan. Every total is the sum of its parcels'."""

    parcels: tuple[LandedParcel, ...]

    @property
    def goods(self) -> Money:
        return Money(sum(parcel.goods_minor for parcel in self.parcels), "CNY")

    @property
    def freight(self) -> Money:
        return Money(sum(parcel.freight_minor for parcel in self.parcels), "CNY")

    @property
    def tax(self) -> Money:
        return Money(sum(parcel.tax_minor for parcel in self.parcels), "CNY")

    @property
    def total(self) -> Money:
        return self.goods + self.freight + self.tax


def landed_cost(goods: Mapping[int, Sequence[Goods]], rules: Rulebook, exchange: Exchange) -> LandedCost:
    """Pack each shop's goods (by seller id) and add up what everything costs.

    Raises packing.TooBigForAnyService, packing.TooManyParcels or NoOpenRoute.
    """
    if not rules.tariffs:
        raise NoOpenRoute()
    means = packing.Means(rule=rules.postal, tariffs=rules.tariffs, exchange=exchange)
    days = {tariff.code: (tariff.days_min, tariff.days_max) for tariff in rules.tariffs}
    return LandedCost(
        tuple(
            _landed(seller_id, position, packed, days[packed.service], items)
            for seller_id, items in sorted(goods.items())
            for position, packed in enumerate(packing.pack(items, means), start=1)
        )
    )


def _landed(
    seller_id: int, position: int, packed: packing.Packed, days: tuple[int, int], items: Sequence[Goods]
) -> LandedParcel:
    prices = {item.variant_id: item.unit_price_minor for item in items}
    lines = tuple(
        LandedLine(
            variant_id, quantity, prices[variant_id], tax.value_minor, tax.rate, tax.computed_minor, tax.due_minor
        )
        for (variant_id, quantity), tax in zip(packed.contents, packed.tax.lines, strict=True)
    )
    return LandedParcel(
        seller_id=seller_id,
        position=position,
        route=POSTAL,
        service=packed.service,
        decision=str(packed.tax.decision),
        weight_g=packed.box.weight_g,
        chargeable_g=packed.chargeable_g,
        length_mm=packed.box.length_mm,
        width_mm=packed.box.width_mm,
        height_mm=packed.box.height_mm,
        goods_minor=packed.tax.value_minor,
        freight_rwf_minor=packed.freight_rwf_minor,
        freight_minor=packed.freight_minor,
        computed_minor=packed.tax.computed_minor,
        tax_minor=packed.tax.due_minor,
        days_min=days[0],
        days_max=days[1],
        lines=lines,
    )
