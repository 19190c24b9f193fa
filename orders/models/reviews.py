"""What buyers say of what they bought. Only they can, and nobody takes it away: staff at most hide it, and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Product
from sellers.models import Seller

from ..words import LONGEST
from .lines import OrderLine

if TYPE_CHECKING:
    from accounts.models import User

# From here on a review is a good one: 好评.
GOOD = 4


class ReviewQuerySet(models.QuerySet["Review"]):
    def of_product(self, product_id: int) -> ReviewQuerySet:
        """What everybody may read of a product."""
        return self.filter(product=product_id, hidden_at=None)

    def good(self) -> ReviewQuerySet:
        return self.filter(stars__gte=GOOD)

    def critical(self) -> ReviewQuerySet:
        """中差评."""
        return self.filter(stars__lt=GOOD)

    def of_seller(self, seller: Seller) -> ReviewQuerySet:
        """Of a shop's goods, hidden ones too."""
        return self.filter(product__seller=seller)

    def newest(self) -> ReviewQuerySet:
        return self.order_by("-at", "-pk")

    def with_writers(self) -> ReviewQuerySet:
        """With what a list shows: what was chosen, and whose nickname is to be masked. One query."""
        return self.select_related("line__consignment__order__buyer")


class Review(models.Model):
    """A buyer's word on one line of a completed order: stars and words that stay as they were written.

    The buyer may add to it once (`more`), the shop may answer once (`reply`). A hidden review is shown to nobody but
    its writer and staff, and does not count in the product's rating. `language`, `reply_language`: codes of ours.
    """

    class Stars(models.IntegerChoices):
        VERY_GOOD = 5, pgettext_lazy("stars", "Very satisfied")
        GOOD = 4, pgettext_lazy("stars", "Satisfied")
        FAIR = 3, pgettext_lazy("stars", "So-so")
        POOR = 2, pgettext_lazy("stars", "Not satisfied")
        BAD = 1, pgettext_lazy("stars", "Very dissatisfied")

    class HiddenFor(models.TextChoices):
        ABUSE = "abuse", _("It insults or threatens somebody")
        PRIVATE = "private", _("It tells what is private")
        ADVERTISING = "advertising", _("It advertises something else")
        UNLAWFUL = "unlawful", _("The law forbids it")
        BOUGHT = "bought", _("It was paid for, or written by the shop or its rivals")

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="review")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField(_("stars"), choices=Stars)
    text = models.TextField(_("review"), max_length=LONGEST, blank=True)
    anonymous = models.BooleanField(_("anonymous"), default=False)
    language = models.CharField(max_length=8)
    at = models.DateTimeField(_("written"))
    more = models.TextField(_("added later"), max_length=LONGEST, blank=True)
    more_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(_("the shop's answer"), max_length=LONGEST, blank=True)
    reply_language = models.CharField(max_length=8, blank=True)
    reply_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("hidden because"), max_length=16, choices=HiddenFor, blank=True)
    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(fields=["product", "-at", "-id"], condition=Q(hidden_at=None), name="review_of_product"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_has_one_to_five_stars"),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="") | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
                name="review_is_hidden_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.sku}: {self.stars}"

    @property
    def buyer(self) -> User:
        """Who wrote it; needs `with_writers`."""
        return self.line.consignment.order.buyer

    @property
    def nickname(self) -> str:
        """The name to mask for readers; nothing of somebody who wants to stay unknown."""
        return "" if self.anonymous else self.buyer.name

    @property
    def drawn(self) -> str:
        """★★★★☆"""
        return "★" * self.stars + "☆" * (5 - self.stars)
