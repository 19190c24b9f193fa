"""The terms an order freezes, passed down from a quote as plain values: parcels, freight, tax lines, rate, rules.

Orders cannot know how parcels and taxes are worked out (that is logistics' trade); they keep what they were promised.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LineTerms:
    """Some units of one variant in one parcel: price and tax in fen, tax before and after the exemption.

    `unit_receive_rwf_minor` is what the seller was to receive for one when it was quoted; None: as the variant says.
    """

    variant_id: int
    quantity: int
    unit_price_minor: int
    rate: Decimal
    computed_minor: int
    due_minor: int
    unit_receive_rwf_minor: int | None = None

    @property
    def value_minor(self) -> int:
        return self.unit_price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class ParcelTerms:
    """One parcel of one seller, numbered from 1 for each seller: how it goes, what it weighs, what it costs (fen)."""

    seller_id: int
    position: int
    route: str
    service: str
    weight_g: int
    freight_minor: int
    days_min: int
    days_max: int
    lines: tuple[LineTerms, ...]

    @property
    def goods_minor(self) -> int:
        return sum(line.value_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        return sum(line.due_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class Terms:
    """A whole quote. The order's totals are the sums of its parcels, so they cannot disagree."""

    quote_id: UUID
    rule_version: str
    rwf_per_cny: Decimal
    rate_source: str
    parcels: tuple[ParcelTerms, ...]

    @property
    def goods_minor(self) -> int:
        return sum(parcel.goods_minor for parcel in self.parcels)

    @property
    def freight_minor(self) -> int:
        return sum(parcel.freight_minor for parcel in self.parcels)

    @property
    def tax_minor(self) -> int:
        return sum(parcel.tax_minor for parcel in self.parcels)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.freight_minor + self.tax_minor
