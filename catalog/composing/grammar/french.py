"""French: gender and number, elision, the decimal comma."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .base import Grammar, Noun, Word

FIXED_SPACE, NARROW_SPACE = "\u00a0", "\u202f"
_VOWELS = tuple("aeiouàâéèêëîïôœæAEIOUÀÂÉÈÊËÎÏÔŒÆ")
# Words of patterns whose feminine or plural no rule makes.
IRREGULAR = {
    "est": {"mp": "sont", "fp": "sont"},
    "il": {"f": "elle", "mp": "ils", "fp": "elles"},
    "ce": {"f": "cette", "mp": "ces", "fp": "ces"},
    "un": {"f": "une", "mp": "des", "fp": "des"},
    "fait": {"f": "faite", "mp": "faits", "fp": "faites"},
    "peint": {"f": "peinte", "mp": "peints", "fp": "peintes"},
    "cuit": {"f": "cuite", "mp": "cuits", "fp": "cuites"},
}


class French(Grammar):
    """`grammar` of a type is `m`, `f`, `mp` or `fp`. A term may bring `f`, `mp`, `fp` and `de`."""

    language = "fr"
    last_comma = " et "
    units = {
        unit: (one.replace(" ", FIXED_SPACE), several.replace(" ", FIXED_SPACE))
        for unit, (one, several) in {
            "cm": ("# cm", "# cm"),
            "m": ("# m", "# m"),
            "g": ("# g", "# g"),
            "kg": ("# kg", "# kg"),
            "ml": ("# ml", "# ml"),
            "l": ("# l", "# l"),
            "gsm": ("# g/m²", "# g/m²"),
            "percent": ("# %", "# %"),
            "days": ("# jour", "# jours"),
            "months": ("# mois", "# mois"),
            "points": ("# point", "# points"),
            "pieces": ("# pièce", "# pièces"),
            "yards": ("# yard", "# yards"),
            "strings": ("# corde", "# cordes"),
        }.items()
    }

    def number(self, number: Decimal) -> str:
        return f"{number:,f}".replace(",", NARROW_SPACE).replace(".", ",")

    def of(self, words: Sequence[Word], noun: Noun) -> str:
        return self.listed([word.forms.get("de") or self._de(word.text) for word in words])

    def agreed(self, word: Word, noun: Noun) -> str:
        return word.forms.get(noun.kind, word.text)

    def agree(self, stem: str, noun: Noun) -> str:
        if stem in IRREGULAR:
            return IRREGULAR[stem].get(noun.kind, stem)
        feminine = "e" if noun.kind.startswith("f") else ""
        return f"{stem}{feminine}{'s' if noun.kind.endswith('p') else ''}"

    def at(self, place: str) -> str:
        return f"à {place}" if place else ""

    def _de(self, text: str) -> str:
        return f"d'{text}" if text.startswith(_VOWELS) else f"de {text}"
