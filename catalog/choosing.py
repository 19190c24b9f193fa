"""Choosing one of a product's variants: by at most two things in which they differ, such as colour and height. Pure.

A form sends the choice as `o-colour=red&o-height=30`. Goods whose variants say no options are chosen by their own
number, `o-variant=7`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import composing, vocabulary

if TYPE_CHECKING:
    from .models import Variant

LANGUAGES = ("zh", "en", "fr", "rw")
PREFIX = "o-"
BY_NUMBER = "variant"
BETWEEN = " · "
LONGEST = 60

Answers = Mapping[str, str]


class NoSuchChoice(Refusal):
    """There is no variant of this product with the options that were chosen."""

    code = "no_such_choice"
    status = 422
    message = _("Please choose the options again: this combination is not there.")


class ChoiceSoldOut(Refusal):
    """None is left of what was chosen."""

    code = "choice_sold_out"
    message = _("This choice is sold out. Please choose another.")


@dataclass(frozen=True)
class Choice:
    """One answer on an axis, and whether any is left with it: at all, and with what else is chosen now."""

    value: str
    label: str
    is_chosen: bool
    is_left: bool
    is_left_here: bool


@dataclass(frozen=True)
class Axis:
    """One thing to choose, such as the colour, under the name of its form field."""

    attribute: str
    name: str
    choices: tuple[Choice, ...]

    @property
    def field(self) -> str:
        return PREFIX + self.attribute

    @property
    def chosen(self) -> str:
        """The label of what is chosen now."""
        return next((choice.label for choice in self.choices if choice.is_chosen), "")


def axes(variants: Sequence[Variant], chosen: Variant | None = None) -> list[Axis]:
    """What there is to choose between these variants of one product, while `chosen` is; nothing for a single one."""
    if len(variants) < 2:
        return []
    own = {variant.pk: answers(variant, variants) for variant in variants}
    mine = own[chosen.pk] if chosen else {}
    free = [own[variant.pk] for variant in variants if variant.available > 0]
    return [
        Axis(attribute, _name(attribute), _choices(attribute, variants, own, mine, free))
        for attribute in own[variants[0].pk]
    ]


def asked(sent: Mapping[str, Any]) -> dict[str, str]:
    """The options that a form or an address sent; empty where it sent none."""
    return {
        name.removeprefix(PREFIX): str(sent[name])[:LONGEST]
        for name in sent
        if name.startswith(PREFIX) and len(name) <= LONGEST
    }


def pick(variants: Sequence[Variant], wanted: Answers) -> Variant:
    """The variant with just these options. Raises NoSuchChoice."""
    for variant in variants:
        if answers(variant, variants) == wanted:
            return variant
    raise NoSuchChoice()


def wanted(variants: Sequence[Variant], options: Answers) -> Variant:
    """The variant with just these options, of which one can be had. Raises NoSuchChoice, ChoiceSoldOut."""
    found = pick(variants, options)
    if found.available < 1:
        raise ChoiceSoldOut()
    return found


def answers(variant: Variant, variants: Sequence[Variant]) -> dict[str, str]:
    """What tells a variant from the others, by attribute, as a form sends it."""
    if not all(other.options for other in variants):
        return {BY_NUMBER: str(variant.pk)}
    return {str(one["attribute"]): str(one["value"]) for one in variant.options}


def said(options: Iterable[Mapping[str, Any]], language: str | None = None) -> str:
    """A variant's options in one line, in a language or the active one: 红色 · 30厘米. Nothing where it has none.

    Options that were frozen with their labels are read from these.
    """
    tongue = (language or get_language() or "en")[:2]
    return BETWEEN.join(str(one.get(tongue) or _label(one["attribute"], one["value"], tongue)) for one in options)


def frozen(variant: Variant) -> list[dict[str, Any]]:
    """A variant's options with their labels in every language, to keep what was chosen when words change."""
    return [
        {**one, **{tongue: _label(one["attribute"], one["value"], tongue) for tongue in LANGUAGES}}
        for one in variant.options
    ]


def _choices(
    attribute: str,
    variants: Sequence[Variant],
    own: Mapping[int, Answers],
    mine: Answers,
    free: Sequence[Answers],
) -> tuple[Choice, ...]:
    labels = {
        own[variant.pk].get(attribute, ""): variant.sku
        if attribute == BY_NUMBER
        else _label(attribute, own[variant.pk].get(attribute, ""), get_language() or "en")
        for variant in variants
    }
    return tuple(
        Choice(
            value=value,
            label=labels[value],
            is_chosen=mine.get(attribute) == value,
            is_left=any(one.get(attribute) == value for one in free),
            is_left_here=any(_agrees(one, {**mine, attribute: value}) for one in free),
        )
        for value in sorted(filter(None, labels), key=lambda value: _place(attribute, value))
    )


def _agrees(one: Answers, wanted: Answers) -> bool:
    """Whether a variant has all of the answers that were given so far."""
    return all(one.get(attribute) == value for attribute, value in wanted.items())


def _place(attribute: str, value: str) -> tuple[int, Decimal]:
    """Terms stand in the order of the vocabulary, numbers from small to large."""
    known = list(vocabulary.terms(attribute))
    if value in known:
        return 0, Decimal(known.index(value))
    try:
        return 1, Decimal(value)
    except InvalidOperation:
        return 2, Decimal(0)


def _name(attribute: str) -> str:
    known = vocabulary.attributes().get(attribute)
    return str(known.name) if known else _t("Options")


def _label(attribute: str, value: Any, language: str) -> str:
    return composing.option_label(attribute, value, language[:2])
