"""Pages of a list in a chosen order, for every page that shows goods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import pagecache

from .. import cards, search, showing
from ..models import Product, ProductQuerySet

A_PAGE = 20
LAST_PAGE = 100


@dataclass(frozen=True)
class Sort:
    """One way to order a list, as the sort line shows it. `hint` says it to those who do not see the arrow."""

    key: str
    name: str | Promise
    hint: str | Promise
    current: bool


class Pages(Paginator):
    """Pages of an ordered query, counted without the order and no further than anybody leafs."""

    def __init__(self, ordered: ProductQuerySet, goods: ProductQuerySet) -> None:
        super().__init__(ordered, A_PAGE)
        self.goods = goods

    @cached_property
    def count(self) -> int:
        """How many there are, or the most that are shown."""
        return self.goods.order_by()[: A_PAGE * LAST_PAGE].count()

    @property
    def written(self) -> str:
        """The count for people: `2000+` where it was cut."""
        return f"{self.count}+" if self.count == A_PAGE * LAST_PAGE else str(self.count)


def listed(request: HttpRequest, goods: ProductQuerySet, *, query: str = "") -> dict[str, Any]:
    """The goods of a list page: the page asked for, its cards, and the ways to sort."""
    shown = page(request, goods, _sort(request), query=query)
    return {
        "page": shown,
        "cards": cards.of(shown.object_list, eager=cards.FIRST_ROW),
        "sorts": _sorts(_sort(request)),
        "sort": _sort(request),
    }


def page(request: HttpRequest, goods: ProductQuerySet, sort: str, *, query: str = "") -> Page[Product]:
    """The page asked for. No number means the first; one beyond the end is an empty page, and never a deep scan."""
    pagecache.depends_on(request, showing.GOODS)
    pages = Pages(search.arrange(goods, sort, query=query).for_cards(), goods)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 1
    try:
        return pages.page(min(max(number, 1), LAST_PAGE))
    except EmptyPage:
        return Page([], min(number, LAST_PAGE), pages)


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in search.SORTS else ""


def _sorts(current: str) -> list[Sort]:
    """综合 · 销量 · 价格 · 新品; the price turns over when it is chosen again."""
    price = "-price" if current == "price" else "price"
    upside = {"price": _("from low to high"), "-price": _("from high to low")}
    return [
        Sort("", pgettext_lazy("sort", "Best match"), "", current == ""),
        Sort("sales", pgettext_lazy("sort", "Sales"), "", current == "sales"),
        Sort(price, pgettext_lazy("sort", "Price"), upside.get(current, ""), current in upside),
        Sort("new", pgettext_lazy("sort", "New"), "", current == "new"),
    ]
