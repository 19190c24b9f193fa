"""Splitting one shop's goods into parcels at the lowest landed cost (freight and tax). Pure.

Every parcel must pass the postal rule (value limit, or one single item) and fit a service. Goods are stacked flat: each
lies on its largest face, so the box is as long and wide as the widest goods, and as high as all together. That is a
plan, not a promise: the seller measures the real box.

The search is exact while the goods can be drawn out of the cart in at most EXACT_STATES ways: eight different items, or
255 of one kind. Above that each unit, dearest first, goes where it adds least, to one of the parcels so far or to a new
one: at most units × MOST_PARCELS trials. The plan is always valid, never dearer than a parcel for each unit, and may
cost more than the best one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from math import prod

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import freight, postal

EXACT_STATES = 256
# Beyond this a buyer is no longer ordering for personal use, which is what the postal route is for.
MOST_PARCELS = 20


class TooBigForAnyService(Refusal):
    """A single item is too large or heavy for every service that is open."""

    code = "too_big"
    message = _("An item in your cart is too big to send to China. Please remove it.")


class TooManyParcels(Refusal):
    """The cart would fill more parcels than personal use allows."""

    code = "too_many_parcels"
    message = _("This order would need more than %(most)s parcels from one shop. Please order less at a time.")


@dataclass(frozen=True, slots=True)
class Goods:
    """Some units of one variant: unit price in fen, packed weight and size of one unit, article tax rate."""

    variant_id: int
    quantity: int
    unit_price_minor: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Packed:
    """One parcel of a plan. `contents` are (variant, units) in the order of the goods; `tax.lines` match them."""

    contents: tuple[tuple[int, int], ...]
    box: freight.Box
    service: str
    chargeable_g: int
    freight_rwf_minor: int
    freight_minor: int
    tax: postal.ParcelTax

    @property
    def cost_minor(self) -> int:
        """Freight and tax due, in fen: what packing tries to keep low."""
        return self.freight_minor + self.tax.due_minor


@dataclass(frozen=True)
class Means:
    """What a packer works with: the postal rule, the services that are open, and the exchange."""

    rule: postal.PostalRule
    tariffs: tuple[freight.Tariff, ...]
    exchange: freight.Exchange


Counts = tuple[int, ...]


def pack(goods: Sequence[Goods], means: Means) -> list[Packed]:
    """The parcels for one shop's goods. Raises TooBigForAnyService or TooManyParcels.

    The same goods in the same order always give the same plan.
    """
    for index in range(len(goods)):
        if seal(goods, _single(goods, index), means) is None:
            raise TooBigForAnyService()
    exact = prod(item.quantity + 1 for item in goods) <= EXACT_STATES
    parcels = _exactly(goods, means) if exact else _greedily(goods, means)
    if len(parcels) > MOST_PARCELS:
        raise TooManyParcels(most=MOST_PARCELS)
    return parcels


def seal(goods: Sequence[Goods], counts: Counts, means: Means) -> Packed | None:
    """The parcel that holds these counts, by its cheapest service; None if no rule or no service lets it go."""
    chosen = [(item, count) for item, count in zip(goods, counts, strict=True) if count]
    value = sum(item.unit_price_minor * count for item, count in chosen)
    if not postal.allowed(value, sum(counts), means.rule):
        return None
    box = stack(chosen)
    tariff = freight.cheapest(box, means.tariffs)
    if tariff is None:
        return None
    francs = freight.price(box, tariff)
    articles = [postal.Article(item.unit_price_minor, count, item.rate) for item, count in chosen]
    return Packed(
        contents=tuple((item.variant_id, count) for item, count in chosen),
        box=box,
        service=tariff.code,
        chargeable_g=freight.chargeable_g(box, tariff),
        freight_rwf_minor=francs.minor,
        freight_minor=means.exchange.to_cny(francs).minor,
        tax=postal.assess(articles, means.rule),
    )


def stack(chosen: Sequence[tuple[Goods, int]]) -> freight.Box:
    """The box around goods laid flat on one another."""
    length = width = height = weight = 0
    for item, count in chosen:
        low, middle, long = sorted((item.length_mm, item.width_mm, item.height_mm))
        length, width = max(length, long), max(width, middle)
        height += low * count
        weight += item.weight_g * count
    return freight.Box(weight_g=weight, length_mm=length, width_mm=width, height_mm=height)


def _exactly(goods: Sequence[Goods], means: Means) -> list[Packed]:
    """The cheapest split, of equals the one with fewest parcels: tries each parcel the first goods left can be in."""
    sealed = cache(lambda counts: seal(goods, counts, means))

    @cache
    def best(left: Counts) -> tuple[int, int, Counts]:
        """The least (cost, parcels) for what is left, and the first parcel of that split."""
        if not any(left):
            return 0, 0, left
        first = next(index for index, count in enumerate(left) if count)
        options = []
        for counts in product(*(range(count + 1) for count in left)):
            parcel = sealed(counts) if counts[first] else None
            if parcel is not None:
                cost, parcels, _first = best(_less(left, counts))
                options.append((cost + parcel.cost_minor, parcels + 1, counts))
        return min(options)

    parcels, left = [], tuple(item.quantity for item in goods)
    # Smaller remainders first, so that the recursion below never goes deep.
    for remainder in product(*(range(count + 1) for count in left)):
        best(remainder)
    while any(left):
        counts = best(left)[2]
        parcels.append(seal(goods, counts, means))
        left = _less(left, counts)
    return [parcel for parcel in parcels if parcel is not None]


def _greedily(goods: Sequence[Goods], means: Means) -> list[Packed]:
    """Dearest unit first, each to where it adds least to freight and tax."""
    parcels: list[tuple[Counts, Packed]] = []
    for index in sorted(range(len(goods)), key=lambda i: (-goods[i].unit_price_minor, -goods[i].weight_g, i)):
        for _unit in range(goods[index].quantity):
            _add(parcels, goods, index, means)
            if len(parcels) > MOST_PARCELS:
                raise TooManyParcels(most=MOST_PARCELS)
    return [packed for _counts, packed in parcels]


def _add(parcels: list[tuple[Counts, Packed]], goods: Sequence[Goods], index: int, means: Means) -> None:
    options: list[tuple[int, int, Counts, Packed]] = []
    for position, (counts, packed) in enumerate(parcels):
        fuller = (*counts[:index], counts[index] + 1, *counts[index + 1 :])
        if (sealed := seal(goods, fuller, means)) is not None:
            options.append((sealed.cost_minor - packed.cost_minor, position, fuller, sealed))
    alone = _single(goods, index)
    if (sealed := seal(goods, alone, means)) is not None:
        options.append((sealed.cost_minor, len(parcels), alone, sealed))
    _cost, position, counts, packed = min(options, key=lambda option: option[:2])
    parcels[position : position + 1] = [(counts, packed)]


def _single(goods: Sequence[Goods], index: int) -> Counts:
    return tuple(int(other == index) for other in range(len(goods)))


def _less(left: Counts, taken: Counts) -> Counts:
    return tuple(have - gone for have, gone in zip(left, taken, strict=True))
