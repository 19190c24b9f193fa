"""Form fields for what the vocabulary asks: a choice, several, a number, from-to, a name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .. import facts, vocabulary
from ..vocabulary import Attribute, Kind, ProductType
from .plain import Amount

# Up to so many answers are shown at once; more go into a list to open.
MOST_SHOWN = 8
LEAST = Decimal("0.1")
# Units that are signs, the same in every language; other units stand in the question.
SIGNS = {"cm", "mm", "m", "g", "kg", "ml", "l", "%", "°C"}
NOT_SAID = _("Not said")


@dataclass(frozen=True)
class Question:
    """One thing that is asked, with the fields for its answer."""

    ask: str
    fields: list[forms.BoundField]
    unit: str
    is_range: bool

    @property
    def is_answered(self) -> bool:
        return any(field.errors or field.value() for field in self.fields)


def fields(
    product_type: ProductType, attribute: Attribute, *, kept: Collection[str] = (), in_a_row: bool = False
) -> dict[str, forms.Field]:
    """The fields that ask for an attribute, by the end of their name. A row of variants has room for lists only.

    Offered is what makes sense for goods of the type, and what was `kept` of earlier answers. No answer is required
    while a product is a draft, so that work can be put down at any time; what is needed is checked when it is sent.
    """
    label = str(attribute.ask)
    terms = [
        (term.slug, str(term.name))
        for term in vocabulary.terms(attribute.slug).values()
        if term.slug in kept or term in vocabulary.offered(product_type, attribute.slug)
    ]
    match attribute.kind:
        case Kind.TERM if in_a_row or len(terms) > MOST_SHOWN:
            return {"": forms.ChoiceField(label=label, choices=[("", _("Choose")), *terms], required=False)}
        case Kind.TERM:
            shown = terms if attribute.slug in product_type.needs else [*terms, ("", NOT_SAID)]
            return {"": forms.ChoiceField(label=label, choices=shown, required=False, widget=forms.RadioSelect)}
        case Kind.TERMS:
            boxes = forms.CheckboxSelectMultiple
            return {"": forms.MultipleChoiceField(label=label, choices=terms, required=False, widget=boxes)}
        case Kind.NUMBER:
            return {"": _amount(label)}
        case Kind.RANGE:
            return {"-low": _amount(pgettext_lazy("range", "from")), "-high": _amount(pgettext_lazy("range", "to"))}
        case Kind.NAME:
            return {"": forms.CharField(label=label, max_length=facts.LONGEST_NAME, required=False)}


def unit_of(attribute: Attribute) -> str:
    """The unit to write behind a number, where it is a sign that does not stand in the question."""
    return attribute.unit if attribute.unit in SIGNS and f"({attribute.unit})" not in str(attribute.ask) else ""


def said(product_type: ProductType, attribute: Attribute, name: str, cleaned: Mapping[str, Any]) -> Any:
    """The stored form of what was answered, or nothing. Raises facts.BadFact."""
    if attribute.kind == Kind.RANGE:
        ends = [cleaned.get(f"{name}-low"), cleaned.get(f"{name}-high")]
        answer: Any = [end for end in ends if end is not None]
        answer = answer[0] if len(answer) == 1 else answer
    else:
        answer = cleaned.get(name)
    return facts.clean(product_type, {attribute.slug: answer}).get(attribute.slug)


def initial(attribute: Attribute, name: str, stored: Any) -> dict[str, Any]:
    """What the fields show for what is stored."""
    if attribute.kind == Kind.RANGE and isinstance(stored, list) and len(stored) == 2:
        return {f"{name}-low": stored[0], f"{name}-high": stored[1]}
    return {name: stored}


def _amount(label: Any) -> Amount:
    return Amount(label=label, min_value=LEAST, max_value=facts.HIGHEST, required=False)
