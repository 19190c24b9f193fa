"""The specification and the electronic label: names and values, in the order in which buyers look for them."""

from __future__ import annotations

from collections.abc import Callable

from catalog.facts import Fact
from catalog.vocabulary import wording

from .slots import SIDES, Slots, is_choice

# What a label says, by regulation: slugs of attributes, or of what is not a fact of the goods.
LABELS = {
    "food": "name ingredients net_weight net_volume origin producer made_on best_before storage allergen",
    "textile": "name material fibre size origin made_by care caution",
    "general": "name material size origin made_by caution care",
}
Pairs = tuple[tuple[str, str], ...]


def specification(slots: Slots) -> Pairs:
    """Name, origin and place, then every fact in the order of the attributes; several sides as one size."""
    rows = [_row(slots, slug) for slug in ("name", "origin", "place")]
    sides = _sides(slots)
    for slug in slots.facts:
        if slug not in sides:
            rows.append(_row(slots, slug))
        elif slug == sides[0]:
            rows.append(_row(slots, "size"))
    return _said([*rows, _row(slots, "lead")])


def label(slots: Slots) -> Pairs:
    """What the label of such goods must say, as far as it is known: a label never guesses."""
    return _said([_row(slots, slug) for slug in LABELS[slots.product_type.regulation].split()])


def _said(rows: list[tuple[str, str]]) -> Pairs:
    return tuple((name, value) for name, value in rows if value)


def _row(slots: Slots, slug: str) -> tuple[str, str]:
    fact = slots.facts.get(slug)
    if fact is not None:
        return fact.attribute.name.of(slots.language), _value(slots, fact)
    if slug not in OWN:
        return "", ""
    return wording(slug).of(slots.language), OWN[slug](slots)


def _value(slots: Slots, fact: Fact) -> str:
    words = [word.text for word in slots.of_fact(fact)]
    listed = slots.grammar.comma.join(words)
    return slots.grammar.title(listed) if fact.terms else listed


def _sides(slots: Slots) -> list[str]:
    """The sides that make a size: two or three of them, none of which the buyer chooses."""
    sides = [side for side in SIDES if side in slots.facts]
    return sides if len(sides) > 1 and not any(is_choice(slots.facts[side]) for side in sides) else []


def _size(slots: Slots) -> str:
    """`40 × 36 cm (length × width)`."""
    sides = _sides(slots)
    if not sides:
        return ""
    names = [slots.facts[side].attribute.name.of(slots.language) for side in sides]
    size = slots.fill("size") or ""
    return size + slots.grammar.aside([slots.grammar.cross.join(map(slots.grammar.lower, names))])


def _origin(slots: Slots) -> str:
    """Rwanda; cloth that is sold as cloth comes from where it was printed."""
    if _is_foreign(slots):
        return slots.grammar.title(slots.fill("printed_in") or "")
    return slots.grammar.title(wording("rwanda").of(slots.language))


def _is_foreign(slots: Slots) -> bool:
    return "printed_in" in slots.product_type.needs and slots.fill("printed_in?abroad") is not None


def _producer(slots: Slots) -> str:
    shop = slots.about.shop.of(slots.language)
    return slots.grammar.comma.join(part for part in (slots.about.maker, shop) if part)


def _best_before(slots: Slots) -> str:
    """How long it keeps, and from when."""
    time = slots.fill("shelf_life")
    return wording("from_made").of(slots.language).replace("{time}", time) if time else ""


OWN: dict[str, Callable[[Slots], str]] = {
    "name": lambda slots: slots.product_type.name.of(slots.language),
    "origin": _origin,
    "place": lambda slots: "" if _is_foreign(slots) else slots.about.place.of(slots.language),
    "size": _size,
    "producer": _producer,
    "made_by": _producer,
    "best_before": _best_before,
    "made_on": lambda slots: slots.grammar.title(wording("see_package").of(slots.language)),
    "lead": lambda slots: slots.fill("lead") or "",
}
