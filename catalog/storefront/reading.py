"""All that a product's page shows, asked of the database in one question, and opened as the rows that it was.

The answer is text, and the same text as long as nothing on the page has changed: a page can be remembered by it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from sellers.models import Seller

from ..models import Batch, Category, HsCode, Maker, Picture, Product, ProductText, Variant
from ..models.products import CARD_COLUMNS

OTHERS = 6
# Columns that no product's page shows. The status is in the question.
UNSHOWN: dict[type[models.Model], tuple[str, ...]] = {
    Product: (
        *("search_tokens", "search_pinyin", "marks", "standing", "customs_description", "cover_files"),
        *("units_sold", "price_from_minor", "price_to_minor", "in_stock"),
    ),
    Seller: ("legal_name", "phone", "momo_number", "national_id_masked", "tin", "story", "story_zh", "place_note"),
    ProductText: ("composed",),
    Picture: ("sha256",),
}
QUESTION = """
SELECT json_build_object(
    'product', {product}, 'seller', {seller}, 'category', {category}, 'hs_code', {hs_code}, 'maker', {maker},
    'variants', {variants}, 'pictures', {pictures}, 'texts', {texts}, 'batches', {batches}, 'others', {others}
)::text
FROM catalog_product p
JOIN sellers_seller s ON s.id = p.seller_id
JOIN catalog_category c ON c.id = p.category_id
LEFT JOIN catalog_hscode h ON h.id = p.hs_code_id
LEFT JOIN catalog_maker m ON m.id = p.maker_id
WHERE p.slug = %(slug)s AND p.status = 'published' AND s.status = 'approved'
"""
# As `for_cards` reads them.
NEWEST_OTHERS = """
SELECT {columns}, oc.icon, coalesce(nullif(o.district, ''), os.district) AS made_in
FROM catalog_product o
JOIN sellers_seller os ON os.id = o.seller_id
JOIN catalog_category oc ON oc.id = o.category_id
WHERE o.category_id = p.category_id AND o.id <> p.id AND o.status = 'published' AND os.status = 'approved'
ORDER BY o.published_at DESC, o.id DESC LIMIT {most}
"""


@dataclass(frozen=True)
class Reading:
    """A product with its shop, shelf, tariff line and maker, and what hangs on it; `others` are rows for cards."""

    product: Product
    variants: list[Variant]
    pictures: list[Picture]
    texts: list[ProductText]
    batch: Batch | None
    others: list[Product]


def ask(slug: str, languages: Iterable[str]) -> str:
    """The answer for a product that is on sale, with its texts in these languages; else nothing. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_question(), {"slug": slug, "languages": list(languages)})
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def opened(answer: str) -> Reading:
    """The rows of an answer."""
    said = json.loads(answer)
    product = _row(Product, said["product"])
    product.seller, product.category = _row(Seller, said["seller"]), _row(Category, said["category"])
    product.hs_code = _row(HsCode, said["hs_code"]) if said["hs_code"] else None
    product.maker = _row(Maker, said["maker"]) if said["maker"] else None
    batches = [_row(Batch, one) for one in said["batches"]]
    return Reading(
        product=product,
        variants=[_row(Variant, one) for one in said["variants"]],
        pictures=[_row(Picture, one) for one in said["pictures"]],
        texts=[_row(ProductText, one) for one in said["texts"]],
        batch=batches[0] if batches else None,
        others=[_row(Product, one) for one in said["others"]],
    )


# Nothing but names of our own tables and columns goes into the text of the question; the rest are its parameters.


@functools.cache
def _question() -> str:
    return QUESTION.format(
        product=_one(Product, "p"),
        seller=_one(Seller, "s"),
        category=_one(Category, "c"),
        hs_code=_one(HsCode, "h"),
        maker=_one(Maker, "m"),
        variants=_many(Variant, "x.product_id = p.id AND x.retired_at IS NULL ORDER BY x.id"),
        pictures=_many(Picture, "x.product_id = p.id ORDER BY x.position, x.created_at"),
        texts=_many(ProductText, "x.product_id = p.id AND x.picture_id IS NULL AND x.language = ANY(%(languages)s)"),
        batches=_many(Batch, "x.product_id = p.id ORDER BY x.made_on DESC, x.id DESC LIMIT 1"),
        others=_listed(NEWEST_OTHERS.format(columns=_columns(Product, "o", ("id", *CARD_COLUMNS)), most=OTHERS)),
    )


def _one(model: type[models.Model], alias: str) -> str:
    columns = _columns(model, alias)
    return f"CASE WHEN {alias}.id IS NOT NULL THEN (SELECT row_to_json(r) FROM (SELECT {columns}) r) END"  # noqa: S608


def _many(model: type[models.Model], which: str) -> str:
    return _listed(f"SELECT {_columns(model, 'x')} FROM {model._meta.db_table} x WHERE {which}")  # noqa: S608


def _listed(question: str) -> str:
    return f"(SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM ({question}) r)"  # noqa: S608


def _columns(model: type[models.Model], alias: str, names: Iterable[str] = ()) -> str:
    wanted = list(names) or [field.attname for field in _fields(model) if field.attname not in UNSHOWN.get(model, ())]
    return ", ".join(f"{alias}.{name}" for name in wanted)


def _row(model: Any, said: dict[str, Any]) -> Any:
    """A row as the model has it; columns that were not asked for are fetched if somebody needs them after all."""
    own = {name: convert(said[name]) for name, convert in _converters(model).items() if name in said}
    row = model.from_db(connection.alias, list(own), list(own.values()))
    for name in said.keys() - own.keys():
        setattr(row, name, said[name])
    return row


@functools.cache
def _converters(model: type[models.Model]) -> dict[str, Callable[[Any], Any]]:
    """By column, in order, what makes of a value in JSON what it holds: dates, decimals and ids come as text."""
    written = (models.DateField, models.DecimalField, models.UUIDField)
    return {field.attname: field.to_python if isinstance(field, written) else _same for field in _fields(model)}


def _same(value: Any) -> Any:
    return value


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.Field)]
