"""Finding goods: segmented Chinese with weights, and Latin letters for names, pinyin and other languages.

A product's words are stored in its row by `index` (names weigh most, then materials and shelf, then the description),
so a search reads two GIN indexes and segments nothing but the query.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce

from kernel import work

from . import places, segments
from .models import Category, Product, ProductQuerySet, Variant

SORTS = ("", "sales", "price", "-price", "new")
# Ranking reads every row it ranks: beyond this many hits of a broad word nobody sees the difference.
MOST_RANKED = 2_000
FUZZY = 0.45
MOST_FUZZY = 100
_LATIN = re.compile(r"[a-z0-9' ]{2,}")
LANGUAGES = ("zh", "en", "fr", "rw")


class Words(SearchQuery):
    """A tsquery of clean words, written by us: Postgres' own parser would cut `24厘米` elsewhere than the index did."""

    def __init__(self, text: str) -> None:
        super().__init__(text, search_type="raw")
        self.text = text

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **options: Any) -> Any:
        return "%s::tsquery", [self.text]


def find(query: str, *, category: Category | None = None, sort: str = "") -> ProductQuerySet:
    """Goods on sale that match, sorted by `sales`, `price`, `-price` or `new`; by anything else, best first."""
    return arrange(matching(query, category=category), sort, query=query)


def matching(query: str, *, category: Category | None = None) -> ProductQuerySet:
    """Goods on sale that match, in no order. An empty query matches everything.

    Words are all wanted; if nothing has them all, some will do; if a Latin word is mistyped, likely ones are found.
    Each fallback costs one small query.
    """
    goods = Product.objects.on_sale()
    if category is not None:
        goods = goods.filter(category=category)
    if not query.strip():
        return goods
    clean = segments.query(query)
    if not segments.asked(clean):
        return goods.none()
    found = _matches(goods, clean, all_words=True)
    if not found.exists():
        found = _matches(goods, clean, all_words=False)
        if not found.exists() and _LATIN.fullmatch(clean):
            found = goods.filter(pk__in=_likely(clean))
    return found


def arrange(goods: ProductQuerySet, sort: str, *, query: str = "") -> ProductQuerySet:
    """Goods in the order a buyer asked for; where they asked for none, the best match first, or the newest."""
    if sort in SORTS[1:] or not query.strip():
        return _sorted(goods, sort)
    best = goods.filter(pk__in=goods.order_by().values("pk")[:MOST_RANKED])
    rank = SearchRank(F("search_tokens"), Words(_any_of(segments.query(query))))
    return best.alias(rank=Coalesce(rank, Value(0.0))).order_by("-rank", "-published_at", "-pk")


def popular(count: int) -> ProductQuerySet:
    """What others buy, in stock."""
    in_stock = Variant.objects.filter(product=OuterRef("pk"), on_hand__gt=F("reserved"))
    return arrange(Product.objects.on_sale().filter(Exists(in_stock)), "sales")[:count]


def _sorted(goods: ProductQuerySet, sort: str) -> ProductQuerySet:
    """By the cheapest variant, the best selling one, or the newest first.

    Of each product one variant counts, that no other one beats; so the database walks an index of variants and stops
    after a page, where a sum over each product would read them all.
    """
    if sort not in {"price", "-price", "sales"}:
        return goods.newest()
    column = "sold" if sort == "sales" else "price_minor"
    goods = goods.alias(leading=F("variants__pk"), key=F(f"variants__{column}"))
    others = Variant.objects.filter(product=OuterRef("pk"))
    beats = f"{column}__gt" if sort == "sales" else f"{column}__lt"
    better = Q(**{beats: OuterRef("key")}) | Q(**{column: OuterRef("key"), "pk__lt": OuterRef("leading")})
    goods = goods.filter(~Exists(others.filter(better)), leading__isnull=False)
    ways = {"price": ("key", "leading"), "-price": ("-key", "-leading"), "sales": ("-key", "leading")}
    return goods.order_by(*ways[sort])


@work.task
def index(*, product_id: int) -> None:
    """Write a product's words into its row. Safe to repeat."""
    product = Product.objects.select_related("category", "seller").filter(pk=product_id).first()
    if product is None:
        return
    Product.objects.filter(pk=product.pk).update(
        search_tokens=Cast(Value(_vector(product)), SearchVectorField()), search_pinyin=_typed(product)
    )


def index_now(product: Product) -> None:
    """The same without waiting for a worker, for loading many."""
    index(product_id=product.pk)


def index_all() -> int:
    """Index every product anew, after the dictionary has changed; says how many."""
    ids = list(Product.objects.exclude(status=Product.Status.ARCHIVED).order_by("pk").values_list("pk", flat=True))
    for product_id in ids:
        index(product_id=product_id)
    return len(ids)


def _matches(goods: ProductQuerySet, clean: str, *, all_words: bool) -> ProductQuerySet:
    wanted = Q(search_tokens=Words(_all_of(clean) if all_words else _any_of(clean)))
    if all_words and _LATIN.fullmatch(clean):
        wanted |= Q(search_pinyin__contains=clean)
    return goods.filter(wanted)


def _likely(clean: str) -> list[int]:
    """Products with a Latin word like this one. The threshold holds for this one query only."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(FUZZY)])
        near = Product.objects.filter(search_pinyin__trigram_word_similar=clean)
        distance = RawSQL("word_similarity(%s, search_pinyin)", [clean])
        return list(near.alias(near=distance).order_by("-near").values_list("pk", flat=True)[:MOST_FUZZY])


def _all_of(clean: str) -> str:
    return " & ".join(_alternatives(word) for word in segments.asked(clean))


def _any_of(clean: str) -> str:
    return " | ".join(_alternatives(word) for word in segments.asked(clean))


def _alternatives(word: str) -> str:
    """The word, anything that begins with it, or what else it is called."""
    others = sorted(segments.synonyms().get(word, frozenset()) - {word})
    return "(" + " | ".join([f"{_quoted(word)}:*", *map(_quoted, others)]) + ")"


def _vector(product: Product) -> str:
    """The row's tsvector, written out: word, place and weight."""
    heavy = [getattr(product, f"name_{tongue}") for tongue in LANGUAGES]
    middle = [product.materials_zh, product.materials_en, product.seller.name, product.seller.name_zh]
    middle += [getattr(product.category, f"name_{tongue}") for tongue in LANGUAGES]
    middle += ["卢旺达", product.seller.district, places.in_chinese().get(product.seller.district, "")]
    light = [product.description_zh, product.description_en]
    placed: dict[str, list[str]] = {}
    place = 0
    for weight, texts in (("A", heavy), ("B", middle), ("C", light)):
        for word in segments.words(" ".join(texts)):
            place = min(place + 1, 16_000)
            spots = placed.setdefault(word[:100], [])
            if len(spots) < 20:
                spots.append(f"{place}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(spots)}" for word, spots in placed.items())


def _typed(product: Product) -> str:
    names = [getattr(product, f"name_{tongue}") for tongue in LANGUAGES]
    return segments.typed(*names, product.category.name_zh, product.materials_en, product.seller.name)[:4000]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
