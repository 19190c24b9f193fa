"""The front page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import MD5, Cast, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kernel.formatting import BEIJING
from kernel.http import public_page
from sellers.models import Seller

from .. import cards, crafts, places, stories
from ..models import Category, Product
from . import paging

# Among so many of the newest goods we look for the picks and the makers of a day.
LOOK_BACK = 200
PICKS = 8
MAKERS = 4


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: promises, shelves, picks of the day, who makes things, and goods to leaf through."""
    page = paging.page(request, Product.objects.on_sale(), "sales")
    context: dict[str, Any] = {"page": page, "cards": cards.of(page.object_list)}
    if page.number == 1:
        today = timezone.now().astimezone(BEIJING).date()
        context |= {
            "shelves": list(Category.objects.order_by("position", "pk")),
            "picks": cards.of(_picks(today), eager=cards.FIRST_ROW),
            "stories": [_story(seller) for seller in _makers(today)],
        }
    return render(request, "storefront/catalog/home.html", context)


def _picks(today: date) -> QuerySet[Product]:
    """Goods that can be had now, others each day: drawn by lot from the newest, with the day as the lot."""
    newest = Product.objects.on_sale().filter(in_stock=True).newest().values("pk")[:LOOK_BACK]
    return Product.objects.filter(pk__in=newest).for_cards().order_by(_lot(today), "pk")[:PICKS]


def _makers(today: date) -> QuerySet[Seller]:
    """Shops with new goods, others each day; those that tell their story come first."""
    newest = Product.objects.on_sale().newest().values("seller_id")[:LOOK_BACK]
    silent = Case(When(story="", story_zh="", then=1), default=0)
    shops = Seller.objects.filter(pk__in=newest).order_by(silent, _lot(today), "pk")
    return shops.prefetch_related("makers")[:MAKERS]


def _lot(today: date) -> MD5:
    """The same order for everybody on a day, and another one the next day."""
    return MD5(Concat(Cast(F("pk"), TextField()), Value(f"/{today.isoformat()}"), output_field=TextField()))


def _story(seller: Seller) -> dict[str, Any]:
    """What the front page says of a shop and of the first of its makers."""
    maker = min(seller.makers.all(), key=lambda one: one.pk, default=None)
    text, lang = stories.told(seller)
    return {
        "seller": seller,
        "place": places.named(maker.district if maker else seller.district),
        "maker": maker.name if maker else "",
        "craft": crafts.name(maker.craft) if maker else "",
        "text": text,
        "lang": lang,
        "portrait": stories.portrait(seller),
    }
