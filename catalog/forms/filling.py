"""What the form of a type shows for a product that exists."""

from __future__ import annotations

from typing import Any

from .. import listing, vocabulary
from ..models import Product
from ..vocabulary import ProductType
from . import answers
from .describing import SIDES


def initial_of(product: Product, product_type: ProductType) -> dict[str, Any]:
    """What the form of a type shows for a product, which may have been of another type until now."""
    said = listing.facts_of(product, else_type=product_type)
    assert said is not None  # noqa: S101  (it has this type, or that one)
    shown: dict[str, Any] = {
        "name": said.name,
        "description": said.description,
        "written_in": said.written_in,
        "maker": said.maker and said.maker.pk,
        "district": said.district,
        "lead_days": said.lead_days,
        "seen": listing.fingerprint(product),
        "rows": len(said.variants),
    }
    for attribute in product_type.attributes:
        shown.update(answers.initial(attribute, f"fact-{attribute.slug}", said.facts.get(attribute.slug)))
    for place, one in enumerate(said.variants):
        name = f"v{place}"
        shown.update({f"{name}-known": one.pk, f"{name}-receive": one.receive.minor, f"{name}-weight": one.weight_g})
        shown.update({f"{name}-{side}": f"{mm / 10:g}" for side, mm in zip(SIDES, one.sides, strict=True)})
        for slug in product_type.axes:
            stored = one.options.get(slug, said.facts.get(slug))
            shown.update(answers.initial(vocabulary.attributes()[slug], f"{name}-opt-{slug}", stored))
    return shown
