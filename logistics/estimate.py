"""What sending costs, before anything is ordered: for one product on its public page, and for a whole cart.

Both are fragments that pages ask for by URL, and whole pages for those without JavaScript. They promise nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from catalog.models import Product, Variant
from kernel.http import private_page, public_page, wants_fragment
from kernel.refusals import Refusal
from orders import carts

from . import quotes


@public_page
@require_safe
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """Freight, import tax and arrival of one unit. The same for everybody: all of China has one price for now."""
    variants = Variant.objects.filter(product__in=Product.objects.on_sale()).select_related("product__seller")
    variant = get_object_or_404(variants, pk=pk)
    context = _reckoned([(variant, 1)])
    return _answer(request, "estimate", {"variant": variant, "product": variant.product, **context})


@private_page
@require_safe
def cart_estimate(request: HttpRequest) -> HttpResponse:
    """The parcels that the cart fills, each against its value limit, with freight and tax."""
    cart = carts.of(request.user, token=request.COOKIES.get(carts.COOKIE, ""))
    lines = carts.wanted(cart)
    return _answer(request, "cart_estimate", _reckoned(lines) if lines else {})


def _reckoned(lines: list[tuple[Variant, int]]) -> dict[str, object]:
    """The breakdown, or the reason why there is none."""
    try:
        return {"breakdown": quotes.estimate(lines, now=timezone.now())}
    except Refusal as refusal:
        return {"refusal": str(refusal)}


def _answer(request: HttpRequest, name: str, context: dict[str, object]) -> HttpResponse:
    template = f"_{name}.html" if wants_fragment(request) else f"{name}.html"
    response = render(request, f"storefront/logistics/{template}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
