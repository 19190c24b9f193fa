"""What the facts of a product say, text by text: the bridge from its rows to `catalog.composing`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from . import composing, facts, places, vocabulary, wording
from .composing import About, Composed
from .facts import Fact
from .models import LANGUAGES, Picture, Product, ProductText
from .vocabulary import ProductType, Words

Field = ProductText.Field
# A text of a product: its field, its language, and of an alt text its picture.
Key = tuple[str, str, UUID | None]


def of(product: Product, pictures: list[Picture]) -> dict[Key, str]:
    """Everything that a product's facts say, in every language; nothing where its type is not known."""
    described = vocabulary.types().get(product.product_type)
    if described is None:
        return {}
    known, about = _facts(described, product), about_of(product)
    said: dict[Key, str] = {}
    for language in LANGUAGES:
        made = composing.compose(described, known, about, language)
        said[Field.TITLE, language, None] = made.title
        said[Field.SUMMARY, language, None] = made.summary
        said[Field.SPECIFICATION, language, None] = wording.written(made.specification)
        said[Field.LABEL, language, None] = wording.written(made.label)
        for picture in pictures:
            drawn = picture.is_illustration
            alt = composing.alt(described, known, about, language, is_illustration=drawn)
            said[Field.ALT, language, picture.pk] = alt
    return said


def in_language(product: Product, language: str) -> Composed | None:
    """What a product's facts say in one language, now; None where its type is not known."""
    described = vocabulary.types().get(product.product_type)
    if described is None:
        return None
    return composing.compose(described, _facts(described, product), about_of(product), language[:2])


def about_of(product: Product) -> About:
    """Place, shop, maker and lead time of a product, as its sentences name them."""
    seller = product.seller
    place = product.district or seller.district
    return About(
        place=Words(zh=places.in_chinese().get(place, place), en=place, fr=place, rw=place),
        shop=Words(zh=seller.name_zh or seller.name, en=seller.name, fr=seller.name, rw=seller.name),
        maker=product.maker.name if product.maker else "",
        lead_days=product.lead_days,
    )


def basis(product: Product, field: str) -> str:
    """The fingerprint of all about a product that a text of this field is made from.

    A title or an alt text does not grow stale because another hand makes the thing or because that takes longer now;
    none does because the shop is called otherwise.
    """
    return wording.fingerprint(
        product.product_type,
        product.facts,
        sorted(map(str, _options(product))),
        product.district or product.seller.district,
        *([] if field in (Field.TITLE, Field.ALT) else [product.maker and product.maker.name, product.lead_days]),
    )


def _facts(described: ProductType, product: Product) -> dict[str, Fact]:
    """What is known of it, with what buyers choose between."""
    return {**facts.read(described, product.facts), **facts.choices(described, _options(product))}


def _options(product: Product) -> list[list[dict[str, Any]]]:
    """What tells the variants apart that are still sold."""
    return [one.options for one in product.variants.all() if one.options and one.retired_at is None]
