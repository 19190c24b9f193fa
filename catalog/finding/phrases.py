"""The phrases that mean something here, in plain writing, and where they stand in a text. Pure."""

from __future__ import annotations

import functools
import re

from .. import segments
from . import meanings

LONGEST = 5
LONGEST_SPELT = 24
_LETTERS = re.compile(r"[a-z]")


@functools.cache
def known() -> dict[str, frozenset[str]]:
    """Every phrase that means something, in plain writing, with what it means."""
    found: dict[str, set[str]] = {}
    for meaning, phrases in meanings.phrases().items():
        for phrase in phrases:
            if plain := plainly(phrase):
                found.setdefault(plain, set()).add(meaning)
    return {phrase: frozenset(all_of_it) for phrase, all_of_it in found.items()}


def plainly(phrase: str) -> str:
    """A phrase in the writing under which `known` has it: folded, without empty words."""
    if segments.is_han(phrase):
        return "".join(segments.query(phrase).split())
    return " ".join(word for word in segments.query(phrase).split() if word not in meanings.empty_words())


def of(words: list[str]) -> list[list[str]]:
    """Words put together where they mean something together, the longest first; all others alone."""
    found, start = [], 0
    while start < len(words):
        for end in range(min(start + LONGEST, len(words)), start, -1):
            if end == start + 1 or meanings_of(segments.join(words[start:end])):
                found.append(words[start:end])
                start = end
                break
    return found


def meanings_of(phrase: str) -> frozenset[str]:
    """What a phrase in plain writing means, in the singular too. Nothing: empty."""
    return known().get(phrase, frozenset()) | known().get(singular(phrase), frozenset())


@functools.lru_cache(maxsize=20_000)
def meant(text: str, language: str) -> frozenset[str]:
    """All that a text says of goods. What goods are for is not read out of texts, and neither are single characters.

    A longer phrase is taken whole: black tea is no black thing. But it is also what its main word says: in French and
    Kinyarwanda the first, else the last one.
    """
    words = [word for word in segments.plain_words(text) if word not in meanings.empty_words()]
    found: set[str] = set()
    for pieces in of(words):
        phrase = segments.join(pieces)
        if len(phrase) > 1:
            found |= meanings_of(phrase)
        if segments.is_han(phrase):
            found |= parts_of(phrase)
        elif len(pieces) > 1:
            found |= meanings_of(pieces[0 if language in {"fr", "rw"} else -1])
    return frozenset(meaning for meaning in found if not meaning.startswith("use:"))


def parts_of(han: str) -> frozenset[str]:
    """What the end of a Chinese word means, which is its main part, and its beginning if that is a word of its own."""
    ends = [han[start:] for start in range(1, len(han)) if han[start:] in known()][:1]
    begins = [han[:end] for end in range(len(han) - 1, 1, -1) if han[:end] in known()][:1]
    return frozenset(meaning for part in ends + begins for meaning in known()[part])


@functools.cache
def by_pinyin() -> dict[str, frozenset[str]]:
    """What Chinese phrases mean, by their pinyin without spaces."""
    found: dict[str, set[str]] = {}
    for phrase, means in known().items():
        if segments.is_han(phrase) and not _LETTERS.search(phrase):
            found.setdefault(segments.pinyin(phrase)[0], set()).update(means)
    return {spelt: frozenset(means) for spelt, means in found.items()}


def split(spelt: str) -> list[str]:
    """Known words whose pinyin stands here without spaces: `shuixikafei` is `shuixi`, `kafei`. None: empty."""
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(spelt) + 1):
        for start in range(max(0, end - LONGEST_SPELT), end - 1):
            if start in best and spelt[start:end] in by_pinyin():
                way = [*best[start], spelt[start:end]]
                if end not in best or len(way) < len(best[end]):
                    best[end] = way
    found = best.get(len(spelt), [])
    return found if len(found) > 1 else []


def is_spelt(query: str) -> bool:
    """Whether a query is known Chinese in Latin letters, with or without spaces between the syllables."""
    whole = "".join(segments.query(query).split())
    return whole in by_pinyin() or bool(split(whole))


def singular(phrase: str) -> str:
    """An English or French phrase with its last word in the singular, as well as its letters tell."""
    for ending, becomes in (("ies", "y"), ("ves", "f"), ("eaux", "eau"), ("ses", "se"), ("xes", "x"), ("s", "")):
        stem = phrase.removesuffix(ending)
        if stem != phrase and len(stem.rpartition(" ")[2]) > 2 and not stem.endswith("s"):
            return stem + becomes
    return phrase
