"""What buyers type into a cart, and what they and shops write about goods."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import words
from .limits import MOST_OF_ONE
from .models import Review

_WHOLE = RegexValidator(r"\A[0-9]{1,3}\Z", _("Choose a whole number from 1 to 99."))


class Words(forms.CharField):
    """A few sentences as `words` keeps them; what it refuses is said beside the field."""

    def __init__(self, **options: Any) -> None:
        area = forms.Textarea({"rows": 4, "cols": 40, "maxlength": words.LONGEST})
        super().__init__(**{"widget": area, **options})

    def clean(self, value: Any) -> str:
        """Cleaned words. Nothing but hidden signs is nothing."""
        try:
            kept = words.cleaned(super().clean(value))
        except Refusal as no:
            raise forms.ValidationError(str(no)) from no
        self.validate(kept)
        return kept


class ReviewForm(forms.Form):
    """Stars, and words if the buyer likes."""

    use_required_attribute = False
    stars = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        choices=Review.Stars.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )
    text = Words(
        label=_("What should other buyers know?"),
        required=False,
        help_text=_("At most 500 characters. Phone and ID numbers are covered up."),
    )
    anonymous = forms.BooleanField(
        label=_("Do not show my name"), required=False, help_text=_("Otherwise buyers see its first and last sign.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        drawn = [(stars, f"{'★' * stars}{'☆' * (5 - stars)} {name}") for stars, name in Review.Stars.choices]
        self.fields["stars"].choices = drawn  # type: ignore[attr-defined]


class AddForm(forms.Form):
    """What a buyer adds to a review later."""

    use_required_attribute = False
    text = Words(
        label=_("Add to your review"), help_text=_("Once, within 30 days. The stars and the first words stay.")
    )


class ReplyForm(forms.Form):
    """What a shop answers."""

    use_required_attribute = False
    text = Words(label=_("Your answer"), help_text=_("You can answer once, and everybody reads it."))


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
