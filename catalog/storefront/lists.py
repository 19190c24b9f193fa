"""Shelves, and what a search finds."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import cards, filters, pages, popular, search, vocabulary
from ..finding import asking
from ..models import Category, Product
from . import covers, narrowing, paging, trails


@public_page
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Every shelf, with a picture of what is on it."""
    pages.shows_lists(request)
    shelves = list(Category.objects.order_by("position", "pk"))
    images = covers.of_shelves([shelf.pk for shelf in shelves])
    tiles = [{"category": shelf, "image": images.get(shelf.pk)} for shelf in shelves]
    return render(
        request, "storefront/catalog/categories.html", {"tiles": tiles, "shelves": shelves, "section": "categories"}
    )


@public_page
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The goods of one shelf, beside the other shelves, under the kinds of goods that are on it."""
    shelves = list(Category.objects.order_by("position", "pk"))
    shelf = next((one for one in shelves if one.slug == slug), None)
    if shelf is None:
        raise Http404
    chosen = filters.read(request.GET)
    goods = Product.objects.on_sale().filter(category=shelf)
    if chosen.bad_price:
        return narrowing.sheet(request, goods, chosen, shelf=shelf, status=422)
    context = paging.listed(request, filters.apply(goods, chosen))
    context |= narrowing.context(request, chosen, shelf=shelf)
    if not chosen and context["page"].number == 1:
        context["tiles"] = _kinds(shelf)
    context |= {"category": shelf, "shelves": shelves, "section": "categories"}
    context |= trails.of((_t("Categories"), reverse("catalog:categories")), (shelf.name, request.path))
    return render(request, "storefront/catalog/category.html", context)


@public_page
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The goods that match what was typed or chosen; without either, words to try."""
    query = narrowing.query_of(request)
    chosen = filters.read(request.GET)
    goods = Product.objects.on_sale()
    if chosen.bad_price:
        return narrowing.sheet(request, search.matching(query, goods) if query else goods, chosen, status=422)
    context: dict[str, Any] = {"query": query}
    if query or chosen:
        context |= paging.listed(request, filters.apply(goods, chosen), query=query)
        context |= narrowing.context(request, chosen)
        _remember(request, query, context, plain=not chosen)
    if not context.get("cards"):
        context |= _other_ways(query, near=bool(context.get("near")))
    return render(request, "storefront/catalog/search.html", context)


def _remember(request: HttpRequest, query: str, context: dict[str, Any], *, plain: bool) -> None:
    """Count the word if it found goods, asked as people ask first: no filter, no order, the first page."""
    page = context["page"]
    first = plain and page.number == 1 and not context["sort"] and request.method == "GET"
    if query and first and page.paginator.count and not page.paginator.is_guess:
        popular.count(query, get_language() or "en", now=timezone.now())


def _other_ways(query: str, *, near: bool) -> dict[str, Any]:
    """What to show where nothing was found: the query less a word; without near goods, what others look for and buy."""
    shorter = asking.understand(query).without_one() if query else []
    if near:
        return {"shorter": shorter}
    return {
        "shorter": shorter,
        "words": popular.words(get_language() or "en", now=timezone.now()),
        "popular": cards.of(search.popular(10).for_cards()),
    }


def _kinds(shelf: Category) -> list[dict[str, Any]]:
    """The kinds of goods on a shelf that has some, each with the picture of one."""
    known = vocabulary.types_of(shelf.slug)
    images = covers.of_kinds([kind.slug for kind in known])
    return [
        {"kind": kind, "url": f"?type={kind.slug}", "image": images[kind.slug]} for kind in known if kind.slug in images
    ]
