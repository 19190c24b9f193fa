"""The page of one product."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kernel import pagecache
from kernel.http import public_page

from .. import access, cards, places, showing
from ..models import Product, Variant

MOST_AT_ONCE = 99


@public_page
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product: pictures, price, how it is sent, what it is made of and by whom. Unpublished is not found."""
    goods = Product.objects.on_sale().select_related("seller", "category", "hs_code")
    thing = get_object_or_404(goods.prefetch_related("variants", "pictures"), slug=slug)
    variants = sorted(thing.variants.all(), key=lambda variant: variant.pk)
    if not variants:
        raise Http404
    pagecache.depends_on(request, showing.page_of(thing.pk))
    chosen = _chosen(request, variants)
    others = Product.objects.on_sale().filter(category=thing.category).exclude(pk=thing.pk)
    context = {
        "product": thing,
        "pictures": thing.ordered_pictures,
        "share": thing.cover,
        "share_url": urljoin(settings.SITE_URL, thing.cover.url(720)) if thing.cover else "",
        "variants": variants,
        "variant": chosen,
        "sold": sum(variant.sold for variant in variants),
        "size": " × ".join(f"{side / 10:g}" for side in (chosen.length_mm, chosen.width_mm, chosen.height_mm)),
        "most": max(min(chosen.available, MOST_AT_ONCE), 0),
        "lang": cards.foreign(thing),
        "place": places.badge(thing.seller),
        "district": places.district(thing.seller),
        "access": access.may_send(thing),
        "is_food": thing.hs_code is not None and thing.hs_code.article_class == "food",
        "others": cards.of(others.newest().for_cards()[:4]),
        "section": "categories",
    }
    return render(request, "storefront/catalog/product.html", context)


def _chosen(request: HttpRequest, variants: list[Variant]) -> Variant:
    """The variant in the address, else the first that is in stock."""
    wanted = request.GET.get("v", "")
    for variant in variants:
        if str(variant.pk) == wanted:
            return variant
    return next((variant for variant in variants if variant.available > 0), variants[0])
