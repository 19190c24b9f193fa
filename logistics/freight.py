"""What a carrier charges for a box. Pure: grams, millimetres, francs.

Carriers bill the larger of the weight and the volumetric weight, up to the next step. The post counts volume only when
the longest side reaches a length; couriers always do. The tariffs are dated rows loaded by `logistics.rules`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from kernel.money import Money

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Box:
    """A packed box: grams and millimetres."""

    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def longest_mm(self) -> int:
        return max(self.length_mm, self.width_mm, self.height_mm)

    @property
    def girth_mm(self) -> int:
        """Length, width and height together: how posts measure what fits a letter-size service."""
        return self.length_mm + self.width_mm + self.height_mm


@dataclass(frozen=True, slots=True)
class Tariff:
    """A service's prices and limits on a day. A size limit or a divisor of 0 means that there is none."""

    code: str
    first_g: int
    first_rwf_minor: int
    step_g: int
    step_rwf_minor: int
    max_g: int
    volumetric_divisor: int
    volumetric_from_mm: int
    max_side_mm: int
    max_girth_mm: int
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A quote's exchange: francs for one yuan, and the buffer that guards it until the carrier is paid."""

    rwf_per_cny: Decimal
    buffer_bp: int = 0

    def to_cny(self, francs: Money) -> Money:
        """Francs in yuan with the buffer added, rounded half up once."""
        buffered = Fraction(self.rwf_per_cny) * BASIS_POINTS / (BASIS_POINTS + self.buffer_bp)
        return francs.to("CNY", per=buffered)


def volumetric_g(box: Box, tariff: Tariff) -> Fraction:
    """The weight that a box's volume stands for, exact; 0 where the service does not count volume for this box.

    The divisor is in cm³ a kilogram, which is the same number of mm³ a milligram: mm³ / divisor gives grams.
    """
    if not tariff.volumetric_divisor or box.longest_mm < tariff.volumetric_from_mm:
        return Fraction(0)
    return Fraction(box.length_mm * box.width_mm * box.height_mm, tariff.volumetric_divisor)


def chargeable_g(box: Box, tariff: Tariff) -> int:
    """What is billed, in grams: the larger of weight and volumetric weight, up to the next step."""
    heavier = max(Fraction(box.weight_g), volumetric_g(box, tariff))
    if heavier <= tariff.first_g:
        return tariff.first_g
    return tariff.first_g + ceil((heavier - tariff.first_g) / tariff.step_g) * tariff.step_g


def takes(box: Box, tariff: Tariff) -> bool:
    """Whether the service accepts a box of this weight and size."""
    return (
        box.weight_g <= tariff.max_g
        and not (tariff.max_side_mm and box.longest_mm > tariff.max_side_mm)
        and not (tariff.max_girth_mm and box.girth_mm > tariff.max_girth_mm)
    )


def price(box: Box, tariff: Tariff) -> Money:
    """The carrier's price in francs for a box it takes."""
    steps = (chargeable_g(box, tariff) - tariff.first_g) // tariff.step_g
    return Money(tariff.first_rwf_minor + steps * tariff.step_rwf_minor, "RWF")


def cheapest(box: Box, tariffs: Iterable[Tariff]) -> Tariff | None:
    """The cheapest service that takes the box; of equal prices the quicker, then by code. None if no service does."""
    fitting = [tariff for tariff in tariffs if takes(box, tariff)]
    return min(fitting, key=lambda t: (price(box, t).minor, t.days_max, t.code), default=None)
