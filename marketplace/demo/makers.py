"""Who makes the goods of the six shops, and the batches that they wrote down. All of them are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from catalog import goods as file
from catalog import origins
from catalog.goods import Good
from catalog.models import Maker, Product
from kernel.formatting import KIGALI
from sellers.models import Seller

from . import marks, shops

KEEPS = timedelta(days=365)
FOOD = {"coffee", "tea", "honey", "spice"}


@dataclass(frozen=True)
class Hands:
    """A maker of a shop, and the shelf of that shop whose goods come from these hands.

    Who grows a thing made only what comes from there; who roasts, weaves or carves made all of it.
    """

    shop: str
    name: str
    craft: str
    district: str
    sector: str
    people: int
    since_year: int
    shelf: str
    grows: bool = False


HANDS = (
    Hands("baskets", "Abahuza", "weaving", "Huye", "Ngoma", 24, 2009, "basketry"),
    Hands("baskets", "Uwamahoro Jeanne", "jewellery", "Huye", "Tumba", 1, 2014, "jewellery"),
    Hands("coffee", "Abakaranzi ba Kagano", "coffee-roasting", "Nyamasheke", "Kagano", 9, 2015, "coffee"),
    Hands("tea", "Abahinzi ba Mata", "tea-growing", "Nyaruguru", "Mata", 340, 2004, "tea", grows=True),
    Hands("imigongo", "Abagore ba Nyarubuye", "imigongo", "Kirehe", "Nyarubuye", 15, 2007, "imigongo"),
    Hands("imigongo", "Ababumbyi ba Nyarubuye", "pottery", "Kirehe", "Nyarubuye", 6, 2013, "home"),
    Hands("kitenge", "Umutoni Aline", "sewing", "Gasabo", "Kimironko", 1, 2016, "textile"),
    Hands("kitenge", "Inyange za Kimironko", "jewellery", "Gasabo", "Kimironko", 4, 2019, "jewellery"),
    Hands("kivu", "Niyonzima Eric", "carving", "Rubavu", "Gisenyi", 1, 2012, "woodcraft"),
    Hands("kivu", "Abavumvu ba Gishwati", "beekeeping", "Rutsiro", "Gihango", 11, 2010, "honey", grows=True),
    Hands("kivu", "Umuryango wa Niyonzima", "food-making", "Rubavu", "Gisenyi", 5, 2018, "spice"),
)


def origin(seller: Seller, good: Good) -> tuple[Maker | None, str]:
    """Whose hands a good of this shop comes from, and the district where that is not where the shop is.

    Food is grown where the file says; things made by hand are made where the shop is.
    """
    grown_elsewhere = good.category in FOOD and good.district != seller.district
    return _maker(seller, good), good.district if grown_elsewhere else ""


def seed(*, now: datetime) -> int:
    """Open a batch of each good that was ever on sale; says of how many."""
    opened = 0
    for place, good in enumerate(file.rows()):
        product = Product.objects.filter(slug=good.slug, published_at__isnull=False).select_related("seller").first()
        if product is None or marks.made(f"origin:{good.slug}"):
            continue
        _open_batches(product, good, place, now=now)
        marks.mark(f"origin:{good.slug}")
        opened += 1
    return opened


def _maker(seller: Seller, good: Good) -> Maker | None:
    hands = next((h for h in HANDS if h.shelf == good.category and shops.find(h.shop) == seller), None)
    if hands is None or (hands.grows and hands.district != good.district):
        return None
    said = {name: getattr(hands, name) for name in ("craft", "district", "sector", "people", "since_year")}
    return Maker.objects.get_or_create(seller=seller, name=hands.name, defaults=said)[0]


@transaction.atomic
def _open_batches(product: Product, good: Good, place: int, *, now: datetime) -> None:
    """The one in stock, and for every other good an earlier one that is sold."""
    actor, today = shops.owner_of(product.seller), now.astimezone(KIGALI).date()
    for age in (20 + place, 110 + place)[: 1 + place % 2]:
        made_on = today - timedelta(days=age)
        number = f"{good.sku}-{made_on:%y%m%d}"
        if product.batches.filter(number=number).exists():
            continue
        origins.open_batch(
            product,
            number=number,
            made_on=made_on,
            units=max(good.stock, 12),
            best_before=made_on + KEEPS if good.category in FOOD else None,
            actor=actor,
            today=today,
        )
