"""Words that many people look for, counted without knowing anybody: a word, a language, a day, a number."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Sum

from kernel import work

from . import segments, vocabulary
from .finding import meanings
from .models import Product, SearchWord

# A word is shown once it was counted so often; a person's own words stay theirs.
ENOUGH = 5
MOST = 8
LONGEST = 20
KEPT = timedelta(days=30)
# What sells best fills the list up while few words are known: the kinds among so many goods.
LOOKED_AT = 60


def count(query: str, language: str, *, now: datetime) -> None:
    """Count a query that found something, at most once a minute. Numbers and long texts may be somebody's: never."""
    word = segments.query(query)
    if not word or len(word) > LONGEST or sum(char.isdigit() for char in word) > 3:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_searchword (word, language, day, times, counted_at) VALUES (%s, %s, %s, 1, %s)
            ON CONFLICT (word, language, day) DO UPDATE
                SET times = catalog_searchword.times + 1, counted_at = excluded.counted_at
                WHERE catalog_searchword.counted_at <= excluded.counted_at - interval '1 minute'
            """,
            [word, language[:2], now.date(), now],
        )


def searched(language: str, *, now: datetime, beginning: str = "", most: int = MOST) -> list[str]:
    """The words looked for most in these thirty days, of those that are looked for enough."""
    known = SearchWord.objects.filter(language=language[:2], day__gt=(now - KEPT).date(), word__startswith=beginning)
    often = known.values("word").annotate(sum=Sum("times")).filter(sum__gte=ENOUGH)
    return list(often.order_by("-sum", "word").values_list("word", flat=True)[:most])


def words(language: str, *, now: datetime) -> list[str]:
    """Words to offer on the search page: what people look for, then the kinds of goods that sell best."""
    found = searched(language, now=now)
    if len(found) < MOST:
        found += _kinds_that_sell(language)
    return list(dict.fromkeys(found))[:MOST]


@work.every(seconds=86_400)
def forget(*, now: datetime) -> None:
    """Delete the counts of days that no list reads any more."""
    SearchWord.objects.filter(day__lte=(now - KEPT).date()).delete()


def _kinds_that_sell(language: str) -> list[str]:
    best = Product.objects.on_sale().order_by("-units_sold", "pk")
    slugs = dict.fromkeys(best.values_list("product_type", flat=True)[:LOOKED_AT])
    kinds = [vocabulary.types()[slug].name.of(language) for slug in slugs if slug in vocabulary.types()]
    if len(kinds) < MOST:
        kinds += [shelf.of(language) for shelf in meanings.shelves().values()]
    return kinds
