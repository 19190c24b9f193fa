"""The rating of a product: the sum of the stars it was given, and by how many. Its buyers' words are kept by orders.

The sums stand in the product's own row, so that lists filter and sort by them without reading a review.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import F

from kernel.formatting import ENOUGH_REVIEWS

from . import showing
from .models import Product
from .structured import Rating


@transaction.atomic
def rate(product_id: int, *, stars: int, count: int) -> None:
    """Add stars given by so many reviews; take them away with negative numbers. Pages and lists follow.

    Both are differences, added by the database, so that two buyers at once lose nothing.
    """
    Product.objects.filter(pk=product_id).update(
        rating_sum=F("rating_sum") + stars, rating_count=F("rating_count") + count
    )
    showing.later(product_id)


def of(product: Product) -> Rating | None:
    """The rating to show; nothing while there are too few reviews for a mean to say anything."""
    if product.rating_count < ENOUGH_REVIEWS:
        return None
    return Rating(Decimal(product.rating_sum) / product.rating_count, product.rating_count)
