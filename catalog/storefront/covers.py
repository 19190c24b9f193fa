"""The picture that stands for a shelf, or for a kind of goods: the cover of the goods of best standing there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from .. import cards

WIDTH = 240
# One step along an index for each that is asked about, all in one question.
BEST = """
SELECT wanted.it, best.cover_files::text
FROM unnest(%s::{kind}[]) AS wanted(it)
CROSS JOIN LATERAL (
    SELECT p.cover_files FROM catalog_product p JOIN sellers_seller s ON s.id = p.seller_id
    WHERE p.{column} = wanted.it AND p.status = 'published' AND s.status = 'approved'
    ORDER BY p.standing DESC LIMIT 1
) best
"""
OF_SHELVES, OF_KINDS = BEST.format(column="category_id", kind="bigint"), BEST.format(column="product_type", kind="text")
Image = dict[str, Any] | None


def of_shelves(ids: Sequence[int]) -> dict[int, Image]:
    """By the shelf, where it has goods on sale; None where those have no picture."""
    return _ask(OF_SHELVES, ids)


def of_kinds(product_types: Sequence[str]) -> dict[str, Image]:
    """By the type of goods, where there are some on sale; None where those have no picture."""
    return _ask(OF_KINDS, product_types)


def _ask(question: str, wanted: Sequence[Any]) -> dict[Any, Image]:
    with connection.cursor() as cursor:
        cursor.execute(question, [list(wanted)])
        return {it: cards.cover(json.loads(files), WIDTH) for it, files in cursor.fetchall()}
