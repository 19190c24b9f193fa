"""Pages of a list in a chosen order, for every page that shows goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import cards, pages, search
from ..models import Product, ProductQuerySet

A_PAGE = 20
LAST_PAGE = search.MOST_RANKED // A_PAGE


@dataclass(frozen=True)
class Sort:
    """One way to order a list, as the sort line shows it. `hint` says it to those who do not see the arrow."""

    key: str
    name: str | Promise
    hint: str | Promise
    current: bool


class Pages(Paginator):
    """Pages of goods of which only one was fetched. `near` are goods to show after it, that match in part."""

    def __init__(self, count: int, *, is_guess: bool = False, near: Sequence[Product] = ()) -> None:
        super().__init__([], A_PAGE)
        self.count = count
        self.is_guess = is_guess
        self.near = near

    @property
    def written(self) -> str:
        """The count for people: `2000+` where counting stopped."""
        return f"{self.count}+" if self.count >= search.MOST_RANKED else str(self.count)


def listed(request: HttpRequest, goods: ProductQuerySet, *, query: str = "") -> dict[str, Any]:
    """The goods of a list page: the page asked for, its cards, and the ways to sort. Raises BadRequest for others."""
    current = sort_of(request)
    shown = page(request, goods, current, query=query)
    counted: Any = shown.paginator
    return {
        "page": shown,
        "cards": cards.of(shown.object_list, eager=cards.FIRST_ROW),
        "near": cards.of(counted.near),
        "sorts": sorts(current),
        "orders": orders(current),
        "sort": current,
    }


def page(request: HttpRequest, goods: ProductQuerySet, sort: str, *, query: str = "") -> Page[Product]:
    """The page asked for. No number means the first; one beyond the end is an empty page, and never a deep scan."""
    pages.shows_lists(request)
    number = number_of(request)
    start = (number - 1) * A_PAGE
    if number > LAST_PAGE:
        return Page([], LAST_PAGE, Pages(_count(goods) if not query else 0))
    if query:
        found = search.page(query, goods, sort, start=start, length=A_PAGE)
        fetched = list(search.in_order([*found.ids, *found.near]).for_cards())
        asked_for = [product for product in fetched if product.pk in set(found.ids)]
        near = [product for product in fetched if product.pk not in set(found.ids)]
        return Page(asked_for, number, Pages(found.count, is_guess=found.is_guess, near=near))
    shown = list(search.arrange(goods, sort).for_cards()[start : start + A_PAGE])
    ended = 0 < len(shown) < A_PAGE
    return Page(shown, number, Pages(start + len(shown) if ended else _count(goods)))


def number_of(request: HttpRequest) -> int:
    """The number in the address; 1 where there is none."""
    asked = request.GET.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 1


def sort_of(request: HttpRequest) -> str:
    """The order in the address. Raises BadRequest for one that was not offered."""
    asked = request.GET.get("sort", "")
    if asked not in search.SORTS:
        raise BadRequest("no such order")
    return asked


def orders(current: str) -> list[Sort]:
    """The orders that need no arrow and stand in the first menu: 综合排序, 新品优先, 好评优先."""
    names = {
        "": pgettext_lazy("sort", "Best match"),
        "new": pgettext_lazy("sort", "New"),
        "rated": pgettext_lazy("sort", "Best rated"),
    }
    return [Sort(key, name, "", key == current) for key, name in names.items()]


def sorts(current: str) -> list[Sort]:
    """销量 and 价格, after the menu of `orders`; the price turns over when it is chosen again."""
    price = "-price" if current == "price" else "price"
    upside = {"price": _("by price, low to high"), "-price": _("by price, high to low")}
    return [
        Sort("sales", pgettext_lazy("sort", "Sales"), "", current == "sales"),
        Sort(price, pgettext_lazy("sort", "Price"), upside.get(current, ""), current in upside),
    ]


def _count(goods: ProductQuerySet) -> int:
    return goods.order_by().values("pk")[: search.MOST_RANKED].count()
