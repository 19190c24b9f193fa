"""Who made something, and when: what the origin page of a thing shows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sellers.models import Seller


class Maker(models.Model):
    """A person or a group of a shop whose hands make its goods.

    `craft` is a term of the vocabulary, as `catalog.crafts` names it; `people` counts the members of a group, 1 for a
    person.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="makers")
    name = models.CharField(_("name"), max_length=60)
    craft = models.CharField(_("craft"), max_length=40)
    district = models.CharField(_("district"), max_length=40)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    people = models.PositiveSmallIntegerField(_("how many people"), default=1)
    since_year = models.PositiveSmallIntegerField(_("makes this since"), null=True, blank=True)

    class Meta:
        verbose_name = _("maker")
        verbose_name_plural = _("makers")
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="one_maker_per_name_and_shop"),
            models.CheckConstraint(condition=models.Q(people__gte=1), name="a_maker_is_somebody"),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Units of a product that were made together. Its `code` is on the tag and leads to the origin page.

    A batch says only what its maker wrote down: the day it was made or harvested, how many, and until when food keeps.
    """

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="batches")
    code = models.CharField(max_length=16, unique=True, help_text="Random, so that nobody counts our goods by it")
    number = models.CharField(_("batch number"), max_length=30)
    made_on = models.DateField(_("made or harvested on"))
    units = models.PositiveIntegerField(_("how many"))
    best_before = models.DateField(_("best before"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_batch_per_number"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="a_batch_has_units"),
            models.CheckConstraint(
                condition=models.Q(best_before=None) | models.Q(best_before__gt=models.F("made_on")),
                name="a_batch_keeps_after_it_is_made",
            ),
        ]

    def __str__(self) -> str:
        return self.number
