"""What a listing says, composed from its facts in four languages: title, summary, specification, label, alt text.

Nothing is said that is not a fact, and a sentence whose fact is missing is left out. The sentences are patterns
(`data/patterns.csv`), the words are the vocabulary, and each language has a grammar. No database here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog import vocabulary
from catalog.facts import Fact, single
from catalog.vocabulary import ProductType

from . import labels, patterns
from .grammar import GRAMMARS, Grammar
from .slots import About, Slots

__all__ = ["About", "Composed", "alt", "compose", "option_label"]

LONGEST_TITLE = {"zh": 60, "en": 100, "fr": 100, "rw": 100}
LONGEST_ALT = 200
MOST_SENTENCES = 3


@dataclass(frozen=True)
class Composed:
    """The texts of a product in one language. Specification and label are pairs of name and value, in their order."""

    title: str
    summary: str
    specification: tuple[tuple[str, str], ...]
    label: tuple[tuple[str, str], ...]


def compose(product_type: ProductType, facts: Mapping[str, Fact], about: About, language: str) -> Composed:
    """What these facts say in `zh`, `en`, `fr` or `rw`. The same facts always give the same texts."""
    slots = _slots(product_type, facts, about, language)
    return Composed(
        title=_title(slots),
        summary=_summary(slots),
        specification=labels.specification(slots),
        label=labels.label(slots),
    )


def alt(
    product_type: ProductType,
    facts: Mapping[str, Fact],
    about: About,
    language: str,
    *,
    view: str = "",
    is_illustration: bool = False,
) -> str:
    """What a picture of it shows, for who cannot see it. `view` is `front`, `turned`, `detail` or empty."""
    slots = _slots(product_type, facts, about, language)
    marks = [view] if view and view != "front" else []
    marks += ["illustration"] if is_illustration else []
    tail = slots.grammar.aside([vocabulary.wording(mark).of(language) for mark in marks])
    pattern = patterns.of(product_type, "alt", language)[0]
    return slots.grammar.title(patterns.fit(pattern, slots, LONGEST_ALT - len(tail), all_may_go=True)) + tail


def option_label(attribute_slug: str, value: Any, language: str) -> str:
    """A choice between variants as its button says it: 红色, 30厘米. What the vocabulary lost is shown as it is."""
    grammar = _grammar(language)
    attribute = vocabulary.attributes().get(attribute_slug)
    fact = single(attribute, value) if attribute else None
    if fact is None:
        return str(value)
    if fact.numbers:
        return grammar.amount(fact.numbers[0], fact.attribute.unit)
    return grammar.title(fact.terms[0].name.of(language)) if fact.terms else fact.name


def _title(slots: Slots) -> str:
    pattern = patterns.of(slots.product_type, "title", slots.language)[0]
    longest = LONGEST_TITLE[slots.language]
    return slots.grammar.title(patterns.fit(pattern, slots, longest))[:longest].rstrip(" ,，、-")


def _summary(slots: Slots) -> str:
    """The first sentences that have their facts, and last who made it."""
    told = _filled(slots, "fact")[: MOST_SENTENCES - 1]
    return slots.grammar.paragraph([*told, *_filled(slots, "made")[:1]])


def _filled(slots: Slots, part: str) -> list[str]:
    texts = [patterns.fill(pattern, slots) for pattern in patterns.of(slots.product_type, part, slots.language)]
    return [text for text in texts if text]


def _slots(product_type: ProductType, facts: Mapping[str, Fact], about: About, language: str) -> Slots:
    return Slots(product_type, facts, about, _grammar(language))


def _grammar(language: str) -> Grammar:
    return GRAMMARS[language[:2]]
