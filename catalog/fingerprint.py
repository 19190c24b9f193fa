"""All that a product's page shows, as one word: while the word is the same, the page is.

It is taken over the rows as they are, whatever wrote them, so no writer has to remember to say so. One query.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from django.db import connection

from sellers.models import Seller

from .models import Batch, Category, HsCode, Maker, Picture, Product, ProductText, Variant

# What changes often or is long, and is on no page.
UNSHOWN = (
    *("search_tokens", "search_pinyin", "marks", "standing"),
    *("cover_files", "units_sold", "price_from_minor", "price_to_minor", "in_stock"),
)
# What hangs on a product and is shown with it.
HANGING = (Variant, Picture, ProductText, Batch)


class Fingerprint(NamedTuple):
    """A product on sale, its shelf, and the word."""

    product_id: int
    category_id: int
    word: str


def of_page(slug: str) -> Fingerprint | None:
    """The fingerprint of a product's page; None where strangers may not know of it."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(), {"slug": slug, "unshown": list(UNSHOWN), **_on_sale()})
        row = cursor.fetchone()
    return Fingerprint(*row) if row else None


def _on_sale() -> dict[str, str]:
    """The same as `ProductQuerySet.on_sale`."""
    return {"published": Product.Status.PUBLISHED.value, "approved": Seller.Status.APPROVED.value}


@functools.cache
def _sql() -> str:
    product, seller, category, line, maker = (
        connection.ops.quote_name(model._meta.db_table) for model in (Product, Seller, Category, HsCode, Maker)
    )
    rows = ", ".join(_rows(connection.ops.quote_name(model._meta.db_table)) for model in HANGING)
    return f"""
        SELECT product.id, product.category_id, md5(concat_ws('|',
            (to_jsonb(product) - %(unshown)s::text[])::text, to_jsonb(seller)::text, to_jsonb(category)::text,
            to_jsonb(line)::text, to_jsonb(maker)::text, {rows}))
        FROM {product} product
        JOIN {seller} seller ON seller.id = product.seller_id
        JOIN {category} category ON category.id = product.category_id
        LEFT JOIN {line} line ON line.id = product.hs_code_id
        LEFT JOIN {maker} maker ON maker.id = product.maker_id
        WHERE product.slug = %(slug)s AND product.status = %(published)s AND seller.status = %(approved)s
    """  # noqa: S608  (names of our own tables)


def _rows(table: str) -> str:
    """All rows of a table that hang on the product, as text."""
    return (
        f"(SELECT string_agg(to_jsonb(one)::text, '|' ORDER BY one.id) FROM {table} one"  # noqa: S608  (our own table)
        " WHERE one.product_id = product.id)"
    )
