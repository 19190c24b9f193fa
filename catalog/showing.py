"""What lists show of a product, kept in its own row: price, stock, sales, cover, and the marks that filters ask for.

Whoever changes a price, a picture or the facts of a product asks for `later` in the same transaction. Stock moves too
often for that: its page is made anew (`pages.touch`), and lists follow by the clock. A list may be a moment behind; a
product's own page never is.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from kernel import pagecache, work

from . import facts, pages, vocabulary
from .models import Picture, Product, Variant


def later(product_id: int) -> None:
    """Have a product's columns for lists written again, and its page made anew. Needs a transaction."""
    pages.touch(product_id)
    work.later(refresh, product_id=product_id, once=f"product:{product_id}")


@work.task
def refresh(*, product_id: int) -> None:
    """Write what lists show of a product into its row. Safe to repeat."""
    product = Product.objects.filter(pk=product_id).select_related("seller").first()
    if product is None:
        return
    columns = _columns(product)
    if any(getattr(product, name) != value for name, value in columns.items()):
        Product.objects.filter(pk=product_id).update(**columns)
    # A name may have changed as well, which is not ours to compare.
    pages.touch_lists(product_id)


@work.every(seconds=20)
def follow_stock(*, now: datetime) -> int:
    """Say of goods whether there are any, where that has changed; says how many. Partial indexes make it cheap."""
    its = Variant.objects.filter(product=OuterRef("pk"), retired_at=None)
    free, gone = its.filter(on_hand__gt=F("reserved")), its.filter(on_hand__lte=F("reserved"))
    changed = Product.objects.filter(Exists(gone), ~Exists(free), in_stock=True).update(in_stock=False)
    changed += Product.objects.filter(Exists(free), in_stock=False).update(in_stock=True)
    if changed:
        pagecache.touch(pages.GOODS)
    return changed


@work.every(seconds=1800)
def count_sales(*, now: datetime) -> int:
    """Bring the numbers of units sold up to date, by which lists are sorted; says how many changed."""
    sold = Variant.objects.filter(product=OuterRef("pk")).values("product").annotate(units=Sum("sold")).values("units")
    return Product.objects.exclude(units_sold=Coalesce(sold, 0)).update(units_sold=Coalesce(sold, 0))


def _columns(product: Product) -> dict[str, Any]:
    variants = Variant.objects.filter(product=product).aggregate(
        lowest=Min("price_minor", filter=Q(retired_at=None)),
        highest=Max("price_minor", filter=Q(retired_at=None)),
        sold=Sum("sold"),
        left=Max(F("on_hand") - F("reserved"), filter=Q(on_hand__gt=F("reserved"), retired_at=None)),
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
    options = (
        product.variants.filter(retired_at=None).exclude(options=[]).order_by("pk").values_list("options", flat=True)
    )
    said = facts.marks(described, product.facts, options) if described else []
    return [f"district:{product.district or product.seller.district}".lower(), *said]


def _cover(picture: Picture) -> dict[str, Any]:
    return {
        "webp": picture.files,
        "avif": picture.avif_files,
        "original": picture.original.name,
        "colour": picture.colour,
        "illustration": picture.is_illustration,
    }
