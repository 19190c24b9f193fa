"""Orders for staff: to look at, with every step; what changes an order is a deed elsewhere."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from kernel.staff import ReadOnlyAdmin

from .models import Consignment, Order, OrderLine, PlannedParcel

_CONSIGNMENT_COLUMNS = ("number", "seller", "status", "goods", "freight", "tax", "receive", "accept_by")
_ORDER_LINE_COLUMNS = ("sku", "name_en", "name_zh", "quantity", "unit_price", "hs_code", "article_class")
_PLANNED_PARCEL_COLUMNS = ("position", "route", "service", "weight_g", "goods", "freight", "tax")
_ORDER_FACTS = (
    "number", "buyer", "status", "language",
    "goods", "freight", "tax", "discount", "total",
    "rule_version", "rwf_per_cny", "rate_source", "quote_id",
    "recipient", "province", "city", "district",
    "placed_at", "pay_by", "paid_at", "steps_taken",
)  # fmt: skip
_CONSIGNMENT_FACTS = (
    "number", "order", "seller", "status",
    "goods", "freight", "tax", "receive", "buyer_note",
    "accept_by", "accepted_at", "handed_over_at", "delivered_at", "completed_at", "fall_reason", "steps_taken",
)  # fmt: skip


class ReadOnlyInline(admin.TabularInline):
    """Rows of a row, to look at."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsignmentInline(ReadOnlyInline):
    model = Consignment
    fields = _CONSIGNMENT_COLUMNS
    readonly_fields = _CONSIGNMENT_COLUMNS


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = _ORDER_LINE_COLUMNS
    readonly_fields = _ORDER_LINE_COLUMNS


class PlannedParcelInline(ReadOnlyInline):
    model = PlannedParcel
    fields = _PLANNED_PARCEL_COLUMNS
    readonly_fields = _PLANNED_PARCEL_COLUMNS


class WithSteps(ReadOnlyAdmin):
    """A thing with a lifecycle: its steps stand under its facts."""

    show_full_result_count = False

    @admin.display(description=_("Steps"))
    def steps_taken(self, thing: Order | Consignment) -> str:
        """When, from where to where, by whom and why."""
        rows = [(f"{s.at:%Y-%m-%d %H:%M:%S}Z", s.was, s.now, s.actor, s.why) for s in thing.steps]
        return format_html_join("", "<div>{} {} → {} ({}) {}</div>", rows) or "–"


@admin.register(Order)
class OrderAdmin(WithSteps):
    """Buyers' promises. The consignee's street and phone are on the parcel's papers only."""

    list_display = ["number", "buyer", "status", "total", "placed_at", "paid_at"]
    list_filter = ["status", "placed_at"]
    search_fields = ["=number", "=buyer__email", "=buyer__phone"]
    ordering = ["-placed_at"]
    list_select_related = ["buyer"]
    inlines = [ConsignmentInline]
    fields = _ORDER_FACTS
    readonly_fields = _ORDER_FACTS


@admin.register(Consignment)
class ConsignmentAdmin(WithSteps):
    """Shops' parts of orders."""

    list_display = ["number", "seller", "status", "goods", "receive", "accept_by", "delivered_at"]
    list_filter = ["status"]
    search_fields = ["=number", "=order__number", "seller__name"]
    ordering = ["-pk"]
    inlines = [OrderLineInline, PlannedParcelInline]
    fields = _CONSIGNMENT_FACTS
    readonly_fields = _CONSIGNMENT_FACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consignment]:
        return super().get_queryset(request).select_related("seller", "order")
