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
    "a": {"mp": "ont", "fp": "ont"},
    "il": {"f": "elle", "mp": "ils", "fp": "elles"},
    "ce": {"f": "cette", "mp": "ces", "fp": "ces"},
    "fait": {"f": "faite", "mp": "faits", "fp": "faites"},
    "convient": {"mp": "conviennent", "fp": "conviennent"},
}
VERBS = {"demande", "mesure", "pèse"}


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

    def shaped(self, word: Word, form: str, noun: Noun) -> str:
        """A participle agrees by its first word, unless the vocabulary brings the form for this gender and number."""
        text = word.forms.get(f"{form}.{noun.kind}") or word.forms.get(form, word.text)
        if form != "done" or f"{form}.{noun.kind}" in word.forms or form not in word.forms:
            return text
        first, *rest = text.split(" ")
        return " ".join([self.agree(first, noun), *rest])

    def agree(self, stem: str, noun: Noun) -> str:
        """`{=tissé}` and the like, `{=est}`, `{=ce}`: *cet objet*, *cette coupe*."""
        if stem == "ce" and noun.kind == "m" and noun.text.startswith(_VOWELS):
            return "cet"
        if stem in IRREGULAR:
            return IRREGULAR[stem].get(noun.kind, stem)
        if stem in VERBS:
            return f"{stem}nt" if noun.kind.endswith("p") else stem
        feminine = "e" if noun.kind.startswith("f") else ""
        return f"{stem}{feminine}{'s' if noun.kind.endswith('p') else ''}"

    def between(self, low: Decimal, high: Decimal, unit: str) -> str:
        if low == high:
            return f"à {self.span(low, high, unit)}"
        return f"entre {self.number(low)} et {self.amount(high, unit)}"

    def title(self, text: str) -> str:
        """With the spaces that French sets before : and ;."""
        return super().title(text).replace(" ;", f"{NARROW_SPACE};").replace(" :", f"{FIXED_SPACE}:")

    def at(self, place: str) -> str:
        return f"à {place}" if place else ""

    def _de(self, text: str) -> str:
        return f"d'{text}" if text.startswith(_VOWELS) else f"de {text}"
