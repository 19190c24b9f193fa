"""The page of one shop."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kernel.http import public_page
from sellers.models import Seller

from .. import places
from ..models import Product
from . import paging


@public_page
@require_safe
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """A shop: who they are, where, and what they sell."""
    seller = get_object_or_404(Seller.objects.selling(), slug=slug)
    context = paging.listed(request, Product.objects.on_sale().filter(seller=seller)) | {
        "maker": seller,
        "place": places.badge(seller),
    }
    return render(request, "storefront/catalog/shop.html", context)
