"""What tells the variants of one product apart: at most two things, each one of the type's axes. Pure: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import facts, vocabulary
from .vocabulary import ProductType

MOST_AXES = 2
Option = dict[str, Any]


class OptionMissing(Refusal):
    """Some variants say it, others do not, so buyers could not choose by it."""

    code = "option_missing"
    status = 422
    message = _("“%(attribute)s”: say it for each of them, or for none.")


class TooManyAxes(Refusal):
    """Buyers would have to choose more than two things."""

    code = "too_many_axes"
    status = 422
    message = _("They may differ in two things at most, for example size and colour.")


class SameTwice(Refusal):
    """Two variants could not be told apart."""

    code = "same_variant_twice"
    status = 422
    message = _("Two of them are the same. Give each its own size or colour.")


@dataclass(frozen=True)
class Settled:
    """What is said of the product as a whole, and of each variant what tells it from the others."""

    facts: dict[str, Any]
    options: list[list[Option]]


def settle(product_type: ProductType, said: Mapping[str, Any], each: Sequence[Mapping[str, Any]]) -> Settled:
    """Check answers about a product and about each of its variants, and put each where it belongs.

    What all variants share is a fact of the product; what differs are their options, in the order of the type's axes.
    A product with one variant so has facts only. Raises facts.BadFact, OptionMissing, TooManyAxes, SameTwice.
    """
    whole = facts.clean(product_type, said)
    own = [facts.clean(product_type, {axis: one[axis] for axis in product_type.axes if axis in one}) for one in each]
    differing = []
    for axis in product_type.axes:
        values = [one.get(axis) for one in own]
        if all(value is None for value in values):
            continue
        if any(value is None for value in values):
            raise OptionMissing(attribute=vocabulary.attributes()[axis].name)
        if all(value == values[0] for value in values):
            whole[axis] = values[0]
        else:
            differing.append(axis)
            whole.pop(axis, None)
    if len(differing) > MOST_AXES:
        raise TooManyAxes
    options = [[{"attribute": axis, "value": one[axis]} for axis in differing] for one in own]
    if len({key(one) for one in options}) < len(options):
        raise SameTwice
    return Settled(facts.clean(product_type, whole), options)


def key(options: Sequence[Option]) -> str:
    """The options in a word, the same for the same choice: `colour:red/height:24`; nothing without options."""
    return "/".join(f"{one['attribute']}:{one['value']}" for one in options)
