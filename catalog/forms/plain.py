"""What the forms of a seller's dashboard share: they ask in plain words, and say what is wrong in the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Whole francs that a product may bring; a typing slip beyond this is asked about.
MOST_RWF = 10_000_000
MOST_UNITS = 100_000
# Django does not speak Kinyarwanda, so what may be wrong is said in our own words.
WRONG = {
    "required": _("Please fill this in."),
    "invalid": _("Write a number, for example 24."),
    "invalid_choice": _("Choose one from the list."),
    "invalid_list": _("Choose from the list."),
    "min_value": _("Too low: at least %(limit_value)s."),
    "max_value": _("Too high: at most %(limit_value)s."),
    "min_length": _("Too short: at least %(limit_value)s letters."),
    "max_length": _("Too long: at most %(limit_value)s letters."),
    "max_digits": _("This number is too long."),
    "max_decimal_places": _("At most one digit after the point."),
    "max_whole_digits": _("This number is too long."),
    "empty": _("This file is empty. Take the photo again."),
    "missing": _("Choose a photo first."),
    "null_characters_not_allowed": _("There are characters here that cannot be kept."),
}


class Amount(forms.DecimalField):
    """A number with at most one digit after the point; 20,5 is 20.5, as people in Rwanda write it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput({"inputmode": "decimal"}))
        super().__init__(decimal_places=1, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class Whole(forms.IntegerField):
    """A whole number, typed on a phone's number keys."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput({"inputmode": "numeric"}))
        super().__init__(**options)


class PlainForm(forms.Form):
    """A form whose faults are told in plain words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.speak_plainly()

    def speak_plainly(self) -> None:
        """Teach all fields our words; a form that adds fields of its own calls it again."""
        for field in self.fields.values():
            field.error_messages.update(WRONG)
