"""The application of a seller: one page, and each answer says what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import handles, names
from kernel.refusals import Refusal

from . import districts, national_id, onboarding
from .models import Paper, Seller

# Which paper each file field of the form brings.
FILES = ("id_card", "certificate", "other")


class ApplyForm(forms.Form):
    """Who sells, from where, and which MoMo number is paid."""

    kind = forms.ChoiceField(label=_("Who are you?"), choices=Seller.Kind, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Shop name"),
        max_length=60,
        help_text=_("Buyers see this name."),
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    legal_name = forms.CharField(
        label=_("Name on the papers"),
        max_length=80,
        help_text=_("Exactly as on the card or the certificate."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    national_id = forms.CharField(
        label=_("ID card number"),
        max_length=40,
        help_text=_("16 digits. We keep only the first and last ones."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    tin = forms.CharField(
        label=_("TIN"),
        max_length=20,
        required=False,
        help_text=_("9 digits, for companies."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    district_code = forms.ChoiceField(label=_("District"))
    sector = forms.CharField(
        label=_("Sector"), max_length=40, widget=forms.TextInput({"list": "sectors", "autocomplete": "off"})
    )
    place_note = forms.CharField(
        label=_("Cell, village, how to find you"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label=_("Phone of the shop"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    momo_number = forms.CharField(
        label=_("MoMo number"),
        max_length=40,
        help_text=_("Your money is sent to this number. It must be in the name above."),
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    id_card = forms.FileField(label=_("Photo of the ID card"), required=False)
    certificate = forms.FileField(
        label=_("Certificate of the cooperative or company"),
        required=False,
    )
    other = forms.FileField(label=_("Another paper"), required=False)
    agree = forms.BooleanField(
        label=_("I have read the rules for sellers and agree."),
        error_messages={"required": _("Please read the rules and tick the box.")},
    )

    def __init__(self, *args: Any, seller: Seller | None = None, is_draft: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["district_code"].choices = [("", _("Please choose")), *_by_province()]  # type: ignore[attr-defined]
        for name in FILES:
            self.fields[name].widget.attrs["accept"] = "image/jpeg,image/png,image/webp,application/pdf"
        if seller is not None and seller.national_id_masked:
            self.fields["national_id"].required = False
        if is_draft:
            for field in self.fields.values():
                field.required = False

    def clean_name(self) -> str:
        return _line(self.cleaned_data["name"], 60)

    def clean_legal_name(self) -> str:
        return _line(self.cleaned_data["legal_name"], 80)

    def clean_place_note(self) -> str:
        return _line(self.cleaned_data["place_note"], 120)

    def clean_national_id(self) -> str:
        """The number masked: it is checked here and kept nowhere in full."""
        text = self.cleaned_data["national_id"]
        return _asked(lambda: national_id.parse(text, today=timezone.localdate()).masked) if text else ""

    def clean_tin(self) -> str:
        text = self.cleaned_data["tin"]
        if not text and self.cleaned_data.get("kind") == Seller.Kind.COMPANY and self.fields["kind"].required:
            raise ValidationError(_("A company needs its TIN."), code="required")
        return _asked(lambda: national_id.tin(text)) if text else ""

    def clean_sector(self) -> str:
        """A sector of the chosen district; without a district it waits."""
        code, text = self.cleaned_data.get("district_code"), self.cleaned_data["sector"]
        return _asked(lambda: districts.district(code).sector(text)) if code and text else ""

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return _asked(lambda: handles.phone(text)) if text else ""

    def clean_momo_number(self) -> str:
        text = self.cleaned_data["momo_number"]
        return _asked(lambda: handles.wallet(text)) if text else ""

    def answers(self, *, language: str) -> onboarding.Answers:
        """The answers that passed, wrong ones left out."""
        good = {name: value for name, value in getattr(self, "cleaned_data", {}).items() if name not in self.errors}
        code = good.get("district_code") or ""
        place = districts.district(code) if code else None
        return onboarding.Answers(
            kind=good.get("kind", ""),
            name=good.get("name", ""),
            legal_name=good.get("legal_name", ""),
            national_id_masked=good.get("national_id", ""),
            tin=good.get("tin", ""),
            district_code=code,
            district=place.name if place else "",
            province=place.province if place else "",
            sector=good.get("sector", ""),
            place_note=good.get("place_note", ""),
            phone=good.get("phone", ""),
            momo_number=good.get("momo_number", ""),
            language=language,
        )


def kind_of_paper(field: str, seller_kind: str) -> Paper.Kind:
    """What kind of paper a file field brings, for a kind of seller."""
    if field == "id_card":
        return Paper.Kind.ID_CARD
    if field == "certificate" and seller_kind == Seller.Kind.COOPERATIVE:
        return Paper.Kind.COOPERATIVE_CERTIFICATE
    if field == "certificate" and seller_kind == Seller.Kind.COMPANY:
        return Paper.Kind.COMPANY_CERTIFICATE
    return Paper.Kind.OTHER


def field_of_paper(kind: str) -> str:
    """The file field that brings a kind of paper."""
    return "id_card" if kind == Paper.Kind.ID_CARD else "certificate"


def initial_of(seller: Seller) -> dict[str, Any]:
    """A draft as the form shows it. The identity number is not among it: it was not kept."""
    names_ = ("kind", "name", "legal_name", "tin", "district_code", "sector", "place_note", "phone", "momo_number")
    return {name: getattr(seller, name) for name in names_}


def _by_province() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(province, [(found.code, found.name) for found in below]) for province, below in districts.provinces()]


def _line(text: str, longest: int) -> str:
    return _asked(lambda: names.line(text, longest=longest)) if text else ""


def _asked(question: Any) -> str:
    """The domain's answer; its refusal becomes the field's error."""
    try:
        answer: str = question()
    except Refusal as no:
        raise ValidationError(str(no), code=no.code) from no
    return answer
