"""Photos that a seller adds to a product."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import pictures
from .plain import PlainForm


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
