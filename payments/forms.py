"""What buyers type at checkout, checked before anything is promised."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

REAL_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f·]{2,15}|[A-Za-z][A-Za-z .'-]{1,38}[A-Za-z]")


class CheckoutForm(forms.Form):
    """The part of checkout that a person fills in; seller notes are fields named `note-<seller>`."""

    quote = forms.UUIDField(widget=forms.HiddenInput)
    total = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    address = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    orderer = forms.CharField(
        label=_("Orderer's real name"),
        help_text=_("As on your identity card. Please pay with an account of the same person: customs compares them."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    id_number = forms.CharField(
        label=_("Resident ID number"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    agree_collection = forms.BooleanField(label=_("I agree that my ID number is collected for customs"), required=False)
    agree_cross_border = forms.BooleanField(label=_("I agree that it is sent to customs and the post"), required=False)
    agree_notice = forms.BooleanField(
        label=_("I have read and agree to the notice to consumers"),
        error_messages={"required": _("Please read the notice to consumers and tick that you agree.")},
    )

    def __init__(self, *args: Any, sellers: list[int], asks_id_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_id_number = asks_id_number
        for seller_id in sellers:
            self.fields[f"note-{seller_id}"] = forms.CharField(
                label=_("Message to the seller"), max_length=50, required=False
            )
        if not asks_id_number:
            for name in ("id_number", "agree_collection", "agree_cross_border"):
                del self.fields[name]

    def clean_orderer(self) -> str:
        name = " ".join(self.cleaned_data["orderer"].split())
        if not REAL_NAME.fullmatch(name):
            raise forms.ValidationError(_("Please write the name as on the identity card, 2 to 15 characters."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.asks_id_number:
            for name in ("id_number", "agree_collection", "agree_cross_border"):
                if not cleaned.get(name):
                    self.add_error(name, _("This route needs it: customs will not let the parcel in without."))
        return cleaned

    def notes(self) -> dict[int, str]:
        """What the buyer says to each seller, by the seller's id."""
        return {
            int(name.removeprefix("note-")): " ".join(text.split())
            for name, text in self.cleaned_data.items()
            if name.startswith("note-") and text
        }
