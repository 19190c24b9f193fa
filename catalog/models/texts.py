"""What is written about a product in each language, and how each text came about."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .pictures import Picture
from .products import Product


class ProductText(models.Model):
    """One text about a product in one language, with its provenance.

    `body` is what readers get. `composed` is what stands ready in its place: what the facts alone would say now, or of
    a description what the `provider` made of the seller's words; for a composed text the two are equal. Specification
    and label are one line a fact, `name: value` with a tab between. `based_on` is the fingerprint of the facts, or of
    the seller's own words, that the body was made from: when it is no longer theirs, the text is stale.

    `read_at` is when a person last looked at it and found it right; buyers see no machine's text before that.
    `waits_since` is since when it needs eyes. `catalog.texts` alone writes here.
    """

    class Field(models.TextChoices):
        """What the text is. A description is the seller's own words or their translation; the rest can be composed."""

        TITLE = "title", _("Title")
        SUMMARY = "summary", _("Summary")
        DESCRIPTION = "description", _("Description")
        SPECIFICATION = "specification", _("Specification")
        LABEL = "label", _("Electronic label")
        ALT = "alt", _("What a picture shows")

    class Provenance(models.TextChoices):
        COMPOSED = "composed", _("Composed from facts")
        HUMAN = "human", _("Written by a person")
        MACHINE = "machine", _("Translated by a machine")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="texts")
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, null=True, blank=True, related_name="texts")
    field = models.CharField(max_length=16, choices=Field.choices)
    language = models.CharField(max_length=2, choices=[(code, code) for code in ("zh", "en", "fr", "rw")])
    body = models.TextField(blank=True)
    composed = models.TextField(blank=True)
    provider = models.CharField(max_length=60, blank=True)
    provenance = models.CharField(max_length=8, choices=Provenance.choices)
    is_stale = models.BooleanField(default=False)
    based_on = models.CharField(max_length=64, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="texts"
    )
    written_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    waits_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("text of a product")
        verbose_name_plural = _("texts of products")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "field", "language"],
                condition=Q(picture=None),
                name="one_text_per_field_and_language",
            ),
            models.UniqueConstraint(
                fields=["picture", "language"], condition=~Q(picture=None), name="one_alt_text_per_language"
            ),
            models.CheckConstraint(
                condition=Q(field="alt", picture__isnull=False) | (~Q(field="alt") & Q(picture=None)),
                name="alt_texts_alone_belong_to_pictures",
            ),
        ]
        indexes = [
            models.Index(fields=["waits_since", "id"], condition=~Q(waits_since=None), name="text_that_waits"),
            models.Index(fields=["language", "product"], condition=~Q(read_at=None), name="text_that_was_read"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.field} {self.language}"

    @property
    def is_unread(self) -> bool:
        """Whether a machine wrote it and nobody has read it: then buyers do not see it."""
        return self.provenance == self.Provenance.MACHINE and self.read_at is None

    @property
    def public(self) -> str:
        """What buyers see of it."""
        return "" if self.is_unread else self.body
