"""Who makes things in a shop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sellers import districts
from sellers.models import Seller

from .. import crafts, makers
from .plain import PlainForm, Whole

FIRST_YEAR = 1900


class MakerForm(PlainForm):
    """A person or a group: name, craft, place, how many they are, since when."""

    name = forms.CharField(
        label=_("Name of the person or the group"),
        min_length=2,
        max_length=60,
        help_text=_("Buyers see this name. Ask before you write somebody's name."),
    )
    craft = forms.ChoiceField(label=_("What do they do?"))
    district = forms.ChoiceField(label=_("District"))
    sector = forms.CharField(label=_("Sector"), max_length=40, required=False)
    people = Whole(label=_("How many people are they?"), min_value=1, max_value=10_000, initial=1)
    since_year = Whole(label=_("Since which year?"), min_value=FIRST_YEAR, required=False)

    def __init__(self, data: Any = None, *, seller: Seller) -> None:
        super().__init__(data, initial={"district": seller.district, "sector": seller.sector})
        known = [(slug, str(words)) for slug, words in crafts.all_of_them().items()]
        self.fields["craft"].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined]
        self.fields["district"].choices = [  # type: ignore[attr-defined]
            (province, [(place.name, place.name) for place in inside]) for province, inside in districts.provinces()
        ]

    def clean_since_year(self) -> int | None:
        """Not a year that is still to come."""
        year: int | None = self.cleaned_data["since_year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year has not come yet."))
        return year

    def said(self) -> makers.Said:
        """What was typed. Call it on a valid form."""
        return makers.Said(**self.cleaned_data)
