"""What prices are made from: dated exchange rates and dated rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ExchangeRate(models.Model):
    """What one unit of `base` costs in `quote` on a day, by whom and which side. Dated, never overwritten."""

    class Side(models.TextChoices):
        BUYING = "buying", _("Buying")
        AVERAGE = "average", _("Average")
        SELLING = "selling", _("Selling")

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.AVERAGE)
    source = models.CharField(max_length=80)
    as_of = models.DateField()
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.CharField(max_length=64, default="import")

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(
                fields=["base", "quote", "side", "source", "as_of"], name="one_rate_per_day_and_source"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate:f} {self.quote} ({self.as_of})"


class PriceRule(models.Model):
    """How a buyer's price follows from what the seller wants to receive. Dated; basis points (1/10,000)."""

    valid_from = models.DateTimeField(unique=True)
    commission_bp = models.PositiveIntegerField(help_text="Our part of the buyer's price of goods")
    payment_fee_bp = models.PositiveIntegerField(help_text="The payment company's part")
    rate_buffer_bp = models.PositiveIntegerField(help_text="Guards the exchange rate until the payout")
    step_minor = models.PositiveIntegerField(default=100, help_text="Prices are rounded up to a multiple (fen)")
    source = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d}"
