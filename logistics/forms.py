"""What sellers measure and buyers answer, checked before anything moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import PlannedParcel

from .facts import MAX_GROSS_G
from .parcels import MAX_SIDE_MM, BoxMeasure

SIDES = (("length", _("Length (cm)")), ("width", _("Width (cm)")), ("height", _("Height (cm)")))


class Centimetres(forms.DecimalField):
    """A side of a box; 20,5 is 20.5, as people in Rwanda write it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class PackForm(forms.Form):
    """Weight and size of every planned parcel; fields are named after it, `12-weight`."""

    def __init__(self, *args: Any, planned: Sequence[PlannedParcel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.planned = planned
        for box in planned:
            self.fields[f"{box.pk}-weight"] = forms.IntegerField(
                label=_("Weight on the scale (g)"),
                min_value=1,
                max_value=MAX_GROSS_G,
                error_messages={
                    "required": _("Weigh the closed box and write the grams."),
                    "invalid": _("Write whole grams, for example 850."),
                    "min_value": _("The weight must be above zero."),
                    "max_value": _("A parcel may weigh 30 kg at most. Take something out."),
                },
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            for side, label in SIDES:
                self.fields[f"{box.pk}-{side}"] = Centimetres(
                    label=label,
                    min_value=1,
                    max_value=MAX_SIDE_MM // 10,
                    max_digits=5,
                    decimal_places=1,
                    error_messages={
                        "required": _("Measure the box and write the centimetres."),
                        "invalid": _("Write centimetres, for example 24 or 24.5."),
                        "min_value": _("A side has 1 cm at least."),
                        "max_value": _("A side may have 150 cm at most."),
                        "max_decimal_places": _("One digit after the point is enough."),
                    },
                    widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                )

    def of(self, box: PlannedParcel) -> Iterable[forms.BoundField]:
        """The fields of one planned parcel."""
        return [self[f"{box.pk}-{name}"] for name in ("weight", *(side for side, _label in SIDES))]

    def boxes(self) -> list[BoxMeasure]:
        """What was measured, in grams and millimetres."""
        said = self.cleaned_data
        return [
            BoxMeasure(
                planned_id=box.pk,
                weight_g=said[f"{box.pk}-weight"],
                length_mm=int(said[f"{box.pk}-length"] * 10),
                width_mm=int(said[f"{box.pk}-width"] * 10),
                height_mm=int(said[f"{box.pk}-height"] * 10),
            )
            for box in self.planned
        ]


class HoldForm(forms.Form):
    """The buyer's answer to customs, with a consent each for collecting the number and for sending it abroad."""

    real_name = forms.CharField(
        label=_("Real name of the recipient"),
        help_text=_("As on the identity card."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_number = forms.CharField(
        label=_("ID number"),
        help_text=_("18 characters. It is kept encrypted and shown to nobody but customs and the post."),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    agree_collection = forms.BooleanField(
        label=_("I agree that my ID number is collected for customs"),
        error_messages={"required": _("Without this consent we cannot keep the number.")},
    )
    agree_cross_border = forms.BooleanField(
        label=_("I agree that it is sent to the post and customs, across borders"),
        error_messages={"required": _("Without this consent we cannot send the number.")},
    )


class RevealForm(forms.Form):
    """Why a member of staff must read an ID number."""

    why = forms.CharField(label=_("Why do you need it?"), min_length=8, max_length=200)
