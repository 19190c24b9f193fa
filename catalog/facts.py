"""What is known of a product, checked against the vocabulary of its type. Pure: no database.

Stored form, under the attribute's slug: a term is its slug, terms a list of slugs, a number an int or a decimal written
as text, a range `[from, to]`, a name text. One number is a range from itself to itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import vocabulary
from .vocabulary import Attribute, Kind, ProductType, Term

LONGEST_NAME = 60
MOST_TERMS = 8
HIGHEST = Decimal(100_000)
# The term that says there is none, of allergens for instance: it never stands beside another.
NOTHING = "none"


class BadFact(Refusal):
    """An answer that is not one of those the vocabulary knows, or no number, or too large."""

    code = "bad_fact"
    status = 422
    message = _("“%(attribute)s”: choose from the list, or write a number that can be right.")


@dataclass(frozen=True)
class Fact:
    """One thing known of a product: exactly one of `terms`, `numbers` and `name` is filled."""

    attribute: Attribute
    terms: tuple[Term, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    name: str = ""


def clean(product_type: ProductType, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of what was answered; unanswered and strange attributes are left out. Raises BadFact."""
    known = {attribute.slug: attribute for attribute in product_type.attributes}
    return {slug: _clean(known[slug], raw[slug]) for slug in known if raw.get(slug) not in (None, "", [], ())}


def read(product_type: ProductType, stored: Mapping[str, Any]) -> dict[str, Fact]:
    """The facts of a product by attribute, in the order of a specification. What the vocabulary lost is left out."""
    wanted = {attribute.slug for attribute in product_type.attributes}
    found = {}
    for slug, attribute in vocabulary.attributes().items():
        if slug in wanted and slug in stored and (fact := _read(attribute, stored[slug])):
            found[slug] = fact
    return found


def single(attribute: Attribute, value: Any) -> Fact | None:
    """One answer as a fact; None where the vocabulary does not know it."""
    return _read(attribute, value)


def choices(product_type: ProductType, variants: Iterable[Iterable[Mapping[str, Any]]]) -> dict[str, Fact]:
    """What buyers choose between, from the options of all variants: facts of one answer that hold several here.

    Given to `composing` together with the facts of the product, they stand in its specification.
    """
    found: dict[str, list[Fact]] = {}
    for options in variants:
        for option in options:
            slug = str(option.get("attribute", ""))
            fact = _read(vocabulary.attributes()[slug], option.get("value")) if slug in product_type.axes else None
            if fact and fact not in found.setdefault(slug, []):
                found[slug].append(fact)
    return {slug: _together(several) for slug, several in found.items() if several}


def missing(product_type: ProductType, stored: Mapping[str, Any], varied: Collection[str] = ()) -> list[Attribute]:
    """What must still be answered before the product is sent for review. What variants differ in (`varied`) is not."""
    there = {*read(product_type, stored), *varied}
    return [vocabulary.attributes()[slug] for slug in product_type.needs if slug not in there]


def marks(
    product_type: ProductType, stored: Mapping[str, Any], variants: Iterable[Iterable[Mapping[str, Any]]] = ()
) -> list[str]:
    """What filters can ask of these facts, and of the options of variants, as `attribute:term`."""
    known = {**read(product_type, stored), **choices(product_type, variants)}
    return [f"{slug}:{term.slug}" for slug, fact in known.items() if fact.attribute.is_filter for term in fact.terms]


def _clean(attribute: Attribute, value: Any) -> Any:
    match attribute.kind:
        case Kind.TERM:
            return _term(attribute, value)
        case Kind.TERMS:
            listed = value if isinstance(value, (list, tuple)) else [value]
            if len(listed) > MOST_TERMS:
                raise BadFact(attribute=attribute.name)
            several = list(dict.fromkeys(_term(attribute, one) for one in listed))
            return [slug for slug in several if slug != NOTHING] or several
        case Kind.NUMBER:
            return _plain(_number(attribute, value))
        case Kind.RANGE:
            ends = value if isinstance(value, (list, tuple)) else [value, value]
            if len(ends) != 2:
                raise BadFact(attribute=attribute.name)
            low, high = sorted(_number(attribute, one) for one in ends)
            return [_plain(low), _plain(high)]
        case Kind.NAME:
            name = " ".join(str(value).replace("\0", "").split())
            if len(name) > LONGEST_NAME:
                raise BadFact(attribute=attribute.name)
            return name


def _read(attribute: Attribute, value: Any) -> Fact | None:
    try:
        tidy = _clean(attribute, value)
    except BadFact:
        return None
    match attribute.kind:
        case Kind.TERM:
            return Fact(attribute, terms=(vocabulary.terms(attribute.slug)[tidy],))
        case Kind.TERMS:
            return Fact(attribute, terms=tuple(vocabulary.terms(attribute.slug)[one] for one in tidy))
        case Kind.NUMBER:
            return Fact(attribute, numbers=(Decimal(tidy),))
        case Kind.RANGE:
            return Fact(attribute, numbers=(Decimal(tidy[0]), Decimal(tidy[1])))
        case Kind.NAME:
            return Fact(attribute, name=tidy)


def _together(facts: list[Fact]) -> Fact:
    terms = tuple(term for fact in facts for term in fact.terms)
    return Fact(facts[0].attribute, terms, tuple(sorted({number for fact in facts for number in fact.numbers})))


def _term(attribute: Attribute, value: Any) -> str:
    if not isinstance(value, str) or value not in vocabulary.terms(attribute.slug):
        raise BadFact(attribute=attribute.name)
    return value


def _number(attribute: Attribute, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise BadFact(attribute=attribute.name)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadFact(attribute=attribute.name) from None
    if not (number.is_finite() and 0 < number <= HIGHEST):
        raise BadFact(attribute=attribute.name)
    return number.quantize(Decimal("0.1")) if number % 1 else number.to_integral_value()


def _plain(number: Decimal) -> int | str:
    return int(number) if number % 1 == 0 else str(number)
