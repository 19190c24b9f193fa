"""The variants of a product, brought in line with what its seller says: new ones made, others changed or retired."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.money import Money
from kernel.refusals import Refusal

from . import options, prices, showing, stock
from .models import Product, Variant
from .options import Option

MOST = 30


class TooMany(Refusal):
    """More sizes and colours than anybody could choose from."""

    code = "too_many_variants"
    status = 422
    message = _("One product has at most %(most)s sizes and colours. List the others as another product.")


class NoVariant(Refusal):
    """A product is bought as one of its variants, so it has one."""

    code = "no_variant"
    status = 422
    message = _("Write a price, a weight and a size for at least one.")


class NotThere(Refusal):
    """A variant was named that the product does not have, or not any more."""

    code = "variant_not_there"
    message = _("One of the sizes or colours was taken off meanwhile. Open the page again.")


class SoldMeanwhile(Refusal):
    """Orders moved the units while the seller counted them."""

    code = "sold_meanwhile"
    message = _("The number changed while you counted: there are %(left)s now. Please count again.")


@dataclass(frozen=True)
class Count:
    """A number of units: what the page showed when the seller counted, and what was counted."""

    was: int | None
    units: int


@dataclass(frozen=True)
class VariantFacts:
    """One thing to buy: its `options` by attribute, packed weight in grams, packed length, width and height in mm.

    `stock` is how many there are of a new one. Of a known one (`pk`) it is not read: counting needs no review, and has
    its own way (`catalog.stock`).
    """

    options: Mapping[str, Any]
    receive: Money
    weight_g: int
    sides: tuple[int, int, int]
    stock: int = 0
    pk: int | None = None


def offered(product: Product) -> list[Variant]:
    """The variants that are not retired, in the order in which they were listed."""
    return list(product.variants.filter(retired_at=None).order_by("pk"))


def of(variant: Variant) -> VariantFacts:
    """What was said about a variant last."""
    return VariantFacts(
        options={one["attribute"]: one["value"] for one in variant.options},
        receive=variant.receive,
        weight_g=variant.weight_g,
        sides=(variant.length_mm, variant.width_mm, variant.height_mm),
        stock=variant.on_hand,
        pk=variant.pk,
    )


@transaction.atomic
def count(product: Product, counts: Mapping[int, Count], *, actor: str) -> None:
    """The seller counted: so many are there, those held for orders included. What was not changed is left alone.

    Raises SoldMeanwhile when units were moved since the page was shown, stock.StockIsPromised, NotThere.
    """
    mine = {variant.pk: variant for variant in product.variants.select_for_update().order_by("pk")}
    for pk, counted in sorted(counts.items()):
        variant = _named(mine, pk)
        if counted.units in (counted.was, variant.on_hand):
            continue
        if counted.was is not None and counted.was != variant.on_hand:
            raise SoldMeanwhile(left=variant.on_hand)
        stock.set_on_hand(variant, counted.units, actor=actor)
    showing.later(product.pk)


def write(
    product: Product, each: Sequence[VariantFacts], choices: Sequence[list[Option]], *, actor: str, now: datetime
) -> None:
    """Make these the product's variants, with these options. Needs a transaction that holds the product's row.

    One that is not named any more is retired; a retired one that is named again by its options comes back. Raises
    NotThere, NoVariant, TooMany.
    """
    if not each:
        raise NoVariant
    if len(each) > MOST:
        raise TooMany(most=MOST)
    known = {variant.pk: variant for variant in product.variants.order_by("pk")}
    # First let go of all names, so that two variants may swap their colours.
    product.variants.update(option_key="")
    named = {facts.pk for facts in each}
    kept: set[int] = set()
    for facts, chosen in zip(each, choices, strict=True):
        variant = _named(known, facts.pk) if facts.pk else _same(known, chosen, besides=named | kept)
        variant = _write(product, variant, facts, chosen, actor=actor, now=now)
        kept.add(variant.pk)
    for variant in known.values():
        if variant.pk not in kept and variant.retired_at is None:
            _retire(variant, actor=actor, now=now)


def _named(known: Mapping[int, Variant], pk: int) -> Variant:
    variant = known.get(pk)
    if variant is None or variant.retired_at is not None:
        raise NotThere
    return variant


def _same(known: Mapping[int, Variant], chosen: list[Option], *, besides: set[int | None]) -> Variant | None:
    """The one of the same choice, those on sale before retired ones."""
    same = [variant for variant in known.values() if variant.pk not in besides and variant.options == chosen]
    return min(same, key=lambda variant: (variant.retired_at is not None, variant.pk), default=None)


def _write(
    product: Product, variant: Variant | None, facts: VariantFacts, chosen: list[Option], *, actor: str, now: datetime
) -> Variant:
    is_new = variant is None or variant.retired_at is not None
    if variant is None:
        variant = Variant(product=product, sku=f"S{product.seller_id}-{secrets.token_hex(4)}")
    variant.options, variant.option_key = chosen, options.key(chosen)
    variant.retired_at = None
    variant.weight_g = facts.weight_g
    variant.length_mm, variant.width_mm, variant.height_mm = facts.sides
    variant.receive = facts.receive
    try:
        variant.price = prices.explain_amount(facts.receive, now=now).price
    except (prices.NoRate, prices.NoPriceRule):
        variant.price = Money(0, "CNY")  # made when it is published, which needs a rate
    # Units are counted by orders meanwhile; their columns are not ours to write.
    variant.save(update_fields=None if variant.pk is None else DESCRIBED)
    if is_new and facts.stock:
        stock.receive(variant, facts.stock, actor=actor)
    return variant


DESCRIBED = (
    *("options", "option_key", "retired_at", "receive_rwf_minor", "price_minor"),
    *("weight_g", "length_mm", "width_mm", "height_mm"),
)


def _retire(variant: Variant, *, actor: str, now: datetime) -> None:
    """Take it off sale. Its row stays for the orders and the books; what is held for orders is theirs."""
    stock.empty(variant, actor=actor)
    Variant.objects.filter(pk=variant.pk).update(retired_at=now)
