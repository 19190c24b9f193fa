"""What customs reads about goods, in English: what it is, and what of. Pure: no database.

Posts and customs refuse parcels that hold "gifts" or "handicrafts" (the rules of the CN 23 form ask for a detailed
description), so the words come from the type and its facts, and generic ones are found out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import facts
from .vocabulary import Kind, ProductType

LONGEST = 120
MOST_DETAILS = 3
_GENERIC = re.compile(
    r"(accessor|africa|article|assorted|commodit|craft|effect|food|gift|good|hand-?made|handicraft|item|merchandise"
    r"|misc|other|part|personal|present|product|rwanda|sample|souvenir|stuff|thing|various|and$|for$|from$|of$|the$)"
)


def describe(product_type: ProductType, stored: Mapping[str, Any]) -> str:
    """The description that follows from the facts: `Agaseke peace basket of sisal and sweetgrass, coiled weaving`."""
    known = facts.read(product_type, stored)
    text = product_type.name.en
    if (material := known.get("material")) and material.terms:
        text = f"{text} of {_listed([term.name.en for term in material.terms])}"
    details = [
        fact.terms[0].name.en
        for slug, fact in known.items()
        if slug in product_type.needs and fact.attribute.kind == Kind.TERM
    ]
    for detail in details[:MOST_DETAILS]:
        if len(text) + len(detail) + 2 <= LONGEST:
            text = f"{text}, {detail}"
    return text[:LONGEST]


def is_generic(text: str) -> bool:
    """Whether it says nothing that customs could tell goods apart by."""
    words = re.findall(r"[a-z-]{3,}", text.lower())
    return all(_GENERIC.match(word) for word in words)


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
