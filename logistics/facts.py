"""What the papers of a parcel say, as plain values: built once from frozen order rows, checked, then printed. Pure.

Money in minor units, weights in grams, sizes in millimetres. The field list follows what couriers and customs ask of a
commercial invoice and a packing list, and the boxes of the UPU form CN 23.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import s10

MAX_GROSS_G = 30_000
INCOMPLETE = _("The papers cannot be made yet. %(missing)s")


@dataclass(frozen=True)
class Party:
    """Who sends or receives. `lines` is the address from the street up, `latin` the same in Latin letters."""

    name: str
    lines: tuple[str, ...]
    country: str
    country_code: str
    phone: str
    business: str = ""
    name_latin: str = ""
    latin: tuple[str, ...] = ()
    postcode: str = ""
    tin: str = ""


@dataclass(frozen=True)
class Good:
    """A line of the papers: some units of one order line in this parcel."""

    sku: str
    description: str
    description_zh: str
    hs_code: str
    origin: str
    quantity: int
    unit_minor: int
    value_minor: int
    net_g: int


@dataclass(frozen=True)
class Facts:
    """Everything that is printed on the three papers of one parcel."""

    waybill: str
    service: str
    service_fr: str
    carrier: str
    exporter: Party
    consignee: Party
    goods: tuple[Good, ...]
    currency: str
    goods_minor: int
    freight_minor: int
    tax_minor: int
    rwf_total: int
    rwf_rate: str
    order_number: str
    order_date: str
    packages: int
    package: int
    gross_g: int
    size_mm: tuple[int, int, int]
    non_delivery: str
    incoterm: str
    made_on: str

    @property
    def net_g(self) -> int:
        return sum(good.net_g for good in self.goods)

    @property
    def pieces(self) -> int:
        return sum(good.quantity for good in self.goods)

    @property
    def total_minor(self) -> int:
        """What customs values: goods and freight to the border. Import tax is no part of it."""
        return self.goods_minor + self.freight_minor

    def as_json(self) -> dict[str, Any]:
        """The same as JSON carries it."""
        sums = {"net_g": self.net_g, "pieces": self.pieces, "total_minor": self.total_minor}
        return {**asdict(self), **sums}


def listed(wrong: Sequence[str | Promise]) -> str:
    """Problems as sentences one after another, in the reader's language."""
    return " ".join(str(one) for one in wrong)


def net_weights(declared: Sequence[int], *, gross_g: int) -> list[int]:
    """Net grams of each line, never together above the gross weight on the scale.

    Shops declare packed weights, whose sum can pass what a full box weighs; then each gives way in proportion.
    """
    total = sum(declared)
    if total <= gross_g:
        return list(declared)
    shares = [weight * gross_g // total for weight in declared]
    for index in sorted(range(len(shares)), key=lambda i: -(declared[i] * gross_g % total))[: gross_g - sum(shares)]:
        shares[index] += 1
    return shares


def problems(facts: Facts, *, expected_goods_minor: int) -> list[str | Promise]:
    """What keeps these papers from being issued, in words for the seller; empty when nothing does."""
    return [*_of_parcel(facts), *_of_people(facts), *_of_goods(facts, expected_goods_minor)]


def _of_parcel(facts: Facts) -> Iterator[str | Promise]:
    try:
        s10.read(facts.waybill)
    except s10.BadWaybill as bad:
        yield str(bad)
    if not 0 < facts.gross_g <= MAX_GROSS_G:
        yield _("The measured weight must be between 1 g and 30 kg.")
    if min(facts.size_mm) <= 0:
        yield _("The size of the box is missing.")
    if not 1 <= facts.package <= facts.packages:
        yield _("The number of parcels does not fit.")


def _of_people(facts: Facts) -> Iterator[str | Promise]:
    if not facts.exporter.name or not any(facts.exporter.lines) or not facts.exporter.phone:
        yield _("Your shop's name, address or phone is missing.")
    if not facts.consignee.name or not all(facts.consignee.lines[:2]) or not facts.consignee.phone:
        yield _("The buyer's name, address or phone is missing.")
    if facts.consignee.postcode and not re.fullmatch(r"\d{6}", facts.consignee.postcode):
        yield _("The buyer's postcode must have six digits.")


def _of_goods(facts: Facts, expected_minor: int) -> Iterator[str | Promise]:
    if not facts.goods:
        yield _("There are no goods in this parcel.")
    for good in facts.goods:
        for wrong in _of_good(good):
            yield _("%(good)s: %(wrong)s") % {"good": good.description_zh or good.sku, "wrong": wrong}
    if not facts.goods_minor == sum(good.value_minor for good in facts.goods) == expected_minor:
        yield _("The value of the goods does not equal the order.")
    if 0 < facts.gross_g < facts.net_g:
        yield _("The goods weigh more than the whole parcel.")


def _of_good(good: Good) -> Iterator[str | Promise]:
    if len(good.description.strip()) < 3:
        yield _("the description for customs is missing.")
    if not re.fullmatch(r"\d{6,10}", good.hs_code):
        yield _("the HS code needs at least six digits.")
    if good.origin not in s10.COUNTRIES:
        yield _("the country of origin is missing.")
    if good.quantity <= 0 or good.net_g <= 0:
        yield _("quantity and weight must be above zero.")
    if good.unit_minor <= 0 or good.value_minor != good.unit_minor * good.quantity:
        yield _("the value is not price times quantity.")
