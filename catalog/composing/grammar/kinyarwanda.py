"""Kinyarwanda: sixteen noun classes, and the short vowels that give way.

The prefix of a class stands before a verb stem (*kaboshywe*, woven) and before the connecting -a (*ka*, of). Before a
voiceless consonant k and t soften to g and d (*gakozwe*, made: Dahl's law); before a vowel each has a second form
(*cyera*, white).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .base import Grammar, Noun, Word

# Noun class -> prefix before a consonant, before a vowel.
PREFIXES = {
    "1": ("u", "w"),
    "2": ("ba", "b"),
    "3": ("u", "w"),
    "4": ("i", "y"),
    "5": ("ri", "ry"),
    "6": ("a", "y"),
    "7": ("ki", "cy"),
    "8": ("bi", "by"),
    "9": ("i", "y"),
    "10": ("zi", "z"),
    "11": ("ru", "rw"),
    "12": ("ka", "k"),
    "13": ("tu", "tw"),
    "14": ("bu", "bw"),
    "15": ("ku", "kw"),
    "16": ("ha", "h"),
}
_SOFT = {"k": "g", "t": "d"}
_VOICELESS = tuple("ptkscfh")
_VOWELS = tuple("aeiouAEIOU")
# Districts that are spoken of as a country ("in"), not as a hill ("at").
INSIDE = {"Bugesera", "Rwanda"}


def concord(noun_class: str, stem: str) -> str:
    """A verb stem, or the connecting a, with the prefix of a class: 12 and boshywe give kaboshywe."""
    plain, before_vowel = PREFIXES[noun_class]
    if stem.startswith(_VOWELS):
        return before_vowel + stem
    if plain[0] in _SOFT and stem.startswith(_VOICELESS):
        plain = _SOFT[plain[0]] + plain[1:]
    return plain + stem


def joined(particle: str, text: str) -> str:
    """A particle and what follows: *ya* and *ikawa* give *y'ikawa*."""
    return f"{particle[:-1]}'{text}" if text.startswith(_VOWELS) else f"{particle} {text}"


class Kinyarwanda(Grammar):
    """`grammar` of a type is its noun class. A term may bring a `stem` that takes the class's prefix, and what
    it is after *mu* (`in`) where its first vowel stays.
    """

    language = "rw"
    units = {
        "cm": ("cm #", "cm #"),
        "m": ("m #", "m #"),
        "g": ("# g", "# g"),
        "kg": ("# kg", "# kg"),
        "ml": ("# ml", "# ml"),
        "l": ("# l", "# l"),
        "gsm": ("# g/m²", "# g/m²"),
        "percent": ("#%", "#%"),
        "days": ("umunsi #", "iminsi #"),
        "months": ("ukwezi #", "amezi #"),
        "points": ("inota #", "amanota #"),
        "yards": ("yadi #", "yadi #"),
        "strings": ("umurya #", "imirya #"),
    }

    def number(self, number: Decimal) -> str:
        return f"{number:f}".replace(".", ",")

    def listed(self, words: Sequence[str]) -> str:
        *first, last = words
        return f"{', '.join(first)} {joined('na', last)}" if first else last

    def of(self, words: Sequence[Word], noun: Noun) -> str:
        return joined(concord(noun.kind, "a"), self.listed([word.text for word in words]))

    def within(self, words: Sequence[Word]) -> str:
        first, *others = words
        bare = first.text[1:] if first.text.startswith(_VOWELS) else first.text
        return self.listed([first.forms.get("in", bare), *(word.text for word in others)])

    def agreed(self, word: Word, noun: Noun) -> str:
        stem = word.forms.get("stem", "")
        return concord(noun.kind, stem) if stem else word.text

    def agree(self, stem: str, noun: Noun) -> str:
        return concord(noun.kind, stem)

    def at(self, place: str) -> str:
        if not place:
            return ""
        return f"mu {place}" if place in INSIDE else f"i {place}"
