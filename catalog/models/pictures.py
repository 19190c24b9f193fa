"""Pictures of products."""

from __future__ import annotations

import uuid

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .languages import in_language


class Picture(models.Model):
    """A product's picture: the re-encoded original, then derivatives made by a worker.

    `files` maps a width to the stored WebP's name, `avif_files` the same for AVIF, which comes later; `colour` is the
    average, shown while loading. The four alt texts are the newest ones of `ProductText`.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField(default=0)
    original = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    files = models.JSONField(default=dict)
    avif_files = models.JSONField(default=dict)
    colour = models.CharField(max_length=7, default="#e6d5b8")
    alt_zh = models.CharField(max_length=200, blank=True)
    alt_en = models.CharField(max_length=200, blank=True)
    alt_fr = models.CharField(max_length=200, blank=True)
    alt_rw = models.CharField(max_length=200, blank=True)
    is_illustration = models.BooleanField(default=False, help_text="Drawn, not photographed: shown as 示意图")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(fields=["product", "sha256"], name="one_picture_per_product_and_content")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def alt(self) -> str:
        """What it shows, in the active language, for who cannot see it."""
        return in_language(self, "alt")

    def url(self, width: int) -> str:
        """The address of the smallest file at least this wide, else of the widest, else of the original."""
        widths = sorted(int(known) for known in self.files)
        fitting = next((known for known in widths if known >= width), widths[-1] if widths else None)
        name = self.files[str(fitting)] if fitting else self.original.name
        return default_storage.url(name)

    @property
    def small(self) -> str:
        """The address for thumbnails in lists."""
        return self.url(160)

    @property
    def srcset(self) -> str:
        """Every file with its width, for a browser to choose from; empty before there are any."""
        widths = sorted(int(known) for known in self.files)
        return ", ".join(f"{default_storage.url(self.files[str(width)])} {width}w" for width in widths)
