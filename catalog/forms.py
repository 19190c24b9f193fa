"""The forms of a seller's dashboard. They ask in plain words, and say what is wrong in the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import Money

from . import listing, pictures
from .models import Category, Product, Variant

# Whole francs that a product may bring; a typing slip beyond this is asked about.
MOST_RWF = 10_000_000
MOST_UNITS = 100_000
SIDES = ("length", "width", "height")
# Django does not speak Kinyarwanda, so what may be wrong is said in our own words.
WRONG = {
    "required": _("Please fill this in."),
    "invalid": _("Write a number, for example 24."),
    "invalid_choice": _("Choose one from the list."),
    "min_value": _("Too low: at least %(limit_value)s."),
    "max_value": _("Too high: at most %(limit_value)s."),
    "min_length": _("Too short: at least %(limit_value)s letters."),
    "max_length": _("Too long: at most %(limit_value)s letters."),
    "max_decimal_places": _("At most one digit after the point."),
    "empty": _("This file is empty. Take the photo again."),
    "missing": _("Choose a photo first."),
    "null_characters_not_allowed": _("There are characters here that cannot be kept."),
}


class PlainForm(forms.Form):
    """A form whose faults are told in plain words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages.update(WRONG)


class ProductForm(PlainForm):
    """What a seller says about a product. Sizes are typed in centimetres and kept in millimetres."""

    category = forms.ModelChoiceField(
        label=_("What kind of product is it?"), queryset=Category.objects.none(), empty_label=_("Choose")
    )
    written_in = forms.ChoiceField(
        label=_("The language you write in"),
        choices=[("rw", "Ikinyarwanda"), ("en", "English"), ("fr", "Français")],
        help_text=_("Write in your own language. We translate into Chinese."),
    )
    name = forms.CharField(label=_("Product name"), min_length=3, max_length=100)
    description = forms.CharField(
        label=_("Description"),
        max_length=1500,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Who makes it, how, how big it is, how to look after it."),
    )
    materials = forms.CharField(
        label=_("What it is made of"), max_length=120, required=False, help_text=_("For example: sisal, sweetgrass.")
    )
    receive = forms.IntegerField(
        label=_("How much do you want to receive for one? (RWF)"),
        min_value=500,
        max_value=MOST_RWF,
        help_text=_("You get this amount for each one sold. The buyer also pays for the post."),
    )
    stock = forms.IntegerField(label=_("How many do you have?"), min_value=0, max_value=MOST_UNITS, required=False)
    weight_g = forms.IntegerField(
        label=_("Weight when packed (grams)"),
        min_value=10,
        max_value=30_000,
        help_text=_("Weigh it in its box. 1 kg is 1000 grams."),
    )
    length = forms.DecimalField(label=_("Length (cm)"), min_value=1, max_value=150, decimal_places=1)
    width = forms.DecimalField(label=_("Width (cm)"), min_value=1, max_value=150, decimal_places=1)
    height = forms.DecimalField(label=_("Height (cm)"), min_value=1, max_value=150, decimal_places=1)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = Category.objects.order_by("position", "pk")  # type: ignore[attr-defined]
        for name in ("receive", "stock", "weight_g"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        for name in SIDES:
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def facts(self) -> listing.Facts:
        """What was typed, in the catalogue's units. Call it on a valid form."""
        said = self.cleaned_data
        return listing.Facts(
            category=said["category"],
            written_in=said["written_in"],
            name=said["name"],
            description=said["description"],
            materials=said["materials"],
            receive=Money(said["receive"], "RWF"),
            weight_g=said["weight_g"],
            **{f"{side}_mm": int(said[side] * 10) for side in SIDES},
        )

    @staticmethod
    def of(product: Product, variant: Variant) -> dict[str, Any]:
        """What the form shows for a product that exists."""
        facts = listing.facts_of(product, variant)
        return {
            "category": facts.category.pk,
            "written_in": facts.written_in,
            "name": facts.name,
            "description": facts.description,
            "materials": facts.materials,
            "receive": facts.receive.minor,
            "weight_g": facts.weight_g,
            "stock": variant.on_hand,
            **{side: f"{getattr(facts, f'{side}_mm') / 10:g}" for side in SIDES},
        }


class StockForm(PlainForm):
    """How many there are now."""

    stock = forms.IntegerField(label=_("How many do you have?"), min_value=0, max_value=MOST_UNITS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stock"].widget.attrs["inputmode"] = "numeric"


class Photos(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """One photo or several; gives a list. Their content is judged by `catalog.pictures`, not here."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(file, initial) for file in files]


class PhotosForm(PlainForm):
    """Photos to add."""

    photos = PhotosField(
        label=_("Add photos"),
        help_text=_("JPEG, PNG or WebP, at most 12 MB each, 8 for a product. Daylight, plain ground, no flash."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["photos"].widget.attrs["accept"] = "image/jpeg,image/png,image/webp"

    def clean_photos(self) -> list[Any]:
        """At most as many as a product may have."""
        files: list[Any] = self.cleaned_data["photos"]
        if len(files) > pictures.MOST_PICTURES:
            raise forms.ValidationError(str(pictures.TooManyPictures()))
        return files
