"""The page behind the code on a thing's tag, and the code as a picture."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import cards, origins, pages, places, vocabulary
from ..models import Batch, Product
from ..rwanda_map import KIGALI

A_DAY = 24 * 3600


@public_page
@require_safe
def origin(request: HttpRequest, code: str) -> HttpResponse:
    """Where the thing with this code comes from. It says nothing of who bought it; an unknown code is a 404 that helps.

    What is not on sale any more is shown too, since somebody has it at home.
    """
    batch = origins.find(code)
    if batch is None:
        return render(request, "storefront/catalog/origin.html", {"code": code[:40]}, status=404)
    pages.shows_product(request, batch.product_id, batch.product.seller_id)
    return render(request, "storefront/catalog/origin.html", _page(batch))


@require_safe
def origin_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The address of an origin page as a PNG to scan or to print on a tag."""
    batch = origins.find(code)
    if batch is None:
        raise Http404
    response = HttpResponse(origins.qr_png(batch), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


def _page(batch: Batch) -> dict[str, Any]:
    product = batch.product
    was_read = origins.was_read(product)
    return {
        "batch": batch,
        "code": origins.spaced(batch.code),
        "product": product,
        "passport": origins.passport(product, batch),
        "kigali": KIGALI,
        "name": product.name if was_read else _kind(product),
        "lang": cards.foreign(product) if was_read else "",
        "cover": product.cover if was_read else None,
        "place": places.badge(product.seller),
        "on_sale": Product.objects.on_sale().filter(pk=product.pk).exists(),
    }


def _kind(product: Product) -> str:
    """What sort of thing it is, in our own words."""
    described = vocabulary.types().get(product.product_type)
    return str(described.name) if described else product.category.name
