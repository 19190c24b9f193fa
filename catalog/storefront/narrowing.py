"""Filters as buyers see them: chips over a list, and the sheet to choose on, a page that lists never pay for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kernel import formatting
from kernel.http import public_page, wants_fragment
from kernel.money import Money

from .. import filters, pages, search
from ..filters import Facet, Filters
from ..models import Category, Product, ProductQuerySet
from ..vocabulary import Words
from . import paging

# A facet with more values shows the first ones, and the rest when asked.
AT_ONCE = 8


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what it is called, how many goods it would show, and whether it is chosen."""

    value: str
    name: str | Promise | Words
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """A facet with the values that can be chosen now; those after the first few stand in `rest`."""

    facet: Facet
    choices: list[Choice]

    @property
    def first(self) -> list[Choice]:
        return self.choices[:AT_ONCE]

    @property
    def rest(self) -> list[Choice]:
        return self.choices[AT_ONCE:]

    @property
    def rest_is_open(self) -> bool:
        return any(choice.is_chosen for choice in self.rest)


@public_page
@require_safe
def search_filters(request: HttpRequest) -> HttpResponse:
    """The sheet for what a search found."""
    query = query_of(request)
    goods = Product.objects.on_sale()
    return sheet(request, search.matching(query, goods) if query else goods, filters.read(request.GET))


@public_page
@require_safe
def category_filters(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet for the goods of one shelf."""
    shelf = get_object_or_404(Category, slug=slug)
    return sheet(request, Product.objects.on_sale().filter(category=shelf), filters.read(request.GET), shelf=shelf)


def sheet(
    request: HttpRequest, goods: ProductQuerySet, chosen: Filters, *, shelf: Category | None = None, status: int = 200
) -> HttpResponse:
    """The page to choose filters on; its form leads to the list. Who asks for a fragment gets the form alone."""
    pages.shows_lists(request)
    paging.sort_of(request)
    counted = filters.count(goods, chosen)
    context = {
        "query": query_of(request),
        "shelf": shelf,
        "list_url": _list_url(shelf),
        "sort": request.GET.get("sort", ""),
        "chosen": chosen,
        "low": request.GET.get("low", "")[:12],
        "high": request.GET.get("high", "")[:12],
        "groups": list(_groups(counted.values, chosen, shelf)),
        "total": f"{counted.total}+" if counted.is_cut else counted.total,
        "more": "+" if counted.is_cut else "",
    }
    template = "_filters.html" if wants_fragment(request) else "filters.html"
    response = render(request, f"storefront/catalog/{template}", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def context(request: HttpRequest, chosen: Filters, *, shelf: Category | None = None) -> dict[str, Any]:
    """What a list shows of its filters: the way to the sheet, and chips that take one off each."""
    kept = request.GET.copy()
    kept.pop("page", None)
    page = reverse("catalog:category_filters", args=[shelf.slug]) if shelf else reverse("catalog:search_filters")
    return {
        "filters_url": f"{page}?{kept.urlencode()}" if kept else page,
        "unfiltered_url": _unfiltered(request, chosen, shelf),
        "chips": list(_chips(request, chosen)),
        "is_filtered": bool(chosen),
    }


def query_of(request: HttpRequest) -> str:
    """What was typed, at the length at which it is read."""
    return request.GET.get("q", "")[: 2 * 80].replace("\0", "").strip()[:80]


def _list_url(shelf: Category | None) -> str:
    return reverse("catalog:category", args=[shelf.slug]) if shelf else reverse("catalog:search")


def _unfiltered(request: HttpRequest, chosen: Filters, shelf: Category | None) -> str:
    """The list as it is without its filters; empty where it has none."""
    query = query_of(request)
    return (_list_url(shelf) + (f"?{urlencode({'q': query})}" if query else "")) if chosen else ""


def _groups(counted: Mapping[str, Mapping[str, int]], chosen: Filters, shelf: Category | None) -> Iterator[Group]:
    for slug, facet in filters.facets().items():
        if slug == "category":
            if shelf is not None:
                continue
            names: Mapping[str, Any] = {one.slug: one.name for one in Category.objects.order_by("position", "pk")}
        else:
            names = facet.values
        taken, goods = chosen.chosen.get(slug, ()), counted.get(slug, {})
        choices = [
            Choice(value, name, goods.get(value, 0), value in taken)
            for value, name in names.items()
            if goods.get(value) or value in taken
        ]
        # One value that all goods have is no choice; how goods travel is told all the same.
        if len(choices) > 1 or taken or (choices and slug == "route"):
            by_count = slug not in {"rating", "stock"}
            yield Group(facet, sorted(choices, key=lambda choice: -choice.count) if by_count else choices)


def _chips(request: HttpRequest, chosen: Filters) -> Iterator[tuple[str, str]]:
    for slug, values in chosen.chosen.items():
        names: Mapping[str, Any] = filters.facets()[slug].values
        if slug == "category":
            names = {one.slug: one.name for one in Category.objects.filter(slug__in=values)}
        for value in values:
            yield str(names.get(value, value)), _without(request, slug, value)
    if chosen.low is not None or chosen.high is not None:
        yield _price(chosen), _without(request, "low high")


def _price(chosen: Filters) -> str:
    language = get_language()
    low, high = (None if end is None else Money(int(end * 100), "CNY") for end in (chosen.low, chosen.high))
    if low is not None and high is not None:
        return formatting.price_range(low, high, language)
    if low is not None:
        return f"≥ {formatting.money(low, language, short=True)}"
    return f"≤ {formatting.money(high, language, short=True)}" if high is not None else ""


def _without(request: HttpRequest, names: str, value: str | None = None) -> str:
    """The address of this list less one filter."""
    left = request.GET.copy()
    left.pop("page", None)
    for name in names.split():
        others = [one for one in left.getlist(name) if value is not None and one != value]
        if others:
            left.setlist(name, others)
        else:
            left.pop(name, None)
    return f"?{left.urlencode()}" if left else request.path
