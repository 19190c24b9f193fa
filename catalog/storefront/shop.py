"""The page of one shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kernel.http import public_page
from sellers.models import Seller

from .. import crafts, follows, places, stories
from ..models import Product
from . import paging, trails


@public_page
@require_safe
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """A shop: who they are, where, since when, who follows them, and what they sell."""
    seller = get_object_or_404(Seller.objects.selling(), slug=slug)
    name = seller.name_zh if get_language() == "zh-hans" and seller.name_zh else seller.name
    story, lang = stories.told(seller)
    context = paging.listed(request, Product.objects.on_sale().filter(seller=seller)) | {
        "seller": seller,
        "name": name,
        "place": places.badge(seller),
        "followers": follows.followers(seller),
        "makers": [{"maker": one, "craft": crafts.name(one.craft)} for one in seller.makers.order_by("pk")[:12]],
        "story": story,
        "lang": lang,
        "portrait": stories.portrait(seller),
    }
    return render(request, "storefront/catalog/shop.html", context | trails.of((name, request.path)))
