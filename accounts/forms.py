"""Forms of a person's own pages: each field says what is wrong in words, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.refusals import Refusal

from . import addresses, handles, names, regions
from .models import Address, Language


class CheckedField(forms.CharField):
    """A text that a function of the domain reads; its refusal becomes the field's error."""

    def __init__(self, reads: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**options)
        self.reads = reads

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.reads(text)
        except Refusal as no:
            raise ValidationError(str(no), code=no.code) from no


class HandleForm(forms.Form):
    """An e-mail or phone to send a code to."""

    handle = CheckedField(
        handles.parse,
        label=_("Mobile number or e-mail"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class SignUpForm(HandleForm):
    """The same, with the language of pages and messages."""

    language = forms.ChoiceField(label=_("Language of pages and messages"), choices=Language, widget=forms.RadioSelect)


class PasswordForm(forms.Form):
    """Sign-in by password. The handle is read by the backend, so that a wrong one costs and says the same."""

    handle = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    """The six digits of a message."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}),
    )


class NameForm(forms.Form):
    """How we call a person."""

    name = CheckedField(
        lambda text: names.line(text, longest=40),
        label=_("Name"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )


class NewPasswordForm(forms.Form):
    """A new password; the current one is asked for unless this session began with a code."""

    current = forms.CharField(
        label=_("Current password"), strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 8 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, needs_current: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not needs_current:
            del self.fields["current"]


class AddressForm(forms.Form):
    """A consignee in China. The lists of cities and districts follow what was chosen above them, on the server too."""

    recipient = CheckedField(
        names.person,
        label=_("Recipient"),
        max_length=60,
        help_text=_("The real name, as on the ID card. Customs compares it."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = CheckedField(
        handles.chinese_phone,
        label=_("Mobile number"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    province_code = forms.ChoiceField(
        label=pgettext_lazy("part of an address", "Province"),
        widget=forms.Select({"autocomplete": "address-level1", "data-region": "province"}),
    )
    city_code = forms.ChoiceField(
        label=pgettext_lazy("part of an address", "City"),
        widget=forms.Select({"autocomplete": "address-level2", "data-region": "city"}),
    )
    district_code = forms.ChoiceField(
        label=pgettext_lazy("part of an address", "District"),
        widget=forms.Select({"autocomplete": "address-level3", "data-region": "district"}),
    )
    street = CheckedField(
        addresses.street,
        label=_("Street address"),
        max_length=400,
        help_text=_("Street, house number, building, floor, door"),
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    postcode = CheckedField(
        addresses.postcode,
        label=_("Postcode"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    is_default = forms.BooleanField(label=_("Use this address by default"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        province, city = self._now("province_code"), self._now("city_code")
        offered = {
            "province_code": regions.provinces(),
            "city_code": regions.cities(province),
            "district_code": regions.districts(province, city),
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("Please choose")), *choices]  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = str(addresses.BadRegion.message)

    def _now(self, name: str) -> str:
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")


def address_initial(address: Address) -> dict[str, Any]:
    """An address as the form shows it."""
    place = regions.district(address.district_code)
    return {
        "recipient": address.recipient,
        "phone": address.phone.removeprefix("+86"),
        "province_code": address.province_code,
        "city_code": place.city_code if place else "",
        "district_code": address.district_code,
        "street": address.street,
        "postcode": address.postcode,
        "is_default": address.is_default,
    }
