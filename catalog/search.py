"""Finding goods: by words, best first, from one index; and the orders in which lists of goods can stand.

A product's words and meanings are stored in its row by `index`, so a search reads one GIN index, ranks what it found
and cuts nothing but the query. What words ask for is in `catalog.finding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, F, Func, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from kernel import work

from . import byindex, segments
from .finding import asking, indexing
from .finding.asking import Asked
from .models import Category, Product, ProductQuerySet
from .models.standing import stars

# 综合 (the best match, or the best standing), 销量, 价格 both ways, 新品, 好评优先.
SORTS = ("", "sales", "price", "-price", "new", "rated")
# A broad word matches half the shop. So many of its goods are looked at, and of those the ones that stand best ranked.
MOST_READ = 5_000
MOST_RANKED = 2_000
# What a word weighs by where it stands, from what goods are for (D) to their names (A).
WEIGHTS = "{0.1, 0.2, 0.5, 1.0}"
# Goods are as good a match as each other within such a step; then the better standing decides.
STEPS = 40
# Where fewer goods than this have all that was asked for, goods that have a part of it are shown after them.
FEW = 8
MOST_NEAR = 20
MOST_LIKELY = 100


class Words(SearchQuery):
    """A tsquery of clean words, written by us: Postgres' own parser would cut `24厘米` elsewhere than the index did."""

    def __init__(self, text: str) -> None:
        super().__init__(text, search_type="raw")
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **options: Any) -> Any:
        return "%s::tsquery", [self.text]


@dataclass(frozen=True)
class Found:
    """What a search found: the ids asked for, in order; how many there are in all, at most MOST_RANKED.

    `is_guess`: nothing had the words as typed, so these have what was probably meant. `near`: goods with a part of what
    was asked for, for where little or nothing has it all.
    """

    ids: list[int]
    count: int
    is_guess: bool = False
    near: list[int] = field(default_factory=list)


def find(query: str, *, category: Category | None = None, sort: str = "") -> ProductQuerySet:
    """Goods on sale that match, sorted by one of SORTS, a page of a hundred at most. No words: all goods."""
    goods = Product.objects.on_sale()
    if category is not None:
        goods = goods.filter(category=category)
    if not query.strip():
        return arrange(goods, sort)
    found = page(query, goods, sort, start=0, length=100)
    return in_order([*found.ids, *found.near])


def page(query: str, goods: ProductQuerySet, sort: str, *, start: int, length: int) -> Found:
    """A part of what matches, from goods on sale that may be filtered already.

    Words are all wanted. If nothing has them all, what was probably meant is; if then there are few, the nearest are
    added on the first page. An ordinary search costs one query, each step after it another.
    """
    asked = asking.understand(query)
    if not asked:
        return Found([], 0)
    found = _found(asked.exact, asked, goods, sort, start, length)
    if not found.count and asked.loose != asked.exact:
        guessed = _found(asked.loose, asked, goods, sort, start, length)
        found = Found(guessed.ids, guessed.count, is_guess=bool(guessed.count))
    if start or found.count >= FEW or (sort and found.count):
        return found
    near = _near(asked, goods) if asked.some != asked.exact else []
    if not (found.count or near) and not segments.is_han(query):
        near = _likely(segments.query(query), goods)
    return Found(found.ids, found.count, found.is_guess, [pk for pk in near if pk not in found.ids])


def matching(query: str, goods: ProductQuerySet) -> ProductQuerySet:
    """All of these goods that match, in no order: those that `page` counts, or the near ones where it counts none."""
    asked = asking.understand(query)
    for wanted in dict.fromkeys((asked.exact, asked.loose)):
        matched = goods.filter(search_tokens=Words(wanted)) if wanted else goods.none()
        if matched.exists():
            return matched
    return goods.filter(pk__in=page(query, goods, "", start=0, length=1).near)


def arrange(goods: ProductQuerySet, sort: str) -> ProductQuerySet:
    """Goods in the order a buyer asked for; where they asked for none, those of best standing first."""
    match sort:
        case "price":
            return goods.order_by("price_from_minor", "pk")
        case "-price":
            return goods.order_by("-price_from_minor", "-pk")
        case "sales":
            return goods.order_by("-units_sold", "pk")
        case "new":
            return goods.newest()
        case "rated":
            return goods.order_by(stars().desc(), "-standing")
        case _:
            return goods.order_by("-standing")


def in_order(ids: Sequence[int]) -> ProductQuerySet:
    """These goods, in this order."""
    listed = Value(list(ids), output_field=ArrayField(BigIntegerField()))
    return Product.objects.filter(pk__in=ids).order_by(Func(listed, F("pk"), function="array_position"))


def popular(count: int) -> ProductQuerySet:
    """What others buy, in stock."""
    return arrange(Product.objects.on_sale().filter(in_stock=True), "sales")[:count]


@work.task
def index(*, product_id: int) -> None:
    """Write a product's words into its row. Safe to repeat."""
    product = Product.objects.select_related("category", "seller", "maker").filter(pk=product_id).first()
    if product is None:
        return
    vector = Cast(Value(indexing.vector(product)), SearchVectorField())
    Product.objects.filter(pk=product.pk).update(search_tokens=vector, search_pinyin=indexing.typed(product))


def index_now(product: Product) -> None:
    """The same without waiting for a worker, for loading many."""
    index(product_id=product.pk)


def index_all() -> int:
    """Index every product anew, after the dictionary has changed; says how many."""
    ids = list(Product.objects.exclude(status=Product.Status.ARCHIVED).order_by("pk").values_list("pk", flat=True))
    for product_id in ids:
        index(product_id=product_id)
    return len(ids)


def _found(wanted: str, asked: Asked, goods: ProductQuerySet, sort: str, start: int, length: int) -> Found:
    matched = goods.filter(search_tokens=Words(wanted))
    try:
        return _sorted(matched, sort, start, length) if sort else _ranked(wanted, asked, matched, start, length)
    except EmptyResultSet:
        return Found([], 0)


def _sorted(matched: ProductQuerySet, sort: str, start: int, length: int) -> Found:
    part, parameters = arrange(matched, sort).values("pk")[start : start + length].query.sql_with_params()
    some, same = matched.order_by().values("pk")[:MOST_RANKED].query.sql_with_params()
    ((count, ids),) = byindex.rows(
        f"SELECT (SELECT count(*) FROM ({some}) counted), ARRAY({part})",  # noqa: S608  (the ORM's SQL)
        [*same, *parameters],
    )
    return Found(ids, count)


def _ranked(wanted: str, asked: Asked, matched: ProductQuerySet, start: int, length: int) -> Found:
    candidates, parameters = _candidates(matched)
    ((count, ids),) = byindex.rows(
        f"""
        WITH {candidates}
        SELECT (SELECT count(*) FROM ranked), ARRAY(
            SELECT id FROM ranked
            ORDER BY floor(ts_rank(%s::float4[], search_tokens, %s::tsquery) * %s) DESC, standing DESC, id DESC
            LIMIT %s OFFSET %s)
        """,  # noqa: S608  (the candidates are the ORM's SQL, the rest is fixed)
        [*parameters, WEIGHTS, asked.typed if wanted == asked.exact else asked.some, STEPS, length, start],
    )
    return Found(ids, count)


def _near(asked: Asked, goods: ProductQuerySet) -> list[int]:
    """Goods that have a part of what was asked for: the more parts the better."""
    try:
        candidates, parameters = _candidates(goods.filter(search_tokens=Words(asked.some)))
    except EmptyResultSet:
        return []
    parts = " + ".join("(search_tokens @@ %s::tsquery)::int" for _wish in asked.wishes)
    found = byindex.rows(
        f"""
        WITH {candidates}
        SELECT id FROM ranked
        ORDER BY {parts} DESC, ts_rank(%s::float4[], search_tokens, %s::tsquery) DESC, standing DESC, id DESC
        LIMIT %s
        """,  # noqa: S608  (the candidates are the ORM's SQL, the rest is fixed)
        [*parameters, *(wish.loose for wish in asked.wishes), WEIGHTS, asked.some, MOST_NEAR],
    )
    return [pk for (pk,) in found]


def _candidates(matched: ProductQuerySet) -> tuple[str, Sequence[Any]]:
    """SQL of a table `ranked`: of what matches, as many as are worth ranking."""
    hits, parameters = (
        matched.order_by().values_list("pk", "standing", "search_tokens")[:MOST_READ].query.sql_with_params()
    )
    return (
        f"hits (id, standing, search_tokens) AS MATERIALIZED ({hits}), "  # noqa: S608
        f"ranked AS MATERIALIZED (SELECT * FROM hits ORDER BY standing DESC LIMIT {MOST_RANKED})",
        parameters,
    )


def _likely(clean: str, goods: ProductQuerySet) -> list[int]:
    """Goods with a Latin word like this one: a name that no dictionary knows, with a slip in it."""
    likely = RawSQL("SELECT id FROM catalog_likely(%s, %s)", [clean, MOST_LIKELY])
    similarity = RawSQL("word_similarity(%s, search_pinyin)", [clean])
    found = goods.filter(pk__in=likely).alias(similarity=similarity).order_by("-similarity", "-pk")
    return list(found.values_list("pk", flat=True)[:MOST_NEAR])
