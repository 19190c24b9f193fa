"""What sending costs, before anything is ordered: for one product to the buyer's region, and for a whole cart.

Both are fragments that pages ask for by URL, and whole pages for those without JavaScript. They promise nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts import regions
from accounts.models import Address
from catalog.models import Product, Variant
from kernel import formatting
from kernel.http import private_page, wants_fragment
from kernel.refusals import Refusal
from orders import carts, limits

from . import quotes

# Which province somebody last asked for. It says nothing else of them and is kept by their browser alone.
COOKIE = "region"
REMEMBER = 365 * 24 * 3600


@dataclass(frozen=True)
class Region:
    """Where to: a province's code and name, both empty for all of mainland China."""

    code: str = ""
    name: str = ""
    is_unknown: bool = False


@gzip_page
@private_page
@require_safe
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """Freight, import tax, arrival and the total of a variant (`quantity` of it, one at first) to a province.

    `?province=` is a GB/T 2260 code; it is remembered. All of mainland China has one price for now.
    """
    on_sale = Variant.objects.filter(product__in=Product.objects.on_sale(), retired_at=None)
    variants = on_sale.select_related("product__seller", "product__category")
    variant = get_object_or_404(variants, pk=pk)
    region, quantity = _region(request), _quantity(request)
    context = {
        "variant": variant,
        "product": variant.product,
        "quantity": quantity,
        "region": region,
        "provinces": regions.provinces(),
        **_reckoned([(variant, quantity)]),
    }
    response = _answer(request, "estimate", context)
    _remember(request, response, region)
    return response


@private_page
@require_safe
def cart_estimate(request: HttpRequest) -> HttpResponse:
    """The parcels that the cart fills, each against its value limit, with freight and tax."""
    cart = carts.of(request.user, token=request.COOKIES.get(carts.COOKIE, ""))
    lines = carts.wanted(cart)
    return _answer(request, "cart_estimate", _reckoned(lines) if lines else {})


def _reckoned(lines: list[tuple[Variant, int]]) -> dict[str, Any]:
    """The breakdown and when it arrives, or the reason why there is none."""
    try:
        breakdown = quotes.estimate(lines, now=timezone.now())
    except Refusal as refusal:
        return {"refusal": str(refusal)}
    dates = formatting.date_range(breakdown.arrives_from, breakdown.arrives_to, get_language())
    return {"breakdown": breakdown, "dates": dates}


def _region(request: HttpRequest) -> Region:
    """What was asked for, else what was asked for last, else where this person's parcels go, else anywhere."""
    names = dict(regions.provinces())
    known = next((code for code in (request.COOKIES.get(COOKIE), _home(request)) if code in names), "")
    asked = request.GET.get("province", known)
    if asked and asked not in names:
        return Region(known or "", names.get(known or "", ""), is_unknown=True)
    return Region(asked, names.get(asked, ""))


def _home(request: HttpRequest) -> str:
    """The province of a person's first address."""
    if not request.user.is_authenticated:
        return ""
    return Address.objects.of(request.user).values_list("province_code", flat=True).first() or ""


def _quantity(request: HttpRequest) -> int:
    """How many: what was asked for if it can be ordered, else one."""
    asked = request.GET.get("quantity", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 3 else 1
    return number if 1 <= number <= limits.MOST_OF_ONE else 1


def _remember(request: HttpRequest, response: HttpResponse, region: Region) -> None:
    if "province" not in request.GET or region.is_unknown or request.COOKIES.get(COOKIE, "") == region.code:
        return
    if not region.code:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, region.code, max_age=REMEMBER, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def _answer(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    template = f"_{name}.html" if wants_fragment(request) else f"{name}.html"
    response = render(request, f"storefront/logistics/{template}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
