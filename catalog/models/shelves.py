"""What customs and buyers call goods: tariff lines, and the shelves of the shop."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .languages import in_language


class HsCode(models.Model):
    """A tariff line: what customs calls the goods, and what follows from it. One row per code, from data files.

    `article_class` names the postal-article tax class (行邮税) whose dated rate logistics holds: food, textile, other…
    """

    class Access(models.TextChoices):
        """Whether goods of this line may be sent to a consumer in China (rule gate of the corridor)."""

        OK = "ok", _("May be sent")
        NEEDS_PAPERS = "needs_papers", _("Only with papers")
        UNKNOWN = "unknown", _("Not settled: needs a named approval")
        BLOCKED = "blocked", _("May not be sent")

    code = models.CharField(max_length=10, unique=True)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    article_class = models.CharField(max_length=24)
    vat_rate = models.DecimalField(max_digits=6, decimal_places=4)
    consumption_rate = models.DecimalField(max_digits=6, decimal_places=4)
    tariff_rate = models.DecimalField(max_digits=6, decimal_places=4)
    positive_list = models.CharField(max_length=12)
    access = models.CharField(max_length=16, choices=Access.choices)
    access_note = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        verbose_name = _("HS code")
        verbose_name_plural = _("HS codes")

    def __str__(self) -> str:
        return f"{self.code} {self.name_en}"


class Category(models.Model):
    """A shelf of the shop.

    The finer kinds of goods on it are the types of `catalog.vocabulary`, each with its tariff line; the shelf's HS code
    is what goods get whose type names none.
    """

    slug = models.SlugField(max_length=40, unique=True)
    hs_code = models.ForeignKey(HsCode, on_delete=models.PROTECT, null=True, blank=True, related_name="categories")
    name_zh = models.CharField(max_length=30)
    name_en = models.CharField(max_length=40)
    name_fr = models.CharField(max_length=40)
    name_rw = models.CharField(max_length=40)
    icon = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language."""
        return in_language(self, "name")
