"""Units of a variant: who holds them, and every change of their number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle

from .products import Variant


class Reservation(Lifecycle):
    """Units of one variant held for one order until paid or out of time."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Held")
        CONVERTED = "converted", _("Sold")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")

    # Money that comes late takes the units again (`stock.take_again`).
    MOVES = {
        Status.ACTIVE: {Status.CONVERTED, Status.RELEASED, Status.EXPIRED},
        Status.RELEASED: {Status.ACTIVE},
        Status.EXPIRED: {Status.ACTIVE},
    }

    status = models.CharField(max_length=32, choices=Status.choices, default=Status.ACTIVE)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField()
    holder = models.CharField(max_length=64, db_index=True, help_text="What it is held for, e.g. order:2026…")
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "variant"], name="one_reservation_per_holder_and_variant"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_holds_something"),
        ]


class StockMovement(models.Model):
    """A change of units on hand, with its reason. The counter can be recomputed from these. Append-only."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        ADJUSTMENT = "adjustment", _("Adjustment")
        SALE = "sale", _("Sale")
        RETURN = "return", _("Put back")

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    quantity = models.IntegerField()
    holder = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "variant", "kind"], condition=~Q(holder=""), name="one_movement_per_holder_and_kind"
            )
        ]
