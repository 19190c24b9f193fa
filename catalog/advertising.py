"""Words that may not stand in what a shop says of its goods, with the rule that forbids each. No database here.

The words are data (`data/banned_words.csv`): each with its languages and a kind, whose rule is here; words of the kind
`fine` look like one of them and are none (最近, "best before"). The same is asked of every language, because texts are
translated into Chinese. A text with a finding is not published: a person mends it.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .segments import fold

FILE = Path(__file__).parent / "data" / "banned_words.csv"
FINE = "fine"
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_GAP = re.compile(f"(?<={_HAN.pattern}) +(?={_HAN.pattern})")


@dataclass(frozen=True)
class Rule:
    """Why words of a kind are kept out, and what to write instead."""

    name: str | Promise
    advice: str | Promise


@dataclass(frozen=True)
class Finding:
    """A word as it stands in a text from `start` on, the rule against it, and what to do instead."""

    word: str
    rule: str | Promise
    advice: str | Promise
    kind: str
    start: int


RULES = {
    # Advertising Law of the People's Republic of China (2015, amended 2021), articles 9 and 17; Food Safety Law,
    # article 73; Trademark Law, article 14.
    "absolute": Rule(
        _("Advertising Law of China, article 9(3): no superlatives and no absolute words"),
        _("Say what it is and how it is made: a material, a number, a place. Readers judge for themselves."),
    ),
    "state": Rule(
        _("Advertising Law of China, article 9(1) and (2): no state symbols, no names of state bodies"),
        _("Leave it out."),
    ),
    "superstition": Rule(
        _("Advertising Law of China, article 9(8): no superstition"),
        _("Say what a pattern is called. Promise no luck and no protection."),
    ),
    "trademark": Rule(
        _("Trademark Law of China, article 14: “well-known trademark” may not be advertised"),
        _("Leave it out."),
    ),
    "health": Rule(
        _("Advertising Law of China, article 17; for food, Food Safety Law, article 73: no health claims"),
        _("Describe taste, smell and use. Do not say what it does to the body or against an illness."),
    ),
    "sharing": Rule(
        _("WeChat's rules for outside links: nobody is rewarded for sharing"),
        _("Leave it out. A page that asks to be shared can be blocked for everybody."),
    ),
    "outside": Rule(
        _("Rule of this house: buyers and sellers pay and write here"),
        _("Leave it out. Payment outside gives neither side any protection."),
    ),
}


def check(text: str, language: str) -> list[Finding]:
    """What may not stand in this text, in the order in which it is found. `language` is `zh`, `en`, `fr` or `rw`.

    Full width, traditional characters, accents and capitals make no difference; the longest word wins.
    """
    folded, places = _folded(text)
    # Chinese texts borrow English words, and Chinese words stand in other texts.
    also = {"en"} if language[:2] == "zh" else {"zh"} if _HAN.search(folded) else set()
    found = {one for tongue in {language[:2], *also} for one in _search(folded, tongue)}
    findings = []
    for kind, start, end in sorted(found, key=lambda one: one[1:]):
        word = text[places[start] : places[end - 1] + 1]
        findings.append(Finding(word, RULES[kind].name, RULES[kind].advice, kind, places[start]))
    return findings


def _search(folded: str, language: str) -> list[tuple[str, int, int]]:
    """(kind, start, end) of every banned word of a language."""
    kinds, pattern = _known(language)
    found = [(kinds[_plain(match.group())], *match.span()) for match in pattern.finditer(folded)]
    return [one for one in found if one[0] != FINE]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in one writing, and for each of its characters the place in the original.

    What is not seen, and spaces between Chinese characters, cannot hide a word.
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Cf":
            continue
        for one in fold(character):
            characters.append(" " if one.isspace() else one)
            places.append(place)
    folded = "".join(characters)
    gaps = {at for gap in _GAP.finditer(folded) for at in range(*gap.span())}
    kept = [at for at in range(len(folded)) if at not in gaps]
    return "".join(folded[at] for at in kept), [places[at] for at in kept]


@functools.cache
def _known(language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Kinds by folded word, and what finds the words, longest first."""
    kinds: dict[str, str] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if language in row["languages"].split():
                kinds[_plain(fold(row["word"]))] = row["kind"]
    words = sorted(kinds, key=len, reverse=True)
    return kinds, re.compile("|".join(map(_matcher, words)) or r"(?!)")


def _matcher(word: str) -> str:
    """A Chinese word stands anywhere; others stand alone, with any gap or hyphen between their parts."""
    if _HAN.search(word):
        return re.escape(word)
    return r"(?<![a-z0-9])" + r"[\s\-]+".join(map(re.escape, word.split(" "))) + r"(?![a-z0-9])"


def _plain(word: str) -> str:
    return re.sub(r"[\s\-]+", " ", word)
