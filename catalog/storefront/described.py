"""A product's page as search engines read it."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .. import ratings, structured
from ..models import Product
from .reading import Reading

LONGEST = 300
WIDTH = 1080


def script(found: Reading, said: str, material: str) -> SafeString:
    """The product with its offers; `said` describes it, of `material` it is made."""
    thing = found.product
    page = absolute(reverse("catalog:product", args=[thing.slug]))
    offers = [
        structured.Offer(
            sku=variant.sku,
            url=f"{page}?v={variant.pk}" if len(found.variants) > 1 else page,
            price=variant.price,
            in_stock=variant.available > 0,
            made_to_order=thing.lead_days > 0,
        )
        for variant in found.variants
    ]
    goods = structured.Goods(
        name=thing.name,
        url=page,
        offers=offers,
        seller=shop(thing),
        seller_url=absolute(reverse("catalog:shop", args=[thing.seller.slug])),
        description=said[:LONGEST],
        images=[absolute(picture.url(WIDTH)) for picture in found.pictures],
        category=thing.category.name,
        material=material,
        rating=ratings.of(thing),
    )
    return structured.script(structured.product(goods))


def shop(thing: Product) -> str:
    """The name of the shop in the active language."""
    chinese = (get_language() or "").startswith("zh")
    return (thing.seller.name_zh if chinese else "") or thing.seller.name


def absolute(path: str) -> str:
    """An address with the host of the house; one of another host, where pictures may be, stays."""
    return urljoin(settings.SITE_URL, path)
