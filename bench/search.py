"""How well and how fast goods are found: nDCG@10 over judged queries, and time at 100,000 products.

Floor of the times: the bare SQL that one would write by hand for the same words and the same columns, ranked, with a
count that stops at 2,000; for lists, the same order from the same columns.

    ./run bench search             both
    ./run bench search relevance   nDCG@10 only
    ./run bench search 20000       with so many products
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from catalog import search, segments
from catalog.models import Category, Product

from . import _goods, _many, judging

A_PAGE = 20
ROUNDS = 7
# Words as buyers type them, from those that half the shop has to those that hardly anything has.
QUERIES = {
    "zh": (
        *(
            "咖啡",
            "篮子",
            "红茶",
            "和平篮",
            "水洗咖啡豆",
            "红色 抱枕套",
            "胡耶咖啡",
            "剑麻 耳环",
            "木雕大猩猩",
            "蜂蜜 500克",
        ),
        *(
            "卢旺达手工编织篮",
            "伊米贡戈 黑色",
            "白茶",
            "穆桑泽 托特包",
            "浅烘焙 咖啡豆 250克",
            "香草荚",
            "礼物",
            "编织",
            "棉",
            "辣椒酱",
        ),
    ),
    "en": (
        *("coffee", "basket", "black tea", "peace basket", "washed coffee beans", "red cushion cover", "Huye coffee"),
        *("sisal earrings", "gorilla", "honey", "handwoven", "imigongo", "Musanze tote bag", "vanilla pods", "scarf"),
        *("light roast coffee", "cotton apron", "papyrus mat", "gift", "chilli oil"),
    ),
}
COLUMNS = "id, slug, name_zh, name_en, price_from_minor, price_to_minor, units_sold, in_stock, cover_files"


def relevance(*, show_below: float = 0.8) -> float:
    """Print nDCG@10 by kind of query, and the queries that fell below a mark; returns the mean over all queries."""
    slugs = {product.pk: product.slug for product in _goods.stock(timezone.now())}
    by_kind: dict[str, list[float]] = defaultdict(list)
    for one in judging.judged(slugs.values()):
        shown = list(search.find(one.query).values_list("slug", flat=True)[: judging.DEPTH])
        score = judging.ndcg(shown, one.grades)
        by_kind[one.kind].append(score)
        if score < show_below:
            print(f"  {score:.2f}  {one.query}: {', '.join(shown[:5]) or 'nothing'}")
    for kind, scores in by_kind.items():
        print(f"nDCG@10  {kind:<12} {statistics.mean(scores):.3f}   ({len(scores)} queries)")
    overall = statistics.mean(score for scores in by_kind.values() for score in scores)
    print(f"nDCG@10  all          {overall:.3f}")
    return overall


def speed() -> None:
    """Print the times of searches and lists, ours and the floor's in turn, and their ratios."""
    compare("search, zh and en", [(ours(query), bare(query)) for words in QUERIES.values() for query in words])
    for language, words in QUERIES.items():
        compare(f"search, {language}", [(ours(query), bare(query)) for query in words])
    for sort, order in (
        *(("", "standing DESC"), ("sales", "units_sold DESC, id"), ("price", "price_from_minor, id")),
        *(("-price", "price_from_minor DESC, id DESC"), ("new", "published_at DESC, id DESC"), ("rated", "")),
    ):
        order = order or "(rating_sum + 21.0) / (rating_count + 5.0) DESC, standing DESC"
        shelves = list(Category.objects.order_by("position"))
        pairs = [(our_list(shelf, sort), bare_list(shelf, order)) for shelf in shelves]
        compare(f"shelf, {sort or 'standing'}", pairs)


def ours(query: str) -> Callable[[], object]:
    """A page of what the shop finds: what was meant, twenty rows for cards, and the count."""

    def ask() -> object:
        found = search.page(query, Product.objects.on_sale(), "", start=0, length=A_PAGE)
        return found.count, list(search.in_order(found.ids).for_cards())

    return ask


def bare(query: str) -> Callable[[], object]:
    """The same by hand: all words, ranked by PostgreSQL, twenty rows, and the count."""
    words = " & ".join("'" + word + "'" for word in segments.asked(query))
    condition = "status = 'published' AND search_tokens @@ %s::tsquery"

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM catalog_product WHERE {condition} "  # noqa: S608
                f"ORDER BY ts_rank(search_tokens, %s::tsquery) DESC LIMIT {A_PAGE}",
                [words, words],
            )
            rows = cursor.fetchall()
            cursor.execute(
                f"SELECT count(*) FROM (SELECT FROM catalog_product WHERE {condition} LIMIT 2000) few",  # noqa: S608
                [words],
            )
            return cursor.fetchone(), rows

    return ask


def our_list(shelf: Category, sort: str) -> Callable[[], object]:
    """The first page of a shelf and its count, as the page makes it."""

    def ask() -> object:
        goods = Product.objects.on_sale().filter(category=shelf)
        rows = list(search.arrange(goods, sort).for_cards()[:A_PAGE])
        return rows, goods.order_by()[: search.MOST_RANKED].count()

    return ask


def bare_list(shelf: Category, order: str) -> Callable[[], object]:
    """The same by hand."""
    condition = "status = 'published' AND category_id = %s"

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {COLUMNS} FROM catalog_product WHERE {condition} ORDER BY {order} LIMIT {A_PAGE}",  # noqa: S608
                [shelf.pk],
            )
            rows = cursor.fetchall()
            cursor.execute(
                f"SELECT count(*) FROM (SELECT FROM catalog_product WHERE {condition} LIMIT 2000) few",  # noqa: S608
                [shelf.pk],
            )
            return rows, cursor.fetchone()

    return ask


def compare(name: str, pairs: list[tuple[Callable[[], object], Callable[[], object]]]) -> float:
    """Ask each pair in turn, so that a busy machine slows both; print p50 and p95, return the ratio of p95."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for pair in pairs:
            for side, ask in enumerate(pair):
                begin = time.perf_counter()
                ask()
                if turn:  # the first round warms up
                    times[side].append((time.perf_counter() - begin) * 1000)
    (p50, p95), (bare_p50, bare_p95) = (_percentiles(side) for side in times)
    print(
        f"{name:<22} p50 {p50:7.2f} ms  p95 {p95:7.2f} ms   bare SQL p50 {bare_p50:7.2f}  p95 {bare_p95:7.2f}"
        f"   ratio p50 {p50 / bare_p50:5.2f}  p95 {p95 / bare_p95:5.2f}"
    )
    return p95 / bare_p95


def _percentiles(times: list[float]) -> tuple[float, float]:
    cuts: list[Any] = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18]


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        relevance()
        transaction.set_rollback(True)
    if "relevance" not in sys.argv[1:]:
        _many.load(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        speed()
