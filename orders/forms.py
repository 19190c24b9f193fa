"""What buyers type into a cart."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .limits import MOST_OF_ONE

_WHOLE = RegexValidator(r"\A[0-9]{1,3}\Z", _("Choose a whole number from 1 to 99."))


class QuantityForm(forms.Form):
    """How many of a thing: a whole number from 1 to 99, written in digits and nothing else."""

    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MOST_OF_ONE,
        error_messages={
            "required": _("Choose a whole number from 1 to 99."),
            "invalid": _("Choose a whole number from 1 to 99."),
            "min_value": _("Choose a whole number from 1 to 99."),
            "max_value": _("Choose a whole number from 1 to 99."),
        },
    )

    def clean(self) -> dict[str, object]:
        """Django reads `1.0` as 1 and so may we not: nobody orders a fraction."""
        cleaned = super().clean() or {}
        typed = str(self.data.get("quantity", "")).strip()
        if "quantity" in cleaned:
            try:
                _WHOLE(typed)
            except forms.ValidationError as error:
                self.add_error("quantity", error)
        return cleaned
