"""How many there are of each size and colour, and how long making one takes. Saved at once, without a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import listing, variants
from ..composing import option_label
from ..models import Product, Variant
from .plain import MOST_UNITS, PlainForm, Whole


@dataclass(frozen=True)
class Shelf:
    """One variant with its two fields."""

    reserved: int
    count: forms.BoundField
    was: forms.BoundField


class SupplyForm(PlainForm):
    """Units of each variant, `count-…`, beside what the page showed before, `was-…`; and the lead time."""

    def __init__(self, data: Any = None, *, product: Product) -> None:
        super().__init__(data)
        self.offered = variants.offered(product)
        for variant in self.offered:
            self.fields[f"count-{variant.pk}"] = Whole(
                label=_asked(variant), min_value=0, max_value=MOST_UNITS, initial=variant.on_hand
            )
            self.fields[f"was-{variant.pk}"] = Whole(
                min_value=0, initial=variant.on_hand, required=False, widget=forms.HiddenInput
            )
        self.fields["lead_days"] = Whole(
            label=_("If you make it only when it is ordered: how many days does that take?"),
            min_value=0,
            max_value=listing.LONGEST_LEAD,
            required=False,
            help_text=_("0 if it lies ready."),
            initial=product.lead_days,
        )
        self.speak_plainly()

    @property
    def shelves(self) -> list[Shelf]:
        """What the page shows, in the order of the variants."""
        return [Shelf(one.reserved, self[f"count-{one.pk}"], self[f"was-{one.pk}"]) for one in self.offered]

    @property
    def counts(self) -> dict[int, variants.Count]:
        """What was counted. Call it on a valid form."""
        said = self.cleaned_data
        return {one.pk: variants.Count(said[f"was-{one.pk}"], said[f"count-{one.pk}"]) for one in self.offered}


def _asked(variant: Variant) -> str:
    """The question, and of which one."""
    language = (get_language() or "en")[:2]
    choice = ", ".join(option_label(one["attribute"], one["value"], language) for one in variant.options)
    return f"{_('How many do you have?')} {choice}".strip()
