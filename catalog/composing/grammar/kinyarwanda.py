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
# Rule -> its particle: by whom, of the pattern (a noun of class 3), like what.
PARTICLES = {"by": "na", "wa": "wa", "like": "nka"}
# Districts that are spoken of as a country ("in"), not as a hill ("at").
INSIDE = {"Bugesera", "Rwanda"}


def concord(noun_class: str, stem: str) -> str:
    """A verb stem, or the connecting a, with the prefix of a class: 12 and boshywe give kaboshywe."""
    plain, before_vowel = PREFIXES[noun_class]
    if stem.startswith(("'", *_VOWELS)):
        return before_vowel + stem
    if plain[0] in _SOFT and stem.startswith(_VOICELESS):
        plain = _SOFT[plain[0]] + plain[1:]
    return plain + stem


def meeting(particle: str, text: str) -> str:
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
        return f"{', '.join(first)} {meeting('na', last)}" if first else last

    def of(self, words: Sequence[Word], noun: Noun) -> str:
        text = self.listed([word.text for word in words])
        if text.startswith(("mu ", "ku ")):
            return f"{concord(noun.kind, 'o')} {text}"
        return meeting(concord(noun.kind, "a"), text)

    def joined(self, words: Sequence[Word], rule: str, noun: Noun) -> str:
        """After *mu* (`in`) a first vowel falls; PARTICLES lose theirs before a vowel: *nk'icunga*, *w'umuraza*."""
        first, *others = words
        if rule == "in":
            bare = first.text[1:] if first.text.startswith(_VOWELS) else first.text
            return self.listed([first.forms.get("in", bare), *(word.text for word in others)])
        if rule in PARTICLES:
            return meeting(PARTICLES[rule], self.listed([word.text for word in words]))
        return super().joined(words, rule, noun)

    def shaped(self, word: Word, form: str, noun: Noun) -> str:
        """What was done to goods is said by a stem with the prefix of their class."""
        return self.agreed(word, noun) if form == "done" else super().shaped(word, form, noun)

    def agreed(self, word: Word, noun: Noun) -> str:
        stem = word.forms.get("stem", "")
        return concord(noun.kind, stem) if stem else word.text

    def agree(self, stem: str, noun: Noun) -> str:
        """`{=kozwe}` *gikozwe*, `{=a}` *cya*, `{=nti-fata}` *ntigifata*, *ntifata*."""
        if not stem.startswith("nti-"):
            return concord(noun.kind, stem)
        said = concord(noun.kind, stem.removeprefix("nti-"))
        return f"nt{said}" if said.startswith(_VOWELS) else f"nti{said}"

    def between(self, low: Decimal, high: Decimal, unit: str) -> str:
        if low == high:
            return f"bwa {self.span(low, high, unit)}"
        return f"buri hagati ya {self.amount(low, unit)} na {self.number(high)}"

    def at(self, place: str) -> str:
        if not place:
            return ""
        return f"mu {place}" if place in INSIDE else f"i {place}"
