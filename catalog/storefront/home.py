"""The front page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import cards, places
from ..models import Category, Product
from . import paging

# Among so many of the newest goods we look for the shops to show.
LOOK_BACK = 200


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: promises, shelves, what is new, who makes it, and goods to leaf through."""
    page = paging.page(request, Product.objects.on_sale(), "sales")
    context = {
        "shelves": list(Category.objects.order_by("position", "pk")),
        "page": page,
        "cards": cards.of(page.object_list),
    }
    if page.number == 1:
        context |= {
            "newest": cards.of(Product.objects.on_sale().newest().for_cards()[:8]),
            "makers": _makers(4),
        }
    return render(request, "storefront/catalog/home.html", context)


def _makers(count: int) -> list[dict[str, Any]]:
    """Shops that published last, each with a picture of what it makes."""
    newest = dict[int, int]()
    for pk, seller_id in Product.objects.on_sale().newest().values_list("pk", "seller_id")[:LOOK_BACK]:
        newest.setdefault(seller_id, pk)
    chosen = Product.objects.filter(pk__in=list(newest.values())[:count]).newest().select_related("seller")
    return [
        {"shop": one.seller, "place": places.district(one.seller), "image": cards.cover(one.cover_files, 240)}
        for one in chosen
    ]
