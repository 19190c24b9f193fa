"""What words mean in this shop: which phrases, of any language, name the same thing.

A meaning is a word of no language, such as `type:roasted-coffee`, `material:sisal`, `district:huye`, `word:篮子` or
`use:gift`. Goods are indexed under the meanings of their words and facts, and a query asks for meanings, so that 篮子,
basket and agaseke find the same goods whatever language they were written in. Pure: read from data files.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from .. import vocabulary
from ..vocabulary import DATA, Words

LANGUAGES = ("zh", "en", "fr", "rw")
# Answers that say what is not in a thing, or how to keep it: nobody looks for goods by them.
SILENT = frozenset({"allergen", "storage"})


@dataclass(frozen=True)
class Use:
    """What goods are looked for by without being named, such as a gift: types and shelves fit it, or will also do."""

    slug: str
    fits: frozenset[str]
    also: frozenset[str]
    phrases: tuple[str, ...]


@functools.cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Every meaning with all phrases that say it, as they are written in the data."""
    found: dict[str, list[str]] = {}
    for meaning, said in (*_of_vocabulary(), *_of_places(), *_of_lines()):
        found.setdefault(meaning, []).extend(phrase for phrase in said if phrase)
    return {meaning: tuple(dict.fromkeys(said)) for meaning, said in found.items()}


@functools.cache
def uses() -> tuple[Use, ...]:
    """What goods of a kind are for, beside what they are."""
    with (DATA / "uses.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(
            Use(
                row["slug"],
                frozenset(row["fits"].split()),
                frozenset(row["also"].split()),
                tuple(_listed(row["phrases"])),
            )
            for row in csv.DictReader(rows)
        )


def uses_of(product_type: str, category: str) -> tuple[list[str], list[str]]:
    """The meanings of what goods of this type and shelf are for: what they fit, and for what they will also do."""
    its = {product_type, f"category:{category}"}
    fits = [f"use:{use.slug}" for use in uses() if its & use.fits]
    return fits, [f"use:{use.slug}" for use in uses() if its & use.also and not its & use.fits]


@functools.cache
def shelves() -> dict[str, Words]:
    """The names of the shop's shelves by their slug, in their order."""
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as rows:
        return {row["slug"]: Words(*(row[f"name_{tongue}"] for tongue in LANGUAGES)) for row in csv.DictReader(rows)}


@functools.cache
def empty_words() -> frozenset[str]:
    """Words that say nothing about goods: particles, and what buyers say around the thing they want."""
    return frozenset(word for line in lines("empty_words.txt") for word in line.split())


def lines(name: str) -> list[str]:
    """The lines of a data file, without comments and blanks."""
    read = (DATA / name).read_text("utf-8").splitlines()
    return [line.strip() for line in read if line.strip() and not line.startswith("#")]


def _of_vocabulary() -> Iterator[tuple[str, list[str]]]:
    for kind in vocabulary.types().values():
        yield f"type:{kind.slug}", [kind.name.of(language) for language in LANGUAGES]
    for attribute in vocabulary.attributes():
        if attribute not in SILENT:
            for term in vocabulary.terms(attribute).values():
                bent = [form for name, form in term.forms.items() if _is_a_form(name)]
                yield f"{attribute}:{term.slug}", [*(term.name.of(language) for language in LANGUAGES), *bent]


def _of_places() -> Iterator[tuple[str, list[str]]]:
    for slug, names in shelves().items():
        yield f"category:{slug}", [names.of(language) for language in LANGUAGES]
    with (DATA / "districts.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            yield f"district:{row['name_en'].lower()}", [row["name_zh"], row["name_en"]]


def _of_lines() -> Iterator[tuple[str, list[str]]]:
    for line in lines("synonyms.txt"):
        said = _listed(line)
        yield f"word:{said[0]}", said
    for use in uses():
        yield f"use:{use.slug}", list(use.phrases)


def _is_a_form(name: str) -> bool:
    """Whether a form is a word as people say it: `fr.f`, but no stem and no note such as `minor`."""
    language, dot, which = name.partition(".")
    return bool(dot) and language in LANGUAGES and which != "stem"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
