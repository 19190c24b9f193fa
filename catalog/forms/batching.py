"""Units that were made together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .plain import MOST_UNITS, PlainForm, Whole

A_DAY = _("Write a day, for example 2026-11-23.")


class Day(forms.DateField):
    """A day, chosen from the phone's calendar or typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class BatchForm(PlainForm):
    """The number written on them, when they were made, how many, and of food until when it keeps."""

    number = forms.CharField(
        label=_("Batch number"), max_length=30, help_text=_("Your own number for it, for example 2026-07.")
    )
    made_on = Day(label=_("Made or harvested on"))
    units = Whole(label=_("How many are in it?"), min_value=1, max_value=MOST_UNITS)
    best_before = Day(label=_("Best before"), required=False)

    def __init__(self, *args: Any, is_food: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not is_food:
            del self.fields["best_before"]

    def speak_plainly(self) -> None:
        """As everywhere, but a day is no number."""
        super().speak_plainly()
        for field in self.fields.values():
            if isinstance(field, Day):
                field.error_messages["invalid"] = A_DAY
