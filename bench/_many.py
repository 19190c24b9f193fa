"""A hundred thousand plausible products: of every type of the vocabulary, with facts that fit, from many shops.

Rows go in by COPY with the indexes off, and are indexed by the same code that indexes any product. The same number
gives the same goods. About two minutes for 100,000 on two idle cores.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import GeneratedField
from django.utils import timezone

from catalog import facts, places, reference, vocabulary
from catalog.finding import indexing
from catalog.models import Category, HsCode, Product, Variant
from catalog.vocabulary import Attribute, Kind, ProductType
from sellers.models import Seller

SHOPS = 400
FIRST_NAMES = (
    "Abahuza",
    "Twiyubake",
    "Imbaraga",
    "Icyerekezo",
    "Umurava",
    "Kivu",
    "Nyungwe",
    "Virunga",
    "Muhazi",
    "Urumuri",
)
LAST_NAMES = (("Weavers", "编织社"), ("Growers", "农社"), ("Makers", "手作坊"), ("Workshop", "工坊"), ("Hands", "巧手"))
LIGHT_ZH = (
    "在卢旺达手工完成，每一件略有不同。",
    "来自当地合作社，按订单小批量制作。",
    "适合自用，也适合作为礼物。",
    "可追溯到制作人与产地。",
)
LIGHT_EN = (
    "Made by hand in Rwanda; each one differs a little.",
    "From a cooperative that works in small lots.",
    "Good to keep and good to give.",
    "You can trace it to its maker and place.",
)
COLUMNS = [one for one in Product._meta.concrete_fields if not isinstance(one, GeneratedField)]
A_CHUNK = 500
COLOURS = ("#e6d5b8", "#5a3423", "#a63a22", "#1e5c46")


def load(products: int = 100_000, *, seed: int = 1) -> None:
    """Fill a migrated, empty catalogue; says how long it took."""
    began = time.perf_counter()
    reference.load()
    maker = _Maker(seed)
    chunks = [range(start, min(start + A_CHUNK, products)) for start in range(0, products, A_CHUNK)]
    connection.close()  # children must not share it
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with multiprocessing.get_context("fork").Pool() as pool, _without_indexes():
        _copy(pool.imap(maker, chunks))
        _variants()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("RESET statement_timeout")
    print(f"{products:,} products in {time.perf_counter() - began:.0f} s")


class _Maker:
    """Makes rows of products, each chunk from a dice of its own: any number of processes makes the same goods."""

    def __init__(self, seed: int) -> None:
        self.seed, self.now = seed, timezone.now()
        dice = random.Random(seed)
        self.shops = _shops(dice)
        self.shelves, self.lines = (
            Category.objects.in_bulk(field_name="slug"),
            HsCode.objects.in_bulk(field_name="code"),
        )
        self.kinds = [kind for kind in vocabulary.types().values() if not kind.slug.endswith("-other")]
        self.weights = [dice.choice((1, 2, 4, 8)) for _kind in self.kinds]

    def __call__(self, numbers: range) -> list[list[Any]]:
        dice = random.Random(f"{self.seed}:{numbers.start}")
        made = []
        for n in numbers:
            kind = dice.choices(self.kinds, self.weights)[0]
            shelf, line = self.shelves[kind.category], self.lines.get(kind.hs)
            made.append(_row(_product(n, kind, dice.choice(self.shops), shelf, line, dice, self.now)))
        return made


def _product(
    n: int, kind: ProductType, shop: Seller, shelf: Category, line: HsCode | None, dice: random.Random, now: datetime
) -> Product:
    known = {
        attribute.slug: _answer(attribute, dice) for attribute in kind.attributes if _is_asked(attribute, kind, dice)
    }
    district = dice.choice(list(places.in_chinese()))
    names = _names(kind, known, district)
    reviews = int(dice.paretovariate(0.9)) - 1 if dice.random() < 0.4 else 0
    published = now - timedelta(minutes=dice.randrange(60 * 24 * 900))
    price = int(dice.lognormvariate(9.0, 0.7)) // 100 * 100 + 500
    product = Product(
        pk=n + 1,
        seller=shop,
        category=shelf,
        hs_code=line,
        product_type=kind.slug,
        facts=known,
        district=district,
        lead_days=dice.choice((0, 0, 0, 0, 7, 14)),
        slug=f"{kind.slug}-{n}",
        description_zh="".join(dice.sample(LIGHT_ZH, 2)),
        description_en=" ".join(dice.sample(LIGHT_EN, 2)),
        customs_description=kind.name.en,
        status=Product.Status.PUBLISHED if dice.random() < 0.96 else Product.Status.PAUSED,
        created_at=published,
        published_at=published,
        price_from_minor=price,
        price_to_minor=price + dice.choice((0, 0, 0, 2_000)),
        units_sold=min(int(dice.paretovariate(0.8)) - 1, 60_000),
        in_stock=dice.random() < 0.9,
        cover_files=_cover(n, dice),
        marks=[f"district:{district.lower()}", *facts.marks(kind, known)],
        rating_count=min(reviews, 5_000),
        rating_sum=int(min(reviews, 5_000) * dice.uniform(3.6, 5.0)),
        **{f"name_{language}": name for language, name in names.items()},
    )
    product.search_tokens = indexing.vector(product)
    product.search_pinyin = indexing.typed(product)
    return product


def _names(kind: ProductType, known: dict[str, Any], district: str) -> dict[str, str]:
    terms = [term for fact in facts.read(kind, known).values() for term in fact.terms if fact.attribute.is_filter][:2]
    weight = f"{known['net_weight']}" if "net_weight" in known else ""
    said = {language: [term.name.of(language) for term in terms] for language in ("zh", "en", "fr", "rw")}
    zh = places.in_chinese()[district] + "".join(said["zh"]) + kind.name.zh + (f" {weight}克" if weight else "")
    latin = {
        "en": f"{district} {' '.join(said['en'])} {kind.name.en}",
        "fr": f"{kind.name.fr} {' '.join(said['fr'])} de {district}",
        "rw": f"{kind.name.rw} {' '.join(said['rw'])} y'i {district}",
    }
    return {
        "zh": zh[:60],
        **{tongue: (name + (f", {weight} g" if weight else ""))[:100] for tongue, name in latin.items()},
    }


def _is_asked(attribute: Attribute, kind: ProductType, dice: random.Random) -> bool:
    return attribute.slug in kind.needs or dice.random() < 0.5


def _answer(attribute: Attribute, dice: random.Random) -> Any:
    terms = list(vocabulary.terms(attribute.slug))
    match attribute.kind:
        case Kind.TERM:
            return dice.choice(terms)
        case Kind.TERMS:
            return dice.sample(terms, min(len(terms), dice.choice((1, 1, 2))))
        case Kind.RANGE:
            low = dice.randrange(1_400, 2_000, 50)
            return [low, low + 200]
        case Kind.NUMBER:
            return dice.choice((50, 100, 250, 500, 1000)) if attribute.unit == "g" else dice.randrange(5, 60)
        case Kind.NAME:
            return f"{dice.choice(FIRST_NAMES)} station"


def _cover(n: int, dice: random.Random) -> dict[str, Any]:
    files = {str(width): f"pictures/{n:08x}-{width}.webp" for width in (160, 240, 360, 480, 720)}
    original = f"pictures/{n:08x}.jpg"
    return {"webp": files, "avif": {}, "original": original, "colour": dice.choice(COLOURS), "illustration": False}


def _shops(dice: random.Random) -> list[Seller]:
    made = []
    for n in range(SHOPS):
        last, last_zh = dice.choice(LAST_NAMES)
        district = dice.choice(list(places.in_chinese()))
        made.append(
            Seller(
                slug=f"shop-{n}",
                name=f"{dice.choice(FIRST_NAMES)} {district} {last}",
                name_zh=f"{places.in_chinese()[district]}{last_zh}",
                kind=Seller.Kind.COOPERATIVE,
                legal_name=f"Shop {n}",
                district_code="24",
                province="Southern Province",
                district=district,
                phone="+250788123456",
                momo_number="+250788123456",
                status=Seller.Status.APPROVED if n % 40 else Seller.Status.SUSPENDED,
            )
        )
    return Seller.objects.bulk_create(made)


def _row(product: Product) -> list[Any]:
    return [json.dumps(value) if isinstance(value := getattr(product, one.attname), dict) else value for one in COLUMNS]


def _copy(chunks: Iterable[list[list[Any]]]) -> None:
    names = ", ".join(f'"{one.column}"' for one in COLUMNS)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY catalog_product ({names}) FROM STDIN") as copy:
            for chunk in chunks:
                for row in chunk:
                    copy.write_row(row)
        cursor.execute("SELECT setval(pg_get_serial_sequence('catalog_product', 'id'), max(id)) FROM catalog_product")


def _variants() -> None:
    """One variant a product, made of what its row shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Variant._meta.db_table} (product_id, sku, options, option_key, receive_rwf_minor, price_minor,
                weight_g, length_mm, width_mm, height_mm, on_hand, reserved, sold)
            SELECT id, 'MANY-' || id, '[]', '', price_from_minor * 2, price_from_minor, 400, 200, 150, 100,
                CASE WHEN in_stock THEN 20 ELSE 0 END, 0, units_sold FROM catalog_product
            """  # noqa: S608
        )


class _without_indexes:
    """Loading is three times as fast when indexes are built at its end."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'catalog_product' "
                "AND indexdef NOT LIKE 'CREATE UNIQUE%'"
            )
            self.indexes = cursor.fetchall()
            for name, _definition in self.indexes:
                cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            for _name, definition in self.indexes:
                cursor.execute(definition)


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    load()
