"""While the answer about a product is the same, its page is: so everything on the page must be in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from catalog import listing, origins
from catalog.models import HsCode, Maker, Picture, Product, ProductText, Variant
from catalog.storefront import reading
from sellers.models import Seller
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def basket() -> Variant:
    """A basket on sale, with a picture, a text, a maker and a batch."""
    cast.reference()
    variant = cast.basket(cast.shop(cast.person("Mukamana")))
    product = variant.product
    product.maker = Maker.objects.create(seller=product.seller, name="Ineza", craft="weaving", district="Huye")
    product.save()
    Picture.objects.create(product=product, original="a.jpg", sha256="0" * 64, width=800, height=800)
    ProductText.objects.create(product=product, field="summary", language="zh", body="篮", provenance="human")
    origins.open_batch(product, number="B-1", made_on=date(2026, 11, 1), units=3, actor="user:1")
    return variant


def answer(variant: Variant) -> str:
    return reading.ask(variant.product.slug, ["zh", "en"])


CHANGES: dict[str, Any] = {
    "a name": lambda v: Product.objects.update(name_fr="Panier"),
    "a fact": lambda v: Product.objects.update(facts={"height": 30}),
    "days to make it": lambda v: Product.objects.update(lead_days=7),
    "a price": lambda v: Variant.objects.update(price_minor=9900),
    "stock": lambda v: Variant.objects.update(reserved=1),
    "another variant": lambda v: Variant.objects.create(
        product=v.product, sku="X", receive_rwf_minor=1, weight_g=1, length_mm=1, width_mm=1, height_mm=1
    ),
    "a picture's files": lambda v: Picture.objects.update(avif_files={"360": "a.avif"}),
    "a text": lambda v: ProductText.objects.filter(field="summary").update(body="和平篮"),
    "the shop's name": lambda v: Seller.objects.update(name_zh="新名"),
    "the maker": lambda v: Maker.objects.update(people=12),
    "the tariff line": lambda v: HsCode.objects.update(access_note="Note"),
    "a batch": lambda v: origins.open_batch(
        v.product, number="B-2", made_on=date(2026, 11, 2), units=1, actor="user:1"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_the_page_shows_changes_the_answer(basket, change):
    before = answer(basket)
    change(basket)
    assert answer(basket) != before


def test_what_no_page_shows_leaves_it_as_it_is(basket):
    before = answer(basket)
    Product.objects.update(search_pinyin="hepinglan", marks=["material:sisal"], units_sold=9)
    assert answer(basket) == before


def test_goods_that_are_not_on_sale_have_no_answer(basket):
    listing.pause(basket.product, actor="user:1")
    assert answer(basket) == ""
    assert reading.ask("nothing", ["zh"]) == ""
