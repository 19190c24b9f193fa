"""What the demonstration's buyer keeps: goods put aside, and shops they follow."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from catalog import favourites, follows
from catalog.models import Product

from . import marks, people, shops

LIKED = ("agaseke-petite-18", "coffee-huye-washed-250", "imigongo-coasters-4", "sisal-bowl-30")
FOLLOWED = ("baskets", "coffee")
MARK = "kept"


@transaction.atomic
def seed(*, now: datetime) -> int:
    """Keep them, once for ever; says how many goods and shops."""
    if marks.made(MARK):
        return 0
    buyer = people.find("buyer")
    goods = Product.objects.on_sale().filter(slug__in=LIKED).order_by("slug")
    for days, product in enumerate(goods):
        favourites.like(buyer, product, now=now - timedelta(days=days))
    for key in FOLLOWED:
        follows.follow(buyer, shops.find(key), now=now)
    marks.mark(MARK)
    return len(goods) + len(FOLLOWED)
