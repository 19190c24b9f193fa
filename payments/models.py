"""Money: what buyers pay, what goes back, what each seller earns and is paid, and the books behind it all."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf
from orders.models import Consignment, Order
from sellers.models import Seller


class Payment(Lifecycle):
    """One attempt to collect an order's total. Our id is the provider's idempotency key."""

    class Status(models.TextChoices):
        REQUIRES_METHOD = "requires_method", _("Not started")
        REQUIRES_ACTION = "requires_action", _("Waiting for the buyer")
        PROCESSING = "processing", _("Being confirmed")
        CAPTURED = "captured", _("Paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("Partly refunded")
        REFUNDED = "refunded", _("Refunded")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        DISPUTED = "disputed", _("Disputed")

    OPEN = (Status.REQUIRES_METHOD, Status.REQUIRES_ACTION, Status.PROCESSING)
    MOVES = {
        Status.REQUIRES_METHOD: {
            Status.REQUIRES_ACTION,
            Status.PROCESSING,
            Status.CAPTURED,
            Status.FAILED,
            Status.CANCELLED,
        },
        Status.REQUIRES_ACTION: {Status.PROCESSING, Status.CAPTURED, Status.FAILED, Status.CANCELLED},
        Status.PROCESSING: {Status.CAPTURED, Status.FAILED, Status.CANCELLED},
        # Providers tell out of order: money may come after we thought an attempt dead.
        Status.FAILED: {Status.CAPTURED},
        Status.CANCELLED: {Status.CAPTURED},
        Status.CAPTURED: {Status.PARTIALLY_REFUNDED, Status.REFUNDED, Status.DISPUTED},
        # A bank may send a refund back to us days later.
        Status.PARTIALLY_REFUNDED: {Status.REFUNDED, Status.CAPTURED, Status.DISPUTED},
        Status.REFUNDED: {Status.PARTIALLY_REFUNDED, Status.CAPTURED},
        Status.DISPUTED: {Status.CAPTURED, Status.REFUNDED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.REQUIRES_METHOD)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField()
    amount = MoneyOf("amount_minor", "currency")
    method = models.CharField(max_length=16, blank=True)
    session_id = models.CharField(max_length=80, blank=True)
    intent_id = models.CharField(max_length=80, null=True, blank=True, unique=True)
    pay_url = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_is_positive")]
        indexes = [models.Index(fields=["order", "status"])]


class PaymentFact(models.Model):
    """Something the provider said about a payment's money. Append-only; amounts are recomputed from these."""

    class Kind(models.TextChoices):
        CAPTURED = "captured", _("Captured")
        REFUNDED = "refunded", _("Refunded")
        FAILED = "failed", _("Failed")
        FEE = "fee", _("Fee")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_minor = models.BigIntegerField()
    provider_id = models.CharField(max_length=80, help_text="The charge's or refund's id at the provider")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "provider_id"], name="one_fact_per_provider_id")]


class StripeEvent(models.Model):
    """A Stripe webhook as it came, under Stripe's id. Handled once by `payments.inbox`."""

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=80, blank=True)


class Refund(Lifecycle):
    """Money we promised to send back, once for each cause."""

    class Status(models.TextChoices):
        PROMISED = "promised", _("Promised")
        SENT = "sent", _("Sent")
        SUCCEEDED = "succeeded", _("Refunded")
        FAILED = "failed", _("Failed")

    MOVES = {
        Status.PROMISED: {Status.SENT, Status.SUCCEEDED, Status.FAILED},
        Status.SENT: {Status.SUCCEEDED, Status.FAILED},
        Status.SUCCEEDED: {Status.FAILED},
        Status.FAILED: {Status.PROMISED, Status.SUCCEEDED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.PROMISED)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    consignment = models.ForeignKey(
        Consignment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    cause = models.CharField(max_length=64, unique=True, help_text="e.g. consignment:12 or late:<payment>")
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField()
    amount = MoneyOf("amount_minor", "currency")
    reason = models.CharField(max_length=120)
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_has_positive_amount")]


class Account(models.Model):
    """A ledger account: a code, a currency, and for what is owed to a shop, the seller."""

    code = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "currency", "seller"], nulls_distinct=False, name="one_account_per_code_and_seller"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class LedgerTransaction(models.Model):
    """Entries that belong together and sum to zero in each currency (a deferred trigger sees to it). Never changed."""

    cause = models.CharField(max_length=80, unique=True, help_text="What it books, e.g. capture:<payment>")
    memo = models.CharField(max_length=160, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    at = models.DateTimeField(default=timezone.now)


class LedgerEntry(models.Model):
    """One movement on one account: debits positive, credits negative, minor units. Never changed."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    amount = MoneyOf("amount_minor", "currency")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_entry_moves_something")]


class Earning(Lifecycle):
    """What a seller earns by one consignment, in francs. A negative one takes back what was paid out already."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        HELD = "held", _("On hold")
        AVAILABLE = "available", _("Ready")
        PAID = "paid", _("Paid out")
        REVERSED = "reversed", _("Taken back")

    MOVES = {
        Status.PENDING: {Status.HELD, Status.AVAILABLE, Status.REVERSED},
        Status.HELD: {Status.AVAILABLE, Status.REVERSED},
        Status.AVAILABLE: {Status.PAID, Status.HELD, Status.REVERSED},
    }

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.PENDING)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="earnings")
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="earnings")
    kind = models.CharField(max_length=12, default="sale", help_text="sale or clawback")
    amount_rwf_minor = models.BigIntegerField()
    amount = MoneyOf("amount_rwf_minor", "RWF")
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("earning")
        verbose_name_plural = _("earnings")
        constraints = [
            models.UniqueConstraint(fields=["consignment", "kind"], name="one_earning_per_consignment_and_kind")
        ]


class PayoutAccount(models.Model):
    """Where a seller's money goes, and what the mobile money company said of it."""

    seller = models.OneToOneField(Seller, on_delete=models.PROTECT, related_name="payout_account")
    number = models.CharField(_("MoMo number"), max_length=16)
    holder_name = models.CharField(max_length=80, blank=True, help_text="As the mobile money company knows it")
    is_active = models.BooleanField(null=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payout account")
        verbose_name_plural = _("payout accounts")


class Payout(Lifecycle):
    """One transfer to a seller's mobile money. Its id is the provider's X-Reference-Id, fixed before the call."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        PROCESSING = "processing", _("On its way")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        AWAITING_MANUAL = "awaiting_manual", _("Needs staff")

    MOVES = {
        Status.SCHEDULED: {Status.PROCESSING, Status.PAID, Status.FAILED, Status.AWAITING_MANUAL},
        Status.PROCESSING: {Status.PAID, Status.FAILED, Status.AWAITING_MANUAL},
        Status.FAILED: {Status.AWAITING_MANUAL},
        Status.AWAITING_MANUAL: {Status.PAID, Status.FAILED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.SCHEDULED)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="payouts")
    number = models.CharField(max_length=16)
    amount_rwf_minor = models.BigIntegerField()
    amount = MoneyOf("amount_rwf_minor", "RWF")
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    polled_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [models.CheckConstraint(condition=Q(amount_rwf_minor__gt=0), name="payout_has_positive_amount")]


class PayoutLine(models.Model):
    """An earning inside a payout. A failed payout's lines are closed, so the earning can go into another."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="lines")
    earning = models.ForeignKey(Earning, on_delete=models.PROTECT, related_name="payout_lines")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["earning"], condition=Q(is_live=True), name="an_earning_is_paid_once")
        ]
