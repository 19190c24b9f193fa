"""The thirty-nine goods of the catalogue in their shops, published and indexed: what judged queries are asked of."""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog import goods, reference, search, showing
from catalog.models import Category, HsCode, Product, Variant
from marketplace.demo.goods import OTHER_SHOPS, SHOP_OF
from marketplace.demo.shops import SHOPS
from sellers.models import Seller

TEXTS = (
    "slug",
    "name_zh",
    "name_en",
    "name_fr",
    "name_rw",
    "description_zh",
    "description_en",
)
SIZES = ("weight_g", "length_mm", "width_mm", "height_mm")


def stock(now: datetime) -> list[Product]:
    """Every good on sale, whatever its state in the demonstration."""
    reference.load()
    shelves, lines = Category.objects.in_bulk(field_name="slug"), HsCode.objects.in_bulk(field_name="code")
    shops = {shop.key: _shop(shop.key, shop.name, shop.name_zh) for shop in SHOPS}
    found = []
    for place, good in enumerate(goods.rows()):
        product = Product.objects.create(
            seller=shops[OTHER_SHOPS.get(good.slug, SHOP_OF[good.category])],
            category=shelves[good.category],
            hs_code=lines[good.hs],
            district=good.district,
            product_type=good.product_type,
            facts=good.facts,
            status=Product.Status.PUBLISHED,
            published_at=now - timedelta(hours=place),
            **{name: getattr(good, name) for name in TEXTS},
        )
        for choice in good.choices or [good]:
            Variant.objects.create(
                product=product,
                sku=choice.sku,
                receive_rwf_minor=choice.receive_rwf,
                price_minor=choice.receive_rwf,
                on_hand=choice.stock,
                options=getattr(choice, "options", []),
                option_key=choice.sku,
                **{name: getattr(choice, name) for name in SIZES},
            )
        showing.refresh(product_id=product.pk)
        search.index_now(product)
        found.append(product)
    return found


def _shop(key: str, name: str, name_zh: str) -> Seller:
    return Seller.objects.create(
        slug=key,
        name=name,
        name_zh=name_zh,
        kind=Seller.Kind.COOPERATIVE,
        legal_name=name,
        district_code="24",
        province="Southern Province",
        district="Huye",
        phone="+250788123456",
        momo_number="+250788123456",
        status=Seller.Status.APPROVED,
    )
