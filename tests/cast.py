"""The people and goods that tests speak of, made by plain functions.

Lin buys in Hangzhou. Mukamana weaves baskets in Huye and owns the shop; Uwase sells coffee from another. Keza may act
for nobody. Mugisha moderates. Rows are made through the domain's own functions where one exists, so that no test
starts from an impossible state.
"""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
from decimal import Decimal

from django.apps import apps
from django.contrib.auth.models import Group

from accounts import consents
from accounts.models import Address, User
from catalog import showing
from catalog.models import Category, ExchangeRate, HsCode, PriceRule, Product, Variant
from sellers.models import Seller, SellerMember

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
RATE = Decimal("209.262105")
_numbers = itertools.count(1)


def person(name: str, *, language: str = "zh-hans", phone: str | None = None, **fields: object) -> User:
    """Somebody who can sign in; the password is their name in lower case plus '-secret'."""
    n = next(_numbers)
    user = User(name=name, email=f"{name.lower()}{n}@example.com", phone=phone, language=language, **fields)
    user.set_password(f"{name.lower()}-secret")
    user.save()
    return user


def lin() -> User:
    """A buyer in Hangzhou with a default address."""
    user = person("Lin", phone=f"+86138{next(_numbers):08d}")
    address_of(user)
    return user


def address_of(user: User) -> Address:
    """A deliverable address in Hangzhou, Xihu district."""
    return Address.objects.create(
        user=user,
        recipient="张三",
        phone="+8613812341234",
        province_code="330000",
        province="浙江省",
        city="杭州市",
        district_code="330106",
        district="西湖区",
        street="文三路138号3幢502室",
        postcode="310012",
        is_default=True,
    )


def moderator() -> User:
    """Staff who may decide about shops and listings."""
    user = person("Mugisha", language="en", is_staff=True)
    user.groups.add(Group.objects.get(name="moderators"))
    return user


def translator() -> User:
    """Staff who look after the texts of products, and after nothing else."""
    user = person("Wenya", language="zh-hans", is_staff=True)
    user.groups.add(Group.objects.get(name="translators"))
    return user


def first_rows() -> None:
    """What migrations put into the tables: the groups of staff and the legal texts."""
    if not Group.objects.filter(name="moderators").exists():
        importlib.import_module("accounts.migrations.0003_first_rows").make_groups(apps, None)
        importlib.import_module("sellers.migrations.0003_reports").let_moderators_settle(apps, None)
        importlib.import_module("catalog.migrations.0007_translators").look_after_texts(apps, None)
        importlib.import_module("orders.migrations.0006_reviews_stay").let_moderators_hide(apps, None)
    consents.load()


def shop(owner: User, *, name: str = "Abahuza Basketry", slug: str = "") -> Seller:
    """An approved shop in Huye owned by this person."""
    n = next(_numbers)
    seller = Seller.objects.create(
        slug=slug or f"shop-{n}",
        name=name,
        name_zh="阿巴胡扎编织社",
        kind=Seller.Kind.COOPERATIVE,
        legal_name="Mukamana Claudine",
        district_code="24",
        province="Southern Province",
        district="Huye",
        sector="Ngoma",
        phone="+250788123456",
        momo_number="+250788123456",
        language="rw",
        status=Seller.Status.APPROVED,
    )
    SellerMember.objects.create(seller=seller, user=owner, role=SellerMember.Role.OWNER)
    return seller


def reference() -> None:
    """The least reference data: two tariff lines, two shelves, a price rule and a fresh exchange rate."""
    basket = HsCode.objects.get_or_create(
        code="4602199000",
        defaults={
            "name_en": "Basketwork of vegetable materials",
            "name_zh": "植物材料编结品",
            "article_class": "craft",
            "vat_rate": Decimal("0.13"),
            "consumption_rate": Decimal(0),
            "tariff_rate": Decimal("0.07"),
            "positive_list": "unknown",
            "access": HsCode.Access.OK,
        },
    )[0]
    coffee = HsCode.objects.get_or_create(
        code="0901210000",
        defaults={
            "name_en": "Coffee, roasted, not decaffeinated",
            "name_zh": "已焙炒未浸除咖啡碱的咖啡",
            "article_class": "food",
            "vat_rate": Decimal("0.13"),
            "consumption_rate": Decimal(0),
            "tariff_rate": Decimal("0.15"),
            "positive_list": "yes",
            "access": HsCode.Access.OK,
        },
    )[0]
    for slug, hs, zh, en, fr, rw in (
        ("basketry", basket, "编织篮", "Baskets", "Vannerie", "Uduseke"),
        ("coffee", coffee, "咖啡", "Coffee", "Café", "Ikawa"),
    ):
        Category.objects.get_or_create(
            slug=slug, defaults={"hs_code": hs, "name_zh": zh, "name_en": en, "name_fr": fr, "name_rw": rw}
        )
    PriceRule.objects.get_or_create(
        valid_from=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        defaults={"commission_bp": 1000, "payment_fee_bp": 300, "rate_buffer_bp": 300, "source": "tests"},
    )
    for day in (NOW.date(), dt.datetime.now(dt.UTC).date()):
        ExchangeRate.objects.get_or_create(
            base="CNY", quote="RWF", side="average", source="tests", as_of=day, defaults={"rate": RATE}
        )


# What goods of a shelf are in these tests, with all that must be said of them before they are sent.
KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "basketry": ("peace-basket", {"material": ["sisal", "sweetgrass"], "technique": "coiled", "height": 24}),
    "coffee": (
        "roasted-coffee",
        {
            "variety": "red-bourbon",
            "process": "washed",
            "roast": "medium",
            "net_weight": 250,
            "shelf_life": 12,
            "storage": "cool-dry",
        },
    ),
}


def product(seller: Seller, *, category: str, zh: str, en: str, weight_g: int, receive: int, stock: int) -> Variant:
    """A published product with one variant; returns the variant. Lists know of it; its texts were written by hand."""
    n = next(_numbers)
    shelf = Category.objects.get(slug=category)
    kind, facts = KINDS.get(category, ("", {}))
    thing = Product.objects.create(
        seller=seller,
        category=shelf,
        hs_code=shelf.hs_code,
        product_type=kind,
        facts=dict(facts),
        slug=f"{category}-{n}",
        name_zh=zh,
        name_en=en,
        name_fr=en,
        name_rw=en,
        description_zh="手工制作，来自卢旺达胡耶。",
        description_en="Made by hand in Huye, Rwanda.",
        customs_description=en,
        status=Product.Status.PUBLISHED,
        published_at=NOW,
    )
    # About what prices.buyer_price makes of it, without needing the rate on the test's day.
    price_minor = int(-(-receive * 100 * 12 // (10 * 209)) // 100 + 1) * 100
    variant = Variant.objects.create(
        product=thing,
        sku=f"SKU-{n}",
        receive_rwf_minor=receive,
        price_minor=price_minor,
        weight_g=weight_g,
        length_mm=280,
        width_mm=140,
        height_mm=140,
        on_hand=stock,
    )
    showing.refresh(product_id=thing.pk)
    thing.refresh_from_db()
    return variant


def of_no_type(variant: Variant) -> Variant:
    """The same from the time before goods had types: nothing is known of it but what was written by hand."""
    Product.objects.filter(pk=variant.product_id).update(product_type="", facts={})
    return Variant.objects.select_related("product__seller").get(pk=variant.pk)


def basket(seller: Seller, *, stock: int = 10) -> Variant:
    """An agaseke of 330 g for which the weaver wants 24,000 francs."""
    return product(
        seller,
        category="basketry",
        zh="和平篮 经典款 24厘米",
        en="Agaseke basket, 24 cm",
        weight_g=330,
        receive=24000,
        stock=stock,
    )


def coffee(seller: Seller, *, stock: int = 50) -> Variant:
    """A 250 g bag of washed Bourbon for 9,500 francs."""
    return product(
        seller,
        category="coffee",
        zh="胡耶红波旁咖啡豆 250克",
        en="Huye Red Bourbon coffee, 250 g",
        weight_g=290,
        receive=9500,
        stock=stock,
    )
