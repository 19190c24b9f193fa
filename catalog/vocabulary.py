"""The words in which goods are described: types of products, what can be said of each, and every answer to choose from.

All of it is data (`data/types.csv`, `attributes.csv`, `terms.csv`), in four languages, with what grammar needs: so that
an artisan chooses pictures and words, and Chinese sentences follow. No database here. A test reads the files whole.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"
REVIEWED = ("types.csv", "attributes.csv", "terms.csv", "wordings.csv", "patterns.csv")


class Kind(StrEnum):
    """What an answer looks like: one term, several terms, a number, from-to (two numbers), a proper name."""

    TERM = "term"
    TERMS = "terms"
    NUMBER = "number"
    RANGE = "range"
    NAME = "name"


@dataclass(frozen=True)
class Words:
    """One thing said in four languages."""

    zh: str
    en: str
    fr: str
    rw: str

    def of(self, language: str) -> str:
        """In this language: `zh`, `en`, `fr` or `rw`, or a tag such as `zh-hans`."""
        return str(getattr(self, language[:2], self.en))

    def __str__(self) -> str:
        return self.of(get_language() or "en")


@dataclass(frozen=True)
class Attribute:
    """Something that can be said of goods. `ask` is the question to the seller; numbers are in `unit`.

    `is_filter`: buyers may choose by it. `is_option`: variants of one product may differ in it.
    """

    slug: str
    kind: Kind
    unit: str
    name: Words
    ask: Words
    is_filter: bool
    is_option: bool


@dataclass(frozen=True)
class Term:
    """One answer to an attribute of terms. `forms` are what grammar needs, such as `fr.f` or `rw.stem`.

    `fits` are the types and shelves whose sellers are offered it; all are where it is empty.
    """

    attribute: str
    slug: str
    name: Words
    forms: dict[str, str] = field(default_factory=dict, hash=False)
    fits: tuple[str, ...] = ()

    def forms_of(self, language: str) -> dict[str, str]:
        """The forms of one language by their short name: `f`, `mp`, `stem`."""
        start = f"{language}."
        return {name[len(start) :]: form for name, form in self.forms.items() if name.startswith(start)}


@dataclass(frozen=True)
class ProductType:
    """A kind of goods: its shelf, tariff line, regulation (`food`, `textile`, `general`), and what is said of it.

    `needs` must be answered before a product is sent for review, `may` can be; `axes` are the attributes by which its
    variants may differ, two at most in one product. `implies` are facts that hold for all such goods and are not asked.
    `grammar` holds what sentences need: `zh` the measure word, `en` p for a plural, `fr` gender and number, `rw` the
    noun class, and `noun.en` where a sentence has a shorter word for it.
    """

    slug: str
    category: str
    hs: str
    regulation: str
    name: Words
    needs: tuple[str, ...]
    may: tuple[str, ...]
    axes: tuple[str, ...]
    implies: dict[str, str] = field(default_factory=dict, hash=False)
    grammar: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def attributes(self) -> list[Attribute]:
        """All that can be said of it, what must be said first."""
        return [attributes()[slug] for slug in (*self.needs, *self.may)]


@functools.cache
def types() -> dict[str, ProductType]:
    """Every type by its slug, in the order in which a seller is asked."""
    return {
        row["slug"]: ProductType(
            slug=row["slug"],
            category=row["category"],
            hs=row["hs"],
            regulation=row["regulation"],
            name=_words(row, "name"),
            needs=tuple(row["needs"].split()),
            may=tuple(row["may"].split()),
            axes=tuple(row["axes"].split()),
            implies=_pairs(row["implies"]),
            grammar=_pairs(row["grammar"]),
        )
        for row in _rows("types.csv")
    }


@functools.cache
def attributes() -> dict[str, Attribute]:
    """Every attribute by its slug, in the order of a specification."""
    return {
        row["slug"]: Attribute(
            slug=row["slug"],
            kind=Kind(row["kind"]),
            unit=row["unit"],
            name=_words(row, "name"),
            ask=_words({"ask_zh": row["name_zh"], **row}, "ask"),
            is_filter="filter" in row["uses"].split(),
            is_option="option" in row["uses"].split(),
        )
        for row in _rows("attributes.csv")
    }


def terms(attribute: str) -> dict[str, Term]:
    """The answers to one attribute by their slug, in the order in which they are offered."""
    return _terms().get(attribute, {})


def offered(product_type: ProductType, attribute: str) -> list[Term]:
    """The answers that make sense for such goods, for a form; a stored answer may be any."""
    where = {product_type.slug, product_type.category}
    return [term for term in terms(attribute).values() if not term.fits or where & set(term.fits)]


def types_of(category: str) -> list[ProductType]:
    """The types of one shelf."""
    return [known for known in types().values() if known.category == category]


def wording(slug: str) -> Words:
    """A fixed word of specifications, labels and alt texts, such as `origin`."""
    return _wordings()[slug]


def to_review() -> list[tuple[str, str]]:
    """(English, Kinyarwanda) of all that a native speaker must still read: rows marked in the column `review`."""
    found = []
    for name in REVIEWED:
        for row in _rows(name):
            if row["review"]:
                pairs = [(row[column], row[f"{column[:-3]}_rw"]) for column in row if column.endswith("_en")]
                found += pairs or [(row["en"], row["rw"])]
    return found


@functools.cache
def _terms() -> dict[str, dict[str, Term]]:
    found: dict[str, dict[str, Term]] = {}
    for row in _rows("terms.csv"):
        fits = tuple(row["for"].split())
        term = Term(row["attribute"], row["slug"], _words(row, "name"), _pairs(row["forms"]), fits)
        found.setdefault(term.attribute, {})[term.slug] = term
    return found


@functools.cache
def _wordings() -> dict[str, Words]:
    return {row["slug"]: Words(row["zh"], row["en"], row["fr"], row["rw"]) for row in _rows("wordings.csv")}


def _words(row: dict[str, str], column: str) -> Words:
    return Words(*(row[f"{column}_{language}"] for language in ("zh", "en", "fr", "rw")))


def _pairs(text: str) -> dict[str, str]:
    """`fr=f;rw=9` as a dict."""
    return dict(pair.split("=", 1) for pair in text.split(";") if pair)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
