"""What the slots of a pattern are filled with, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.facts import Fact, single
from catalog.vocabulary import Kind, ProductType, Term, Words, attributes

from .grammar import Grammar, Noun, Word

SIDES = ("length", "width", "height")


@dataclass(frozen=True)
class About:
    """What is known of goods beside their facts: district, shop, maker, days to make them (0: they lie ready)."""

    place: Words
    shop: Words
    maker: str = ""
    lead_days: int = 0


class Slots:
    """Fills slots: `{place}`, `{shop}`, `{maker}`, `{lead}`, `{noun}`, `{size}`, and every attribute by its slug."""

    def __init__(self, product_type: ProductType, facts: Mapping[str, Fact], about: About, grammar: Grammar) -> None:
        self.product_type, self.about, self.grammar = product_type, about, grammar
        self.facts = _whole(product_type, facts)
        self.language = grammar.language
        said = product_type.grammar.get(f"noun.{self.language}") or grammar.lower(product_type.name.of(self.language))
        self.noun = Noun(said, product_type.grammar.get(self.language, ""))

    def fill(self, slot: str) -> str | None:
        """The text of a slot; None where nothing is known."""
        if slot.startswith("="):
            return self.grammar.agree(slot[1:], self.noun)
        name, asked, term = slot.partition("?")
        if asked:
            return "" if self._slugs(name) & {*term.split(",")} else None
        name, _colon, forms = slot.partition(":")
        words = self.words(name, forms.split("."))
        return self.grammar.phrase(words, forms.split("."), self.noun) if words else None

    def words(self, name: str, forms: list[str]) -> list[Word]:
        """What is known under a name, before it takes its form."""
        known = self._about(name)
        if known is not None:
            return [Word(known)] if known else []
        fact = self.facts.get(name)
        if fact is None or is_choice(fact) or not _has_number(fact, forms):
            return []
        if "between" in forms and len(fact.numbers) == 2:
            return [Word(self.grammar.between(*fact.numbers, fact.attribute.unit))]
        return self.of_fact(fact, bare="bare" in forms)

    def of_fact(self, fact: Fact, *, bare: bool = False) -> list[Word]:
        """A fact as words: one a term, one a number, one for a whole range."""
        unit = "" if bare else fact.attribute.unit
        if fact.terms:
            return [self._word(term) for term in fact.terms]
        if fact.attribute.kind is Kind.RANGE and len(fact.numbers) == 2:
            return [Word(self.grammar.span(*fact.numbers, unit))]
        return [Word(self.grammar.amount(number, unit)) for number in fact.numbers] or [Word(fact.name)]

    def _word(self, term: Term) -> Word:
        return Word(term.name.of(self.language), term.forms_of(self.language), "minor" in term.forms)

    def _about(self, name: str) -> str | None:
        about = self.about
        match name:
            case "noun":
                return self.noun.text
            case "measure":
                return self.noun.kind
            case "place" | "shop":
                return str(getattr(about, name).of(self.language))
            case "at":
                return self.grammar.at(about.place.of(self.language))
            case "maker":
                return about.maker
            case "lead":
                return self.grammar.days(about.lead_days)
            case "size":
                return self._size()
        return None

    def _size(self) -> str:
        """`40 × 36 cm`; one side or a diameter alone is just its number."""
        sides = [
            self.facts[side].numbers[0] for side in SIDES if side in self.facts and not is_choice(self.facts[side])
        ]
        if sides:
            return self.grammar.times(sides, "cm")
        across = self.facts.get("diameter")
        return self.grammar.amount(across.numbers[0], "cm") if across and not is_choice(across) else ""

    def _slugs(self, name: str) -> set[str]:
        """The terms of a fact; none where the buyer chooses."""
        fact = self.facts.get(name)
        return {term.slug for term in fact.terms} if fact and not is_choice(fact) else set()


def _has_number(fact: Fact, forms: list[str]) -> bool:
    """Whether there are as many terms as a form needs: `only` one, `run` several."""
    return not ("only" in forms and len(fact.terms) > 1) and not ("run" in forms and len(fact.terms) < 2)


def is_choice(fact: Fact) -> bool:
    """Whether the buyer chooses: one answer was asked for and variants give several."""
    kind = fact.attribute.kind
    return (kind is Kind.NUMBER and len(fact.numbers) > 1) or (kind is Kind.TERM and len(fact.terms) > 1)


def _whole(product_type: ProductType, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts with those that every such good shares, in the order of a specification."""
    shared = {slug: single(attributes()[slug], value) for slug, value in product_type.implies.items()}
    known = {**{slug: fact for slug, fact in shared.items() if fact}, **facts}
    return {slug: known[slug] for slug in attributes() if slug in known}
