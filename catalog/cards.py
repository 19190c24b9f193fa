"""What a card of the storefront shows of a product, from rows that were fetched with `for_cards`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import formatting

from . import places
from .models import Picture, Product, Variant

# How wide a picture is asked for where a browser does not choose by itself.
CARD_WIDTH = 360
HANDMADE = frozenset({"basket", "imigongo", "jewel", "textile", "wood", "vase"})


def of(products: Iterable[Product]) -> list[dict[str, Any]]:
    """Cards for components/card.html. No queries."""
    return [card(product) for product in products]


def card(product: Product) -> dict[str, Any]:
    """One card."""
    variants = sorted(product.variants.all(), key=lambda variant: (variant.price_minor, variant.pk))
    return {
        "url": reverse("catalog:product", args=[product.slug]),
        "title": product.name,
        "lang": foreign(product),
        "place": places.badge(product.seller),
        "image": image(product.cover),
        "price": variants[0].price if variants else None,
        "from": bool(variants) and variants[0].price_minor != variants[-1].price_minor,
        "tags": _tags(product),
        "note": _note(variants),
    }


def image(picture: Picture | None, width: int = CARD_WIDTH) -> dict[str, Any] | None:
    """A picture as templates want it."""
    if picture is None:
        return None
    return {
        "src": picture.url(width),
        "srcset": picture.srcset,
        "alt": picture.alt,
        "illustration": picture.is_illustration,
    }


def foreign(product: Product) -> str:
    """The language tag of a name that is not in the page's language; empty when it is."""
    code = {"zh-hans": "zh"}.get(get_language() or "", get_language() or "")
    if getattr(product, f"name_{code}", ""):
        return ""
    return "en" if product.name_en else "zh-Hans"


def _tags(product: Product) -> list[tuple[str, str]]:
    handmade = [("coffee", _("Handmade"))] if product.category.icon in HANDMADE else []
    return [*handmade, ("info", _("From overseas"))]


def _note(variants: list[Variant]) -> str:
    if not any(variant.available > 0 for variant in variants):
        return _("Sold out")
    return formatting.sold_count(sum(variant.sold for variant in variants), get_language())
