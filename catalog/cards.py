"""Cards of the storefront, drawn from the columns that `for_cards` fetched.

A card depends on nothing but its row and the language, and the same goods stand on many pages: so what was drawn is
remembered by what it was drawn from. A row that changes is another key; nothing has to be told.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import formatting
from kernel.money import Money

from . import framing, places
from .models import Product

# How wide a picture is asked for where a browser does not choose by itself.
CARD_WIDTH = 360
# A card is half a phone wide: from 180 dots to three times as many.
LEAST, MOST = 240, 720
# The pictures of the first row are what a buyer waits for.
FIRST_ROW = 2
REMEMBERED = 4_096
HANDMADE = frozenset({"basket", "imigongo", "jewel", "textile", "wood", "vase"})


class Row(NamedTuple):
    """What a card is drawn from. `cover` is `Product.cover_files` as JSON; `media` is where stored files are."""

    language: str
    media: str
    is_eager: bool
    slug: str
    title: str
    foreign: str
    district: str
    icon: str
    lead_days: int
    price_from: int
    price_to: int
    sold: int
    in_stock: bool
    cover: str


def of(products: Iterable[Product], *, eager: int = 0) -> list[SafeString]:
    """Cards in the active language, as HTML; the pictures of the first `eager` are loaded at once. No queries."""
    language, media = get_language() or "en", framing.prefix()
    # Signed addresses end after a while, so those are never remembered.
    draw = drawn.__wrapped__ if media is None else drawn
    return [draw(_row(product, language, media or "", place < eager)) for place, product in enumerate(products)]


@functools.lru_cache(maxsize=REMEMBERED)
def drawn(row: Row) -> SafeString:
    """The card of a row, as HTML. Needs the row's language to be active."""
    tags = [("coffee", _("Handmade"))] if row.icon in HANDMADE else []
    tags.append(("hot", _("Made to order")) if row.lead_days else ("info", _("From overseas")))
    card = {
        "url": reverse("catalog:product", args=[row.slug]),
        "title": row.title,
        "lang": row.foreign,
        "place": f"{_('Rwanda')} · {places.named(row.district)}",
        "image": cover(json.loads(row.cover)),
        "price": _price(row) if row.price_from else None,
        "tags": tags,
        "note": formatting.sold_count(row.sold, row.language) if row.in_stock else _("Sold out"),
    }
    context = {"card": card, "first": row.is_eager, "icons": static("img/icons.svg")}
    return mark_safe(get_template("components/card.html").render(context))  # noqa: S308  (a template escaped it)


def cover(files: dict[str, Any], width: int = CARD_WIDTH) -> dict[str, Any] | None:
    """A cover as templates want it, from `Product.cover_files`; nothing where there is no picture."""
    if not files:
        return None
    return {
        "src": framing.address(framing.nearest(files["webp"], width) or files["original"]),
        "srcset": framing.srcset(files["webp"], least=LEAST, most=MOST),
        "avif": framing.srcset(files["avif"], least=LEAST, most=MOST),
        "tint": framing.tint(files["colour"]),
        "alt": "",
        "illustration": files["illustration"],
    }


def foreign(product: Product) -> str:
    """The language tag of a name that is not in the page's language; empty when it is."""
    code = (get_language() or "")[:2]
    if getattr(product, f"name_{code}", ""):
        return ""
    return "en" if product.name_en else "zh-Hans"


def _row(product: Any, language: str, media: str, is_eager: bool) -> Row:
    return Row(
        language=language,
        media=media,
        is_eager=is_eager,
        slug=product.slug,
        title=product.name,
        foreign=foreign(product),
        district=product.made_in,
        icon=product.icon,
        lead_days=product.lead_days,
        price_from=product.price_from_minor,
        price_to=product.price_to_minor,
        sold=product.units_sold,
        in_stock=product.in_stock,
        cover=json.dumps(product.cover_files),
    )


def _price(row: Row) -> tuple[str, str, str]:
    """What stands before the whole part, the whole part, and the rest: the template sets two of them smaller."""
    sign, whole, rest = formatting.money_parts(Money(row.price_from, "CNY"), row.language)
    if row.price_from == row.price_to:
        return sign, whole, rest
    # "from ¥39" in some languages, "¥39起" in others.
    before, after = (_("from %(price)s") % {"price": "|"}).split("|")
    return before + sign, whole, rest + after
