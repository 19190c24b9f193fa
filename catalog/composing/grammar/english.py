"""English."""

from __future__ import annotations

from decimal import Decimal

from .base import Grammar, Noun

# What a pattern writes for one thing -> for several; other verbs lose their s.
PLURALS = {"is": "are", "it": "they", "this": "these", "has": "have"}


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
        """`{=is}`, `{=takes}` and the like."""
        return PLURALS.get(stem, stem.removesuffix("s")) if noun.kind == "p" else stem

    def between(self, low: Decimal, high: Decimal, unit: str) -> str:
        written = self.number(low) if low == high else f"{self.number(low)} to {self.number(high)}"
        return f"at {self._with_unit(written, unit, is_one=False)}"

    def at(self, place: str) -> str:
        return f"in {place}" if place else ""
