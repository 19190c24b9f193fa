"""What all grammars do; each language changes what it must."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

# Forms that grammar makes; all others are looked up in the vocabulary.
JOINING = {"of", "in", "by", "like", "wa", "run", "list"}
RULES = JOINING | {"first", "only", "main", "agree", "bare", "between"}
THOUSAND = {"g": "kg", "ml": "l"}
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True)
class Noun:
    """The word for the goods. `kind` is what agreement needs: measure word, gender and number, or noun class."""

    text: str
    kind: str


@dataclass(frozen=True)
class Word:
    """A word or a number to be said, with the forms that no rule can make. `is_minor`: a dye, a lacquer, a cord."""

    text: str
    forms: Mapping[str, str] = field(default_factory=dict)
    is_minor: bool = False


class Grammar:
    """A language. Its methods take words and give text."""

    language = ""
    comma, last_comma, stop, cross = ", ", ", ", ".", " × "
    # Unit -> how one and how several are written; `#` is the number.
    units: Mapping[str, tuple[str, str]] = {}

    # Words ------------------------------------------------------------------------------------------------------------

    def phrase(self, words: Sequence[Word], forms: Sequence[str], noun: Noun) -> str:
        """Words in the forms a pattern asks for; a form that is no rule is looked up among a word's own."""
        chosen = _chosen(words, forms)
        own = next((form for form in forms if form and form not in RULES), "")
        said = [Word(self.shaped(word, own, noun), word.forms) for word in chosen] if own else list(chosen)
        if "agree" in forms:
            said = [Word(self.agreed(word, noun), word.forms) for word in said]
        rule = next((form for form in forms if form in JOINING), "")
        return self.joined(said, rule, noun)

    def joined(self, words: Sequence[Word], rule: str, noun: Noun) -> str:
        """Several words as one, by a rule of JOINING or none."""
        if rule == "list":
            return self.comma.join(word.text for word in words)
        if rule == "of":
            return self.of(words, noun)
        if rule == "in":
            return self.listed([word.forms.get("in", word.text) for word in words])
        return self.listed([word.text for word in words])

    def listed(self, words: Sequence[str]) -> str:
        """One after another: `a, b and c`."""
        *first, last = words
        return f"{self.comma.join(first)}{self.last_comma}{last}" if first else last

    def of(self, words: Sequence[Word], noun: Noun) -> str:
        """What goods are of: *de sisal*, *k'ubudodo*."""
        return self.listed([word.text for word in words])

    def shaped(self, word: Word, form: str, noun: Noun) -> str:
        """A word in a form of its own, such as `done` or `full`; as it is where it has none."""
        return word.forms.get(form, word.text)

    def agreed(self, word: Word, noun: Noun) -> str:
        """A term that agrees with the goods."""
        return word.text

    def agree(self, stem: str, noun: Noun) -> str:
        """A word of a pattern that agrees with the goods."""
        return stem

    def at(self, place: str) -> str:
        """In a place."""
        return place

    def lower(self, text: str) -> str:
        """A name as it stands inside a sentence: its first letter small."""
        return text[:1].lower() + text[1:]

    # Numbers ----------------------------------------------------------------------------------------------------------

    def number(self, number: Decimal) -> str:
        """A number as it is written."""
        return f"{number:f}"

    def amount(self, number: Decimal, unit: str) -> str:
        """A number with its unit: `30 cm`; a thousand grams are a kilogram."""
        if unit in THOUSAND and number >= 1000:
            number, unit = (number / 1000).normalize(), THOUSAND[unit]
        return self._with_unit(self.number(number), unit, is_one=number == 1)

    def span(self, low: Decimal, high: Decimal, unit: str) -> str:
        """From one number to another: `1,700–2,000 m`."""
        written = self.number(low) if low == high else f"{self.number(low)}–{self.number(high)}"
        return self._with_unit(written, unit, is_one=low == high == 1)

    def between(self, low: Decimal, high: Decimal, unit: str) -> str:
        """The same as a sentence says it, with its preposition."""
        return self.span(low, high, unit)

    def times(self, numbers: Sequence[Decimal], unit: str) -> str:
        """Sides: `30 × 30 cm`."""
        return self._with_unit(self.cross.join(map(self.number, numbers)), unit, is_one=False)

    def days(self, number: int) -> str:
        """Some days; nothing for none."""
        return self.amount(Decimal(number), "days") if number else ""

    def _with_unit(self, written: str, unit: str, *, is_one: bool) -> str:
        one, several = self.units.get(unit, ("#", "#"))
        return (one if is_one else several).replace("#", written)

    # Texts ------------------------------------------------------------------------------------------------------------

    def title(self, text: str) -> str:
        """A text that stands alone, with a capital and without a full stop."""
        tidy = _SPACES.sub(" ", text).strip(" ,;:，、；：")
        return tidy[:1].upper() + tidy[1:]

    def paragraph(self, sentences: Sequence[str]) -> str:
        """Sentences one after another, each with its capital and its stop."""
        return " ".join(f"{self.title(text).rstrip(self.stop)}{self.stop}" for text in sentences)

    def aside(self, remarks: Sequence[str]) -> str:
        """Remarks in brackets; nothing for none."""
        return f" ({self.comma.join(remarks)})" if remarks else ""


def _chosen(words: Sequence[Word], forms: Sequence[str]) -> Sequence[Word]:
    """The first of them, or those that matter, or all."""
    main = [word for word in words if not word.is_minor] if "main" in forms or "first" in forms else []
    return (main or words)[:1] if "first" in forms else main or words
