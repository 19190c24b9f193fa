"""What a product still needs before staff look at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import facts, texts, variants, vocabulary
from .models import HsCode, Product
from .vocabulary import Words


@dataclass(frozen=True)
class Point:
    """One line of the checklist: what is needed, in the reader's language, and whether it is there."""

    code: str
    text: str | Promise | Words
    done: bool


def checklist(product: Product) -> list[Point]:
    """What a product needs before it is sent, in the order in which a seller fills it in."""
    mine = variants.offered(product)
    line = product.hs_code
    return [
        *_facts(product),
        Point("size", _("packed weight and size"), all(one.weight_g and one.length_mm for one in mine) and bool(mine)),
        Point("price", _("the price"), all(one.receive_rwf_minor > 0 for one in mine) and bool(mine)),
        Point("stock", _("how many you have"), any(one.available > 0 for one in mine)),
        Point("photo", _("a photo"), product.pictures.exists()),
        *(
            [Point("allowed", _("a kind of goods that may be sent"), False)]
            if line is not None and line.access == HsCode.Access.BLOCKED
            else []
        ),
    ]


def missing(product: Product) -> list[str | Promise | Words]:
    """What is not there yet."""
    return [point.text for point in checklist(product) if not point.done]


def forbidden(product: Product) -> list[str]:
    """What the seller wrote that advertising may not say: each word with its rule and what to do.

    Texts that are composed or translated are not the seller's to mend; staff answer for those when they publish.
    """
    return [
        _("“%(word)s”: %(rule)s. %(advice)s") % {"word": found.word, "rule": found.rule, "advice": found.advice}
        for field, language, found in texts.findings(product)
        if language == product.written_in and texts.own(product, field)
    ]


def _facts(product: Product) -> list[Point]:
    product_type = vocabulary.types().get(product.product_type)
    if product_type is None:
        return [Point("type", _("what kind of product it is"), False)]
    # Variants have the same options, each with its own value; so the first one tells what they differ in.
    varied = [one["attribute"] for variant in variants.offered(product)[:1] for one in variant.options]
    missed = {attribute.slug for attribute in facts.missing(product_type, product.facts, varied)}
    known = vocabulary.attributes()
    return [Point(f"fact-{slug}", known[slug].name, slug not in missed) for slug in product_type.needs]
