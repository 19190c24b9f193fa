"""The pattern language of composed sentences, and where the patterns are.

{slot}          a fact, or what is known about the goods; a pattern with an empty slot says nothing at all
{slot:form}     the same in a form: `agree`, `of`, `first`, `bare`; several are joined by dots
{=word}         a word of the pattern that agrees with the goods: `{=tissé}` is *tissée* where the goods are feminine
{slot?term}     says nothing itself, and needs the fact to be this term
[one|other]     the first of these whose slots are filled; nothing where none is
[~one|other]    the same, left out first where a title gets too long
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.vocabulary import DATA, ProductType

if TYPE_CHECKING:
    from .slots import Slots

_MARK = re.compile(r"\{[^{}]*\}|\[~?|\]|\||[^{}\[\]|]+")


@dataclass(frozen=True)
class Slot:
    """A place to fill: `{name:form}`, `{=word}` or `{name?term}`."""

    text: str


@dataclass(frozen=True)
class Choice:
    """Alternatives in brackets."""

    ways: tuple[Pattern, ...]
    can_go: bool


Pattern = tuple["str | Slot | Choice", ...]


class BadPattern(ValueError):
    """A pattern with a bracket too many or too few."""


def of(product_type: ProductType, part: str, language: str) -> list[Pattern]:
    """The patterns of one part of a text: those of the type, else of its shelf, else of all food or all crafts."""
    known = _all()
    kind = "food" if product_type.regulation == "food" else "craft"
    other = f"other-{kind}" if product_type.slug.endswith("-other") else ""
    for scope in (product_type.slug, other, product_type.category, kind, "*"):
        if found := known.get((scope, part, language)):
            return found
    raise KeyError(f"no pattern for {part} of {product_type.slug} in {language}")


def fill(pattern: Pattern, slots: Slots) -> str:
    """The text; nothing where a slot outside brackets is empty."""
    return _fill(pattern, slots) or ""


def fit(pattern: Pattern, slots: Slots, longest: int, *, all_may_go: bool = False) -> str:
    """The text, without its last `[~...]` (or brackets of any kind) where that makes it fit."""
    spare = [piece for piece in pattern if isinstance(piece, Choice) and (piece.can_go or all_may_go)][::-1]
    for gone in range(len(spare) + 1):
        text = fill(tuple(piece for piece in pattern if not any(piece is out for out in spare[:gone])), slots)
        if len(text) <= longest:
            break
    return text


@functools.cache
def read(text: str) -> Pattern:
    """A pattern from its text. Raises BadPattern."""
    marks = _MARK.findall(text)
    if "".join(marks) != text:
        raise BadPattern(text)
    rest = iter(marks)
    pattern, end = _sequence(rest)
    if end:
        raise BadPattern(text)
    return pattern


def _sequence(marks: Iterator[str]) -> tuple[Pattern, str]:
    """The pieces up to a bar, a closing bracket or the end, and which of these it was."""
    pieces: list[str | Slot | Choice] = []
    for mark in marks:
        if mark in ("|", "]"):
            return tuple(pieces), mark
        if mark.startswith("["):
            pieces.append(_choice(marks, can_go=mark == "[~"))
        else:
            pieces.append(Slot(mark[1:-1]) if mark.startswith("{") else mark)
    return tuple(pieces), ""


def _choice(marks: Iterator[str], *, can_go: bool) -> Choice:
    ways, end = [], "|"
    while end == "|":
        way, end = _sequence(marks)
        ways.append(way)
    if end != "]":
        raise BadPattern("a bracket is not closed")
    return Choice(tuple(ways), can_go)


def _fill(pattern: Pattern, slots: Slots) -> str | None:
    parts = []
    for piece in pattern:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Slot):
            text = slots.fill(piece.text)
            if text is None:
                return None
            parts.append(text)
        else:
            parts.append(next((text for way in piece.ways if (text := _fill(way, slots)) is not None), ""))
    return "".join(parts)


@functools.cache
def _all() -> dict[tuple[str, str, str], list[Pattern]]:
    found: dict[tuple[str, str, str], list[Pattern]] = {}
    with (DATA / "patterns.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for language in ("zh", "en", "fr", "rw"):
                found.setdefault((row["scope"], row["part"], language), []).append(read(row[language]))
    return found
