"""What a card of the storefront shows of a product, from the columns that `for_cards` fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import formatting

from . import places
from .models import Picture, Product

# How wide a picture is asked for where a browser does not choose by itself.
CARD_WIDTH = 360
# A card is half a phone wide: from 180 dots to three times as many.
CARD_WIDTHS = ("240", "360", "480", "720")
HANDMADE = frozenset({"basket", "imigongo", "jewel", "textile", "wood", "vase"})


def of(products: Iterable[Product]) -> list[dict[str, Any]]:
    """Cards for components/card.html, in the active language. No queries."""
    language = get_language() or "en"
    # What all cards say alike is looked up once a list, not once a card.
    words = {
        "handmade": ("coffee", _("Handmade")),
        "overseas": ("info", _("From overseas")),
        "made to order": ("hot", _("Made to order")),
        "sold out": _("Sold out"),
        "rwanda": _("Rwanda"),
        "address": addresses(),
        # "from ¥39" in some languages, "¥39起" in others.
        "several": (_("from %(price)s") % {"price": "|"}).split("|"),
    }
    return [_card(product, words, language) for product in products]


def _card(product: Any, words: dict[str, Any], language: str) -> dict[str, Any]:
    price = product.price_from
    return {
        "url": reverse("catalog:product", args=[product.slug]),
        "title": product.name,
        "lang": foreign(product),
        "place": f"{words['rwanda']} · {places.named(product.made_in)}",
        "image": cover(product.cover_files, address=words["address"]),
        "price": _price(product, words["several"], language) if price else None,
        "tags": [
            *([words["handmade"]] if product.icon in HANDMADE else []),
            words["made to order"] if product.lead_days else words["overseas"],
        ],
        "note": formatting.sold_count(product.units_sold, language) if product.in_stock else words["sold out"],
    }


def _price(product: Product, several: list[str], language: str) -> tuple[str, str, str]:
    """Sign, whole part and the rest, so that the template sets the first and the last smaller."""
    sign, whole, rest = formatting.money_parts(product.price_from, language)
    if product.price_from_minor == product.price_to_minor:
        return sign, whole, rest
    before, after = several
    return before + sign, whole, rest + after


def cover(
    files: dict[str, Any], width: int = CARD_WIDTH, *, address: Callable[[str], str] | None = None
) -> dict[str, Any] | None:
    """A cover as templates want it, from `Product.cover_files`; nothing where there is no picture."""
    if not files:
        return None
    address = address or default_storage.url
    webp, avif = files["webp"], files["avif"]
    return {
        "src": address(webp.get(str(width)) or files["original"]),
        "srcset": ", ".join([f"{address(webp[width])} {width}w" for width in CARD_WIDTHS if width in webp]),
        "avif": ", ".join([f"{address(avif[width])} {width}w" for width in CARD_WIDTHS if width in avif]),
        "alt": "",
        "illustration": files["illustration"],
    }


def addresses() -> Callable[[str], str]:
    """How a stored name becomes an address: by a prefix where the storage has one, which is much faster to ask."""
    prefix = default_storage.url("x")[:-1]
    return prefix.__add__ if default_storage.url("y/z.webp") == f"{prefix}y/z.webp" else default_storage.url


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
    code = (get_language() or "")[:2]
    if getattr(product, f"name_{code}", ""):
        return ""
    return "en" if product.name_en else "zh-Hans"
