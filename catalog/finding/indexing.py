"""The words under which goods are found, written out for PostgreSQL. Pure: reads what it is given, writes text.

Names weigh most (A), then what is known of the goods, their shelf and place (B), then descriptions and what the goods
are for (C), then what they will also do for, with names of people and shops (D). Lexemes are of several sorts, told
apart by their first sign: see `catalog.finding.asking`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from .. import facts, places, segments, vocabulary
from ..facts import Fact
from ..models import Product
from . import asking, meanings, phrases
from .meanings import LANGUAGES

LONGEST_WORD = 100
# A place is a number with a weight; only the weight counts here.
_PLACES = {"A": "1A", "B": "2B", "C": "3C", "D": "4D"}


def vector(product: Product) -> str:
    """A product's tsvector as text. Reads `category`, `seller` and `maker` too."""
    weights: dict[str, set[str]] = {}
    known = _facts(product)
    for weight, lexemes in _lexemes(product, known):
        for lexeme in lexemes:
            weights.setdefault(lexeme, set()).add(weight)
    # What it is, its type and shelf say; another kind that its texts speak of, it is not.
    its = set(_means(product, known))
    kinds = ("=category:", "=type:") if product.product_type in vocabulary.types() else ("=category:",)
    return " ".join(
        f"{asking.quoted(lexeme[:LONGEST_WORD])}:{','.join(_PLACES[weight] for weight in sorted(found))}"
        for lexeme, found in weights.items()
        if not lexeme.startswith(kinds) or lexeme in its
    )


def typed(product: Product) -> str:
    """The Latin side of a product, for words that are almost right: names, pinyin, shop."""
    names = [getattr(product, f"name_{tongue}") for tongue in LANGUAGES]
    return segments.typed(*names, product.category.name_zh, product.seller.name)[:4000]


def _lexemes(product: Product, known: list[Fact]) -> Iterator[tuple[str, Iterable[str]]]:
    for language in LANGUAGES:
        yield "A", _of_text(getattr(product, f"name_{language}"), language)
        said = _said(product, known, language)
        yield "B", (lexeme for text in said for lexeme in _of_text(text, language))
        if language == "zh":
            yield "B", (lexeme for text in said for lexeme in _spelt(text))
        yield "C", _of_text(getattr(product, f"description_{language}"), language)
    yield "A", _spelt(product.name_zh)
    # The last character of a Chinese word is its kind: a 套碗 is a 碗.
    yield "B", [word[-1] for word in segments.plain_words(product.name_zh) if len(word) > 1 and segments.is_han(word)]
    yield "B", _means(product, known)
    fits, also = meanings.uses_of(product.product_type, product.category.slug)
    yield "C", [f"={use}" for use in fits]
    yield "D", [f"={use}" for use in also]
    people = [product.seller.name, product.seller.name_zh, product.maker.name if product.maker else ""]
    yield "D", [f"@{word}" for word in segments.words(" ".join(people))]


@functools.lru_cache(maxsize=20_000)
def _of_text(text: str, language: str) -> tuple[str, ...]:
    return (*segments.words(text), *(f"={meaning}" for meaning in phrases.meant(text, language)))


@functools.lru_cache(maxsize=20_000)
def _spelt(text: str) -> tuple[str, ...]:
    return tuple(f"~{spelt}" for spelt in segments.typed_beginnings(text))


def _said(product: Product, known: list[Fact], language: str) -> list[str]:
    """All that is known of it, in a language: type, shelf, place, and the terms of its facts."""
    district = product.district or product.seller.district
    place = places.in_chinese().get(district, "") if language == "zh" else district
    said = ["卢旺达" if language == "zh" else "Rwanda", place, getattr(product.category, f"name_{language}")]
    if kind := vocabulary.types().get(product.product_type):
        said.append(kind.name.of(language))
        for fact in (one for one in known if one.attribute.slug not in meanings.SILENT):
            said += [fact.name, *(term.name.of(language) for term in fact.terms)]
            said += [f"{number}{fact.attribute.unit}" for number in fact.numbers if fact.attribute.unit in {"g", "cm"}]
    return [text for text in said if text]


def _means(product: Product, known: list[Fact]) -> list[str]:
    kind = vocabulary.types().get(product.product_type)
    found = [f"=category:{product.category.slug}", *([f"=type:{kind.slug}"] if kind else [])]
    return found + [f"={mark}" for fact in known for mark in _marks(fact)]


def _facts(product: Product) -> list[Fact]:
    """What was answered of it, and what holds for all goods of its type."""
    kind = vocabulary.types().get(product.product_type)
    if kind is None:
        return []
    implied = [facts.single(vocabulary.attributes()[slug], value) for slug, value in kind.implies.items()]
    return [*facts.read(kind, product.facts).values(), *(fact for fact in implied if fact)]


def _marks(fact: Fact) -> list[str]:
    return [f"{fact.attribute.slug}:{term.slug}" for term in fact.terms if fact.attribute.slug not in meanings.SILENT]
