"""What a buyer may be typing: kinds of goods, shelves, terms, shops and words that others look for.

Only what leads to goods on sale now is suggested, so that nothing is known here that the shop does not show.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode

from sellers.models import Seller

from . import filters, popular, segments, vocabulary
from .finding import asking, meanings, phrases
from .models import Category, Product
from .search import Words

MOST = 8
# Candidates that are asked of the database.
MOST_TRIED = 12
MOST_SHOPS = 3
LONGEST = 40


@dataclass(frozen=True)
class Suggestion:
    """A text to offer, what it is (`word`, `kind`, `category`, `term`, `shop`) and where it leads."""

    text: str
    kind: str
    url: str


@dataclass(frozen=True)
class _Entry:
    """Something known by name: what is typed for it, and how its goods are told."""

    kind: str
    slug: str
    names: vocabulary.Words
    own: tuple[str, ...]
    typed: tuple[str, ...]
    goods: Q


def suggest(typed: str, language: str, *, now: datetime) -> list[Suggestion]:
    """At most eight suggestions, the likeliest first. Nothing for nothing."""
    beginning = segments.query(typed[:LONGEST])
    if not beginning:
        return []
    words = [(word, _matching(word)) for word in popular.searched(language, now=now, beginning=beginning, most=4)]
    entries = _beginning(beginning, language)[: MOST_TRIED - len(words)]
    there = _on_sale([goods for _word, goods in words] + [entry.goods for entry in entries])
    found = [_search(word, "word") for (word, _goods), is_there in zip(words, there, strict=False) if is_there]
    found += _shops(beginning, language)
    found += [_entry(entry, language) for entry, is_there in zip(entries, there[len(words) :], strict=True) if is_there]
    return list({suggestion.text: suggestion for suggestion in reversed(found)}.values())[::-1][:MOST]


def _beginning(beginning: str, language: str) -> list[_Entry]:
    """What begins like this: by its name in the reader's language first, then by another name, then by a synonym."""

    def how(entry: _Entry) -> int:
        if any(way.startswith(beginning) for way in _ways(phrases.plainly(entry.names.of(language)))):
            return 0
        return 1 if any(way.startswith(beginning) for way in entry.own) else 2

    return sorted((entry for entry in _entries() if any(way.startswith(beginning) for way in entry.typed)), key=how)


@functools.cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(_shelves()) + tuple(_kinds()) + tuple(_terms())


def _shelves() -> Iterator[_Entry]:
    for slug, names in meanings.shelves().items():
        yield _known("category", slug, names, Q(category__slug=slug))


def _kinds() -> Iterator[_Entry]:
    for slug, kind in vocabulary.types().items():
        yield _known("kind", slug, kind.name, Q(product_type=slug))


def _terms() -> Iterator[_Entry]:
    for facet in filters.facets().values():
        for slug, name in facet.values.items() if facet.mark else ():
            yield _known("term", f"{facet.slug}={slug}", name, Q(marks__contains=[f"{facet.mark}:{slug}"]))


def _known(kind: str, slug: str, names: vocabulary.Words, goods: Q) -> _Entry:
    """An entry that is found by its names, by what else means the same, and by how these are typed."""
    plain = {phrases.plainly(names.of(language)) for language in meanings.LANGUAGES}
    means = {meaning for phrase in plain for meaning in phrases.known().get(phrase, ())}
    others = {phrase for phrase, its in phrases.known().items() if its & means}
    own, typed = ({way for phrase in said for way in _ways(phrase)} for said in (plain, plain | others))
    return _Entry(kind, slug, names, tuple(sorted(own)), tuple(sorted(typed)), goods)


def _ways(phrase: str) -> list[str]:
    """How a phrase may begin to be typed: from any Latin word of it on; in Chinese, as it is or in Latin letters."""
    if segments.is_han(phrase):
        return [phrase, *segments.pinyin(phrase)]
    words = phrase.split()
    return [" ".join(words[start:]) for start in range(len(words))]


def _entry(entry: _Entry, language: str) -> Suggestion:
    name = entry.names.of(language)
    match entry.kind:
        case "category":
            return Suggestion(name, entry.kind, reverse("catalog:category", args=[entry.slug]))
        case "kind":
            shelf = reverse("catalog:category", args=[vocabulary.types()[entry.slug].category])
            return Suggestion(name, entry.kind, f"{shelf}?{urlencode({'type': entry.slug})}")
        case _:
            return _search(name, "term")


def _search(text: str, kind: str) -> Suggestion:
    return Suggestion(text, kind, f"{reverse('catalog:search')}?{urlencode({'q': text})}")


def _shops(beginning: str, language: str) -> list[Suggestion]:
    """Shops with goods on sale; their names are few enough to look through."""
    selling = Seller.objects.selling().filter(Q(name__icontains=beginning) | Q(name_zh__icontains=beginning))
    with_goods = selling.filter(Exists(Product.objects.on_sale().filter(seller=OuterRef("pk")))).order_by("name", "pk")
    return [
        Suggestion(
            (language.startswith("zh") and shop.name_zh) or shop.name,
            "shop",
            reverse("catalog:shop", args=[shop.slug]),
        )
        for shop in with_goods.only("slug", "name", "name_zh")[:MOST_SHOPS]
    ]


def _matching(word: str) -> Q:
    asked = asking.understand(word)
    return Q(search_tokens=Words(asked.exact)) if asked else Q(pk=None)


def _on_sale(wanted: list[Q]) -> list[bool]:
    """Of each of several conditions, whether goods on sale meet it. One query."""
    if not wanted:
        return []
    asked = {f"is_{place}": Exists(Product.objects.on_sale().filter(goods)) for place, goods in enumerate(wanted)}
    answer = Category.objects.annotate(**asked).values_list(*asked)[:1]
    return list(answer[0]) if answer else [False] * len(wanted)
