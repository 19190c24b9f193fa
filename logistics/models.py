"""How goods get from Kigali to a door in China: rules as dated rows, quotes, parcels, papers, tracking."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.lifecycle import Lifecycle
from kernel.money import MoneyOf
from kernel.storage import private
from orders.models import Consignment, PlannedParcel
from sellers.models import Seller

from . import states

if TYPE_CHECKING:
    from accounts.models import User


class Corridor(models.Model):
    """An origin, a destination and a channel. What differs between countries hangs here as dated rows."""

    code = models.CharField(max_length=24, unique=True, help_text="e.g. RW-CN-EMS")
    origin = models.CharField(max_length=2)
    destination = models.CharField(max_length=2)
    channel = models.CharField(max_length=24)

    def __str__(self) -> str:
        return self.code


class RouteRule(models.Model):
    """A clearance route's limits in a corridor from a day on: value limit a parcel, tax exemption, version."""

    corridor = models.ForeignKey(Corridor, on_delete=models.PROTECT, related_name="route_rules")
    route = models.CharField(max_length=32, help_text="postal_article, cbec_9610, general")
    version = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    parcel_limit_minor = models.BigIntegerField(help_text="Value limit a parcel, fen")
    exempt_tax_minor = models.BigIntegerField(help_text="Tax up to this is not levied, fen")
    open_to_consumers = models.BooleanField()
    closed_because = models.CharField(max_length=200, blank=True)
    asks_id_number = models.BooleanField()
    source = models.TextField()

    class Meta:
        verbose_name = _("route rule")
        verbose_name_plural = _("route rules")
        constraints = [
            models.UniqueConstraint(fields=["corridor", "route", "valid_from"], name="one_route_rule_per_day"),
        ]


class ArticleRate(models.Model):
    """The article tax (行邮税) of a class of goods from a day on. 税委会公告2024年第11号."""

    route_rule = models.ForeignKey(RouteRule, on_delete=models.CASCADE, related_name="article_rates")
    article_class = models.CharField(max_length=24)
    rate = models.DecimalField(max_digits=6, decimal_places=4)
    status = models.CharField(max_length=12, default="sourced", help_text="sourced or unverified")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route_rule", "article_class"], name="one_rate_per_article_class")
        ]


class Service(models.Model):
    """A carrier's way of sending in a corridor: first step, further steps, limits, days. Francs; grams; millimetres."""

    corridor = models.ForeignKey(Corridor, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=32)
    carrier = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    name_fr = models.CharField(max_length=60)
    name_rw = models.CharField(max_length=60)
    first_g = models.PositiveIntegerField()
    first_rwf_minor = models.BigIntegerField()
    step_g = models.PositiveIntegerField()
    step_rwf_minor = models.BigIntegerField()
    max_g = models.PositiveIntegerField()
    volumetric_divisor = models.PositiveIntegerField(help_text="cm³ a kg; 0: by weight alone")
    volumetric_from_mm = models.PositiveIntegerField(default=0, help_text="Applies when the longest side reaches this")
    max_side_mm = models.PositiveIntegerField(default=0, help_text="Longest side taken; 0: no limit known")
    max_girth_mm = models.PositiveIntegerField(default=0, help_text="Length + width + height taken; 0: no limit known")
    days_min = models.PositiveSmallIntegerField()
    days_max = models.PositiveSmallIntegerField()
    s10_indicator = models.CharField(max_length=2)
    track17_carrier = models.PositiveIntegerField()
    is_synthetic = models.BooleanField(default=False, help_text="An invented tariff, for demonstration")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.TextField()

    class Meta:
        verbose_name = _("carrier service")
        verbose_name_plural = _("carrier services")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_service_tariff_per_day")]


class Quote(models.Model):
    """One honest price for a cart to a place, good for thirty minutes. `plan` is the whole breakdown as JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quotes")
    fingerprint = models.CharField(max_length=64, help_text="Hash of lines and destination: same cart, same quote")
    currency = models.CharField(max_length=3, default="CNY")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    goods = MoneyOf("goods_minor", "currency")
    freight = MoneyOf("freight_minor", "currency")
    tax = MoneyOf("tax_minor", "currency")
    total = MoneyOf("total_minor", "currency")
    rule_version = models.CharField(max_length=40)
    rwf_per_cny = models.DecimalField(max_digits=18, decimal_places=8)
    rate_source = models.CharField(max_length=80)
    plan = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["buyer", "fingerprint", "-expires_at"])]


class WaybillRange(models.Model):
    """A range of S10 serials the post gave us. Numbers are the post's right: never invented outside a range."""

    indicator = models.CharField(max_length=2)
    country = models.CharField(max_length=2, default="RW")
    next_serial = models.PositiveIntegerField()
    last_serial = models.PositiveIntegerField()
    is_synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("waybill range")
        verbose_name_plural = _("waybill ranges")
        constraints = [models.UniqueConstraint(fields=["indicator", "country"], name="one_open_range_per_indicator")]


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def for_seller(self, seller: Seller) -> ParcelQuerySet:
        """A shop's own parcels."""
        return self.filter(consignment__seller=seller)

    def on_the_way(self) -> ParcelQuerySet:
        """Parcels the post has and that have not ended: news of them is expected."""
        return self.filter(consignment__status=Consignment.Status.HANDED_OVER).exclude(
            status__in=[*states.TERMINAL, states.SOFT]
        )


class Parcel(Lifecycle):
    """One box with one waybill (S10), packed and weighed. Its state follows tracking events and never moves back."""

    class Status(models.TextChoices):
        LABEL_CREATED = "label_created", _("Packed")
        ACCEPTED = "accepted", _("Accepted by the post in Rwanda")
        EXPORT_CUSTOMS = "export_customs", _("Export customs")
        DEPARTED_ORIGIN = "departed_origin", _("Left Kigali")
        IN_TRANSIT = "in_transit", _("In transit")
        ARRIVED_DESTINATION = "arrived_destination", _("Arrived in China")
        IMPORT_CUSTOMS = "import_customs", _("Import customs")
        HELD_CUSTOMS = "held_customs", _("Held by customs")
        RELEASED = "released", _("Released by customs")
        OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
        DELIVERED = "delivered", _("Delivered")
        DELIVERY_FAILED = "delivery_failed", _("Delivery failed")
        RETURNED = "returned", _("Returned")
        LOST = "lost", _("Lost")

    class Attention(models.TextChoices):
        """Why staff should look at a parcel. The latest reason stands until somebody clears it."""

        OVERWEIGHT = "overweight", _("Heavier than planned")
        LIGHT = "light", _("Much lighter than the goods in it")
        UNDRAWABLE = "undrawable", _("A name has characters that our papers cannot print")
        NOT_HANDED_OVER = "not_handed_over", _("The carrier reports it before it was handed over")
        AFTER_THE_END = "after_the_end", _("The carrier reports it after its end")
        MIXED_ENDS = "mixed_ends", _("Parcels of one order ended differently")
        CONTRADICTION = "contradiction", _("The carrier contradicts the order")
        UNKNOWN_TO_CARRIER = "unknown_to_carrier", _("The carrier does not know the number")
        NOT_FOLLOWED = "not_followed", _("The tracking company refused the number")
        NO_NEWS = "no_news", _("No news for 7 days")
        BAD_ADDRESS = "bad_address", _("The address does not work")
        RETURNING = "returning", _("It is coming back")
        DAMAGED = "damaged", _("Reported damaged")
        DELAYED = "delayed", _("Reported delayed")
        LOST = "lost", _("Reported lost")
        EXCEPTION = "exception", _("The carrier reports a problem")

    # The map is read from data/parcel_states.json.
    MOVES = states.MOVES

    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.LABEL_CREATED)
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="parcels")
    planned = models.OneToOneField(PlannedParcel, on_delete=models.PROTECT, related_name="parcel")
    waybill = models.CharField(_("waybill number"), max_length=13, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    weight_g = models.PositiveIntegerField(_("measured weight (g)"))
    length_mm = models.PositiveIntegerField()
    width_mm = models.PositiveIntegerField()
    height_mm = models.PositiveIntegerField()
    non_delivery = models.CharField(max_length=20, default="return_immediately")
    packed_at = models.DateTimeField()
    packed_by = models.CharField(max_length=64)
    registered_at = models.DateTimeField(null=True, blank=True, help_text="Known to the tracking company since")
    polled_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)
    attention = models.CharField(_("attention"), max_length=20, choices=Attention.choices, blank=True)
    objects = ParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [models.CheckConstraint(condition=Q(weight_g__gt=0), name="parcel_weighs_something")]
        indexes = [models.Index(fields=["status", "polled_at"])]

    def __str__(self) -> str:
        return self.waybill

    @property
    def over_plan_g(self) -> int:
        """Grams above what the quote planned. The buyer pays nothing more for them."""
        return max(0, self.weight_g - self.planned.weight_g)


class TrackingEvent(models.Model):
    """Something that happened to a parcel, as a carrier told it. Stored once, raw, never changed."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="events")
    source = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=32, blank=True, help_text="The parcel state this means; empty if unknown")
    code = models.CharField(max_length=60, blank=True)
    occurred_at = models.DateTimeField()
    country = models.CharField(max_length=2, blank=True)
    location = models.CharField(max_length=80, blank=True)
    description = models.CharField(max_length=200, blank=True)
    raw = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "digest"], name="one_row_per_tracking_event")]
        indexes = [models.Index(fields=["parcel", "-occurred_at"])]


class TrackingNotice(models.Model):
    """A tracking webhook as it came, under the hash of its body. Handled once by `logistics.inbox`."""

    digest = models.CharField(primary_key=True, max_length=64)
    source = models.CharField(max_length=16)
    body = models.TextField()
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("tracking notice")
        verbose_name_plural = _("tracking notices")


class CustomsHoldQuerySet(models.QuerySet["CustomsHold"]):
    def of(self, user: User) -> CustomsHoldQuerySet:
        """Holds of a buyer's own parcels."""
        return self.filter(parcel__consignment__order__buyer=user)

    def open(self) -> CustomsHoldQuerySet:
        """Holds that customs has not lifted."""
        return self.filter(closed_at__isnull=True)


class CustomsHold(models.Model):
    """Customs asks for the buyer's identity before it lets a parcel go. Answered from the vault, with consents."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="holds")
    asked_at = models.DateTimeField(default=timezone.now)
    identity_id = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = CustomsHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("customs hold")
        verbose_name_plural = _("customs holds")
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(closed_at__isnull=True), name="one_open_hold_per_parcel"
            )
        ]


class ExportDocumentQuerySet(models.QuerySet["ExportDocument"]):
    def for_seller(self, seller: Seller) -> ExportDocumentQuerySet:
        """A shop's own papers."""
        return self.filter(seller=seller)

    def current(self) -> ExportDocumentQuerySet:
        """Papers that count: not replaced by a newer version, not voided."""
        return self.exclude(status__in=[ExportDocument.Status.SUPERSEDED, ExportDocument.Status.VOIDED])


class ExportDocument(Lifecycle):
    """An export paper of one parcel: number, version, file, hash and public check code. Numbers are never reused."""

    class Kind(models.TextChoices):
        COMMERCIAL_INVOICE = "commercial_invoice", _("Commercial invoice")
        PACKING_LIST = "packing_list", _("Packing list")
        CN23 = "cn23", _("CN 23 customs declaration")

    class Status(models.TextChoices):
        REQUIRED = "required", _("Being made")
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        SUPERSEDED = "superseded", _("Superseded")
        VOIDED = "voided", _("Voided")

    MOVES = {
        Status.REQUIRED: {Status.DRAFT, Status.ISSUED, Status.VOIDED},
        Status.DRAFT: {Status.ISSUED, Status.VOIDED},
        Status.ISSUED: {Status.SUPERSEDED, Status.VOIDED},
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(_("status"), max_length=32, choices=Status.choices, default=Status.REQUIRED)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="export_documents")
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    number = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    facts = models.JSONField(default=dict, help_text="What is printed, frozen")
    file = models.FileField(storage=private, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    verify_code = models.CharField(max_length=16, unique=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    objects = ExportDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("export document")
        verbose_name_plural = _("export documents")
        constraints = [
            models.UniqueConstraint(fields=["parcel", "kind", "version"], name="one_document_per_version"),
            models.UniqueConstraint(
                fields=["seller", "kind", "number", "version"], name="document_numbers_are_never_reused"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class NumberSeries(models.Model):
    """The last number given in a series, e.g. INV-2026-000123 of one seller. Taken under a row lock."""

    name = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)
