"""Slips of the keyboard: which known word was probably meant. Pure."""

from __future__ import annotations

import functools
import re

from . import phrases

SHORTEST, LONGEST = 4, 24
_LETTERS = re.compile(r"[a-z]+")


@functools.cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Known Latin words and pinyin of some length, by their first letter."""
    found = {word for phrase in phrases.known() for word in phrase.split() if _LETTERS.fullmatch(word)} | set(
        phrases.by_pinyin()
    )
    by_first: dict[str, list[str]] = {}
    for word in sorted(word for word in found if len(word) >= SHORTEST):
        by_first.setdefault(word[0], []).append(word)
    return {first: tuple(words) for first, words in by_first.items()}


def near(word: str) -> list[str]:
    """The known words within a slip or two of this one, the nearest only; four at most."""
    if not _LETTERS.fullmatch(word) or not SHORTEST <= len(word) <= LONGEST:
        return []
    most = 1 if len(word) < 8 else 2
    # The first letter is seldom wrong; where it is, the second is right.
    found: dict[int, list[str]] = {}
    for other in (*_lexicon().get(word[0], ()), *_lexicon().get(word[1], ())):
        if abs(len(other) - len(word)) <= most and (slips := distance(word, other, most)) <= most:
            found.setdefault(slips, []).append(other)
    return found[min(found)][:4] if found else []


def distance(one: str, other: str, most: int) -> int:
    """How many letters were missed, added, changed or swapped with their neighbour; `most` + 1 where it is more."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, counterpart in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != counterpart))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == counterpart:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
