"""Shelves, and what a search finds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import cards, search
from ..models import Category, Product
from . import paging

# Words to try where a search found nothing, and above the results. Real words of the goods, no inventions.
TRY = (_("coffee"), _("peace basket"), _("black tea"), _("imigongo"), _("scarf"))


@public_page
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Every shelf, with a picture of what is on it."""
    shelves = list(Category.objects.order_by("position", "pk"))
    newest = Product.objects.on_sale().order_by("category_id", "-published_at", "-pk").distinct("category_id")
    shown = dict(newest.values_list("category_id", "cover_files"))
    tiles = [{"category": shelf, "image": cards.cover(shown.get(shelf.pk) or {}, 240)} for shelf in shelves]
    return render(request, "storefront/catalog/categories.html", {"tiles": tiles, "section": "categories"})


@public_page
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The goods of one shelf."""
    shelf = get_object_or_404(Category, slug=slug)
    context = paging.listed(request, Product.objects.on_sale().filter(category=shelf)) | {
        "category": shelf,
        "section": "categories",
    }
    return render(request, "storefront/catalog/category.html", context)


@public_page
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The goods that match what was typed; without a word, words to try."""
    query = request.GET.get("q", "")[: 2 * 80].replace("\0", "").strip()
    context: dict[str, Any] = {"query": query[:80], "try": TRY}
    if query:
        context |= paging.listed(request, search.matching(query), query=query)
    if not context.get("cards"):
        context["popular"] = cards.of(search.popular(10).for_cards())
    return render(request, "storefront/catalog/search.html", context)
