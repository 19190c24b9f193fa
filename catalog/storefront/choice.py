"""Which variant a product's page speaks of, and what its form and its script need to let a buyer choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import formatting

from .. import choosing
from ..models import Variant
from ..places import listed

MOST_AT_ONCE = 99
FEW = 10
MOST_ANSWERS, LONGEST = 3, 20


class Asked(NamedTuple):
    """What an address asks for, and no more of it than a page can differ by."""

    variant: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    quantity: str = ""


def asked(request: HttpRequest) -> Asked:
    """`?v=7`, or `?o-colour=red&o-height=30`, and `&quantity=2`."""
    answers = tuple(sorted(choosing.asked(request.GET).items()))[:MOST_ANSWERS]
    return Asked(request.GET.get("v", "")[:LONGEST], answers, request.GET.get("quantity", "")[:LONGEST])


def context(wanted: Asked, variants: Sequence[Variant]) -> dict[str, Any]:
    """What the page says of its variants.

    `chosen` is what the address asks for, or the only one there is; `variant` stands in for it until something is
    chosen. `missed` says that the address asks for a combination that is not there.
    """
    chosen, missed = _chosen(wanted, variants)
    variant = chosen or next((one for one in variants if one.available > 0), variants[0])
    left = [chosen] if chosen else variants
    most = min(max(one.available for one in left), MOST_AT_ONCE)
    prices = {one.price_minor for one in left}
    axes = choosing.axes(variants, chosen)
    return {
        "variants": variants,
        "variant": variant,
        "chosen": chosen,
        "missed": missed,
        "axes": axes,
        "axis_names": listed(axis.name for axis in axes),
        "price": min((one.price for one in left), key=lambda price: price.minor),
        "is_from": len(prices) > 1,
        "most": max(most, 0),
        "quantity": _quantity(wanted, most),
        "stock": stock(chosen.available) if chosen else "",
        "sold": sum(one.sold for one in variants),
        "size": size(variant),
        "script": for_script(variants) if len(variants) > 1 else None,
    }


def stock(left: int) -> str:
    """How much is left, in words; figures only where it is little."""
    if left < 1:
        return _("sold out")
    return _("only %(left)s left") % {"left": left} if left <= FEW else _("in stock now")


def size(variant: Variant) -> str:
    """The sides of the packed thing in centimetres."""
    return " × ".join(f"{side / 10:g}" for side in (variant.length_mm, variant.width_mm, variant.height_mm))


def for_script(variants: Sequence[Variant]) -> list[dict[str, Any]]:
    """Each variant as the page's script needs it: number, answers, price in three parts, how many, the same in words,
    and what the specification says of it alone."""
    language = get_language()
    return [
        {
            "i": variant.pk,
            "o": choosing.answers(variant, variants),
            "p": formatting.money_parts(variant.price, language),
            "n": max(min(variant.available, MOST_AT_ONCE), 0),
            "s": stock(variant.available),
            "f": [
                _("%(grams)s g") % {"grams": variant.weight_g},
                _("%(size)s cm") % {"size": size(variant)},
                variant.sku,
            ],
        }
        for variant in variants
    ]


def _chosen(wanted: Asked, variants: Sequence[Variant]) -> tuple[Variant | None, bool]:
    if len(variants) == 1:
        return variants[0], False
    if wanted.answers:
        try:
            return choosing.pick(variants, dict(wanted.answers)), False
        except choosing.NoSuchChoice:
            return None, True
    return next((one for one in variants if str(one.pk) == wanted.variant), None), False


def _quantity(wanted: Asked, most: int) -> int:
    typed = wanted.quantity
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 3 else 1
    return max(1, min(number, most))
