"""What a list of goods is narrowed to: by kind, place, material, price and so on, kept in the address of the page.

Most filters ask for a product's `marks`, which one GIN index holds (decision 0014). Within a filter any chosen value
will do; all filters must hold. Counts are made over so many goods at most, and say so.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest, EmptyResultSet
from django.db.models import F, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.formatting import ENOUGH_REVIEWS

from . import byindex, places, vocabulary
from .models import ProductQuerySet
from .vocabulary import Words

# Goods that are counted for a filter, and values that an address may choose.
MOST_COUNTED = 2_000
MOST_CHOSEN = 40
HIGHEST_YUAN = Decimal(1_000_000)
_PRICE = re.compile(r"\d{1,7}(?:\.\d{1,2})?")
_SLUG = re.compile(r"[-\w]{1,60}", re.ASCII)


@dataclass(frozen=True)
class Facet:
    """One thing to choose by, with its values and their names; `mark` is the prefix of the marks that hold it."""

    slug: str
    name: str | Promise | Words
    values: Mapping[str, Any]
    mark: str = ""
    single: bool = False


@dataclass(frozen=True)
class Filters:
    """What was chosen: values by facet, and a price in yuan from and to. `bad_price`: what was typed is no range."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    bad_price: bool = False

    def __bool__(self) -> bool:
        return bool(self.chosen) or self.low is not None or self.high is not None

    def without(self, facet: str) -> Filters:
        """The same, whatever is chosen of one facet."""
        return replace(self, chosen={slug: values for slug, values in self.chosen.items() if slug != facet})


@dataclass(frozen=True)
class Counted:
    """How many goods each value of each facet would show; `total` all filters do. At MOST_COUNTED counting stopped."""

    total: int
    values: Mapping[str, Mapping[str, int]]

    @property
    def is_cut(self) -> bool:
        return self.total >= MOST_COUNTED


@functools.cache
def facets() -> dict[str, Facet]:
    """All that buyers can choose by, in the order in which it is offered."""
    return {facet.slug: facet for facet in (*_shelves(), *_of_vocabulary(), *_services())}


def read(asked: QueryDict) -> Filters:
    """The filters in an address. Raises BadRequest for values that nobody was offered, and for too many."""
    chosen = {}
    for facet in facets().values():
        if values := tuple(dict.fromkeys(value for value in asked.getlist(facet.slug) if value)):
            known = facet.values if facet.slug != "category" else {value for value in values if _SLUG.fullmatch(value)}
            if not set(values) <= set(known) or (facet.single and len(values) > 1):
                raise BadRequest(f"no such {facet.slug}")
            chosen[facet.slug] = values
    if sum(map(len, chosen.values())) > MOST_CHOSEN:
        raise BadRequest("too many filters")
    (low, low_is_bad), (high, high_is_bad) = (_price(asked.get(end, "")) for end in ("low", "high"))
    crossed = low is not None and high is not None and low > high
    return Filters(chosen, low, high, bad_price=low_is_bad or high_is_bad or crossed)


def apply(goods: ProductQuerySet, filters: Filters) -> ProductQuerySet:
    """The goods that pass."""
    for slug, values in filters.chosen.items():
        goods = goods.filter(_condition(facets()[slug], values))
    if filters.low is not None:
        goods = goods.filter(price_from_minor__gte=int(filters.low * 100))
    if filters.high is not None:
        goods = goods.filter(price_from_minor__lte=int(filters.high * 100))
    return goods


def count(goods: ProductQuerySet, filters: Filters) -> Counted:
    """Counts for the sheet; a facet's own choice does not narrow its own counts. A query, and one per facet chosen."""
    total, counted = _tally(apply(goods, filters))
    for slug in filters.chosen:
        counted[slug] = _tally(apply(goods, filters.without(slug)))[1].get(slug, {})
    return Counted(total, counted)


def _shelves() -> Iterator[Facet]:
    yield Facet("category", _("Category"), {})
    yield Facet(
        "type", pgettext_lazy("of goods", "Kind"), {slug: kind.name for slug, kind in vocabulary.types().items()}
    )
    yield Facet("place", _("Place of origin"), _districts(), mark="district")


def _of_vocabulary() -> Iterator[Facet]:
    for slug, attribute in vocabulary.attributes().items():
        terms = {term.slug: term.name for term in vocabulary.terms(slug).values()}
        if attribute.is_filter and terms:
            yield Facet(slug, attribute.name, terms, mark=slug)


def _services() -> Iterator[Facet]:
    yield Facet("rating", _("Rating"), {"4.5": _("4.5 and above"), "4": _("4 and above")}, single=True)
    yield Facet("stock", _("Availability"), {"ready": _("In stock"), "order": _("Made to order")})
    # Every parcel goes by post today; another route will be another value.
    yield Facet("route", _("Shipping route"), {"post": _("By post from Rwanda")})


def _districts() -> dict[str, Any]:
    return {name.lower(): Words(in_chinese, name, name, name) for name, in_chinese in places.in_chinese().items()}


def _condition(facet: Facet, values: tuple[str, ...]) -> Q:
    if facet.mark:
        return Q(marks__overlap=[f"{facet.mark}:{value}" for value in values])
    match facet.slug:
        case "category":
            return Q(category__slug__in=values)
        case "type":
            return Q(product_type__in=values)
        case "rating":
            halves = int(Decimal(values[0]) * 2)
            return Q(rating_count__gte=ENOUGH_REVIEWS, rating_sum__gte=(F("rating_count") * halves + 1) / 2)
        case "stock":
            ways = {"ready": Q(in_stock=True), "order": Q(lead_days__gt=0)}
            return functools.reduce(Q.__or__, (ways[value] for value in values))
        case _:
            return Q()


def _tally(goods: ProductQuerySet) -> tuple[int, dict[str, dict[str, int]]]:
    """How many goods there are, and how many of each value, among the first MOST_COUNTED."""
    columns = ("marks", "category_id", "product_type", "in_stock", "lead_days", "rating_sum", "rating_count")
    try:
        hits, parameters = goods.order_by().values_list(*columns)[:MOST_COUNTED].query.sql_with_params()
    except EmptyResultSet:
        return 0, {}
    counted = byindex.rows(
        f"""
            WITH hits ({", ".join(columns)}) AS MATERIALIZED ({hits})
            SELECT '', count(*) FROM hits UNION ALL
            SELECT mark, count(*) FROM hits, unnest(marks) mark GROUP BY mark UNION ALL
            SELECT 'category:' || slug, count(*) FROM hits JOIN catalog_category c ON c.id = category_id GROUP BY slug
            UNION ALL
            SELECT 'type:' || product_type, count(*) FROM hits WHERE product_type <> '' GROUP BY product_type UNION ALL
            SELECT 'stock:ready', count(*) FROM hits WHERE in_stock UNION ALL
            SELECT 'stock:order', count(*) FROM hits WHERE lead_days > 0 UNION ALL
            SELECT 'rating:4', count(*) FROM hits WHERE rating_count >= %s AND rating_sum >= 4 * rating_count UNION ALL
            SELECT 'rating:4.5', count(*) FROM hits WHERE rating_count >= %s AND rating_sum >= 4.5 * rating_count
            """,  # noqa: S608  (the hits are the ORM's SQL, the rest is fixed)
        [*parameters, ENOUGH_REVIEWS, ENOUGH_REVIEWS],
    )
    rows = dict(counted)
    total = rows.pop("")
    return total, _by_facet(rows, total)


def _by_facet(rows: Mapping[str, int], total: int) -> dict[str, dict[str, int]]:
    by_mark = {facet.mark: facet.slug for facet in facets().values() if facet.mark}
    counted: dict[str, dict[str, int]] = {"route": {"post": total}}
    for mark, goods in rows.items():
        prefix, _colon, value = mark.partition(":")
        if goods:
            counted.setdefault(by_mark.get(prefix, prefix), {})[value] = goods
    return counted


def _price(typed: str) -> tuple[Decimal | None, bool]:
    """Yuan as typed, and whether that was no price."""
    plain = unicodedata.normalize("NFKC", typed).strip().removeprefix("¥")
    if not plain:
        return None, False
    if len(plain) > 12 or not _PRICE.fullmatch(plain) or Decimal(plain) > HIGHEST_YUAN:
        return None, True
    return Decimal(plain), False
