"""The promise that a cart becomes: one order, one consignment per seller, all terms frozen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf
from sellers.models import Seller

if TYPE_CHECKING:
    from accounts.models import User


class OrderQuerySet(models.QuerySet["Order"]):
    def of(self, user: User) -> OrderQuerySet:
        """A buyer's own orders."""
        return self.filter(buyer=user)

    def newest(self) -> OrderQuerySet:
        return self.order_by("-placed_at", "-pk")

    def to_pay(self) -> OrderQuerySet:
        return self.filter(status=Order.Status.AWAITING_PAYMENT)

    def to_send(self) -> OrderQuerySet:
        """Paid orders of which some shop has not sent its part."""
        return self._with(Consignment.Status.TO_ACCEPT, Consignment.Status.ACCEPTED, Consignment.Status.PACKED)

    def to_receive(self) -> OrderQuerySet:
        """Orders of which some part is on its way, or delivered and not confirmed."""
        return self._with(Consignment.Status.HANDED_OVER, Consignment.Status.DELIVERED)

    def to_review(self, *, since: datetime) -> OrderQuerySet:
        """Orders of which some part was completed after `since` and has a line without a review: 待评价."""
        parts = Consignment.objects.filter(order=OuterRef("pk"), status=Consignment.Status.COMPLETED)
        return self.filter(Exists(parts.filter(completed_at__gt=since, lines__review=None)))

    def fallen(self) -> OrderQuerySet:
        """Paid orders of which some part will not come: the refunds."""
        return self.filter(paid_at__isnull=False)._with(*Consignment.FALLEN)

    def overdue(self, now: datetime) -> OrderQuerySet:
        """Orders that were not paid in time."""
        return self.to_pay().filter(pay_by__lte=now)

    def with_parts(self) -> OrderQuerySet:
        """With what a list shows: consignments, their shops, lines and reviews. Four queries however many orders."""
        return self.prefetch_related("consignments__seller", "consignments__lines__review")

    def _with(self, *statuses: str) -> OrderQuerySet:
        # A subquery, not a join: an order with two such consignments is still one order.
        parts = Consignment.objects.filter(order=OuterRef("pk"), status__in=statuses)
        return self.filter(Exists(parts))


class Order(Lifecycle):
    """A buyer's one promise across sellers, in fen. Everything it depends on is frozen here and never recomputed."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
        PAID = "paid", _("Paid")
        CLOSED = "closed", _("Closed")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        Status.AWAITING_PAYMENT: {Status.PAID, Status.EXPIRED, Status.CANCELLED},
        # Money may arrive after the hold: the order is taken up again if the goods are still there.
        Status.EXPIRED: {Status.PAID},
        Status.PAID: {Status.CLOSED, Status.CANCELLED},
    }

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.AWAITING_PAYMENT)
    number = models.CharField(_("order number"), max_length=18, unique=True)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders")
    language = models.CharField(max_length=8)
    currency = models.CharField(max_length=3, default="CNY")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()
    goods = MoneyOf("goods_minor", "currency")
    freight = MoneyOf("freight_minor", "currency")
    tax = MoneyOf("tax_minor", "currency")
    discount = MoneyOf("discount_minor", "currency")
    total = MoneyOf("total_minor", "currency")
    quote_id = models.UUIDField(unique=True)
    rule_version = models.CharField(max_length=40)
    rwf_per_cny = models.DecimalField(max_digits=18, decimal_places=8)
    rate_source = models.CharField(max_length=80)
    orderer = models.CharField(_("orderer's real name"), max_length=40)
    recipient = models.CharField(_("recipient"), max_length=60)
    phone = models.CharField(_("mobile"), max_length=16)
    province = models.CharField(max_length=40)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40)
    district_code = models.CharField(max_length=6)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=6, blank=True)
    placed_at = models.DateTimeField(default=timezone.now)
    pay_by = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_minor=F("goods_minor") + F("freight_minor") + F("tax_minor") - F("discount_minor")),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="order_total_is_positive"),
        ]
        indexes = [models.Index(fields=["buyer", "-placed_at"]), models.Index(fields=["status", "pay_by"])]

    def __str__(self) -> str:
        return self.number


class ConsignmentQuerySet(models.QuerySet["Consignment"]):
    def for_seller(self, seller: Seller) -> ConsignmentQuerySet:
        """A seller's consignments that are theirs to know of: none before the order is paid."""
        return self.filter(seller=seller, order__paid_at__isnull=False)

    def fallen(self) -> ConsignmentQuerySet:
        """Paid consignments that will not be delivered: their money must go back."""
        return self.filter(status__in=Consignment.FALLEN, order__paid_at__isnull=False)

    def to_accept(self) -> ConsignmentQuerySet:
        return self.filter(status=Consignment.Status.TO_ACCEPT)

    def to_pack(self) -> ConsignmentQuerySet:
        """Accepted, and not yet at the post."""
        return self.filter(status__in=(Consignment.Status.ACCEPTED, Consignment.Status.PACKED))

    def sent(self) -> ConsignmentQuerySet:
        return self.filter(status__in=(Consignment.Status.HANDED_OVER, Consignment.Status.DELIVERED))

    def done(self) -> ConsignmentQuerySet:
        """Finished, well or not."""
        return self.filter(status__in=(Consignment.Status.COMPLETED, *Consignment.FALLEN))

    def open(self) -> ConsignmentQuerySet:
        """Still on the way to an end."""
        return self.exclude(status__in=(Consignment.Status.COMPLETED, *Consignment.FALLEN))


class Consignment(Lifecycle):
    """One seller's part of an order: what they accept, pack and hand over, and what they will receive for it."""

    class Status(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
        TO_ACCEPT = "to_accept", _("To accept")
        ACCEPTED = "accepted", _("Being prepared")
        PACKED = "packed", _("Packed")
        HANDED_OVER = "handed_over", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        COMPLETED = "completed", _("Completed")
        DECLINED = "declined", _("Declined")
        AUTO_CANCELLED = "auto_cancelled", _("Cancelled: not accepted in time")
        CANCELLED = "cancelled", _("Cancelled")
        RETURNED = "returned", _("Returned")

    MOVES = {
        Status.AWAITING_PAYMENT: {Status.TO_ACCEPT, Status.CANCELLED},
        Status.TO_ACCEPT: {Status.ACCEPTED, Status.DECLINED, Status.AUTO_CANCELLED, Status.CANCELLED},
        Status.ACCEPTED: {Status.PACKED, Status.CANCELLED},
        Status.PACKED: {Status.HANDED_OVER, Status.CANCELLED},
        Status.HANDED_OVER: {Status.DELIVERED, Status.RETURNED},
        Status.DELIVERED: {Status.COMPLETED, Status.RETURNED},
        # A late payment takes an expired order up again.
        Status.CANCELLED: {Status.TO_ACCEPT},
    }
    FALLEN = (Status.DECLINED, Status.AUTO_CANCELLED, Status.CANCELLED, Status.RETURNED)

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.AWAITING_PAYMENT)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="consignments")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="consignments")
    number = models.CharField(max_length=22, unique=True)
    currency = models.CharField(max_length=3, default="CNY")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    goods = MoneyOf("goods_minor", "currency")
    freight = MoneyOf("freight_minor", "currency")
    tax = MoneyOf("tax_minor", "currency")
    receive_rwf_minor = models.BigIntegerField(help_text="What the seller receives, in francs")
    receive = MoneyOf("receive_rwf_minor", "RWF")
    buyer_note = models.CharField(_("message to the seller"), max_length=50, blank=True)
    accept_by = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    fall_reason = models.CharField(max_length=200, blank=True)
    objects = ConsignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consignment")
        verbose_name_plural = _("consignments")
        constraints = [
            models.UniqueConstraint(fields=["order", "seller"], name="one_consignment_per_order_and_seller"),
        ]
        indexes = [models.Index(fields=["seller", "status"]), models.Index(fields=["status", "accept_by"])]

    def __str__(self) -> str:
        return self.number

    @property
    def total_minor(self) -> int:
        """Goods, freight and tax in fen: this consignment's share of what the buyer paid."""
        return self.goods_minor + self.freight_minor + self.tax_minor

    total = MoneyOf("total_minor", "currency")
