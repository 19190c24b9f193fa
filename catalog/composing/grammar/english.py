"""English."""

from __future__ import annotations

from decimal import Decimal

from .base import Grammar, Noun

# What a pattern writes for one thing -> for several.
PLURALS = {"is": "are", "it": "they", "this": "these", "has": "have", "takes": "take", "grows": "grow", "its": "their"}


class English(Grammar):
    """`grammar` of a type is `p` where its word is a plural."""

    language = "en"
    last_comma = " and "
    units = {
        "cm": ("# cm", "# cm"),
        "m": ("# m", "# m"),
        "g": ("# g", "# g"),
        "kg": ("# kg", "# kg"),
        "ml": ("# ml", "# ml"),
        "l": ("# l", "# l"),
        "gsm": ("# g/m²", "# g/m²"),
        "percent": ("#%", "#%"),
        "days": ("# day", "# days"),
        "months": ("# month", "# months"),
        "points": ("# point", "# points"),
        "pieces": ("# piece", "# pieces"),
        "yards": ("# yard", "# yards"),
        "strings": ("# string", "# strings"),
    }

    def number(self, number: Decimal) -> str:
        return f"{number:,f}"

    def agree(self, stem: str, noun: Noun) -> str:
        """`{=is}` and the like, and `{=a}`: *a basket*, *an apron*, and no article for several."""
        if stem == "a":
            return "" if noun.kind == "p" else "an" if noun.text[:1] in "aeiou" else "a"
        return PLURALS[stem] if noun.kind == "p" else stem

    def at(self, place: str) -> str:
        return f"in {place}" if place else ""
