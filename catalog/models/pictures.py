"""Pictures of products."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog import framing

from .languages import in_language


class Picture(models.Model):
    """A product's picture: the re-encoded original, then derivatives made by a worker.

    `files` maps a width to the stored WebP's name, `avif_files` the same for AVIF, which comes later and may come
    again, made with more care; `avif_speed` is the care that was last asked for (`catalog.encoding`). `share` is a
    square JPEG for chats, `colour` the average, shown while loading. Names begin with the hash of the original, so a
    file never changes under its name. The four alt texts are the newest ones of `ProductText`.
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
    avif_speed = models.PositiveSmallIntegerField(null=True, editable=False)
    share = models.FileField(max_length=200, blank=True)
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
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(status="ready", avif_speed=None),
                name="pictures_that_wait_for_avif",
            ),
        ]
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
        return framing.address(self.file_of(width))

    def file_of(self, width: int) -> str:
        """The name of that file. Whoever writes it down keeps it in a `FileField`, and it stays (`catalog.strays`)."""
        return framing.nearest(self.files, width) or str(self.original.name)

    @property
    def small(self) -> str:
        """The address for thumbnails in lists."""
        return self.url(160)

    @property
    def srcset(self) -> str:
        """Every WebP with its width, for a browser to choose from; empty before there are any."""
        return framing.srcset(self.files)

    @property
    def avif_srcset(self) -> str:
        """Every AVIF with its width; empty before there are any."""
        return framing.srcset(self.avif_files)

    @property
    def share_url(self) -> str:
        """The address of a JPEG for share cards: square as soon as the worker made it, else the original."""
        return framing.address(str(self.share.name or self.original.name))

    @property
    def tint(self) -> str:
        """The class for what shows while it loads."""
        return framing.tint(self.colour)
