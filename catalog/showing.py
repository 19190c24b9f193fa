"""What lists show of a product, kept in its own row: price, stock, sales, cover, and the marks that filters ask for.

Whoever changes a variant's price, its stock, a picture or the facts of a product asks for `refresh` in the same
transaction, through `later`: a list may be a moment behind, a product's own page never is.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max, Min, Q, Sum

from kernel import work

from . import facts, vocabulary
from .models import Picture, Product, Variant


def later(product_id: int) -> None:
    """Have a product's columns for lists written again, once however often it is asked. Needs a transaction."""
    work.later(refresh, product_id=product_id, once=f"product:{product_id}")


@work.task
def refresh(*, product_id: int) -> None:
    """Write what lists show of a product into its row. Safe to repeat."""
    product = Product.objects.filter(pk=product_id).select_related("seller").first()
    if product is not None:
        Product.objects.filter(pk=product_id).update(**_columns(product))


def _columns(product: Product) -> dict[str, Any]:
    variants = Variant.objects.filter(product=product).aggregate(
        lowest=Min("price_minor"),
        highest=Max("price_minor"),
        sold=Sum("sold"),
        left=Max(F("on_hand") - F("reserved"), filter=Q(on_hand__gt=F("reserved"))),
    )
    cover = product.pictures.order_by("position", "created_at").first()
    return {
        "price_from_minor": variants["lowest"] or 0,
        "price_to_minor": variants["highest"] or 0,
        "units_sold": variants["sold"] or 0,
        "in_stock": bool(variants["left"]),
        "cover_files": _cover(cover) if cover else {},
        "marks": _marks(product),
    }


def _marks(product: Product) -> list[str]:
    described = vocabulary.types().get(product.product_type)
    said = facts.marks(described, product.facts) if described else []
    return [f"district:{product.district or product.seller.district}".lower(), *said]


def _cover(picture: Picture) -> dict[str, Any]:
    return {
        "webp": picture.files,
        "avif": picture.avif_files,
        "original": picture.original.name,
        "colour": picture.colour,
        "illustration": picture.is_illustration,
    }
