"""Orders and reviews for staff: to look at, with every step. Of a review they decide whether it is shown, and why."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib import messages as notices
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal
from kernel.staff import ReadOnlyAdmin

from . import reviews
from .models import Consignment, Order, OrderLine, PlannedParcel, Review

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

_REVIEW_FACTS = (
    "product", "sku", "order", "writer", "stars", "text", "anonymous", "language", "at",
    "more", "more_at", "reply", "reply_at", "hidden_at", "hidden_reason",
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


class ReviewActionForm(ActionForm):
    """Why reviews are hidden, or shown again."""

    reason = forms.ChoiceField(
        label=_("Reason told to the buyer"), choices=[("", "—"), *Review.HiddenFor.choices], required=False
    )
    note = forms.CharField(label=_("Note for other staff"), max_length=200, required=False)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What buyers wrote, the newest first. Nobody changes a word; staff hide a review, or show it again."""

    action_form = ReviewActionForm
    actions = ["hide", "show"]
    list_display = ["id", "stars", "text", "product", "at", "hidden_reason"]
    list_filter = ["stars", ("hidden_at", admin.EmptyFieldListFilter), "hidden_reason"]
    search_fields = ["text", "more", "reply", "=line__sku"]
    ordering = ["-at"]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = _REVIEW_FACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        rows = super().get_queryset(request).select_related("product", "line__consignment__order__buyer")
        return rows.defer("product__search_tokens")

    def has_decide_permission(self, request: Any) -> bool:
        """Moderators."""
        return bool(request.user.has_perm("orders.change_review"))

    @admin.action(description=_("Hide, with the reason"), permissions=["decide"])
    def hide(self, request: Any, chosen: QuerySet[Review]) -> None:
        """Show them to nobody; their writers are told why."""
        reason, note, now = request.POST.get("reason", ""), request.POST.get("note", ""), timezone.now()
        self._decide(request, chosen, lambda review: reviews.hide(review, reason, note=note, by=request.user, now=now))

    @admin.action(description=_("Show again"), permissions=["decide"])
    def show(self, request: Any, chosen: QuerySet[Review]) -> None:
        """Show them to everybody."""
        note = request.POST.get("note", "")
        self._decide(request, chosen, lambda review: reviews.show(review, note=note, by=request.user))

    def _decide(self, request: Any, chosen: QuerySet[Review], deed: Callable[[Review], bool]) -> None:
        try:
            done = sum(deed(review) for review in chosen)
        except Refusal as no:
            notices.error(request, str(no))
        else:
            notices.success(request, _("%(count)s reviews changed.") % {"count": done})

    @admin.display(description=_("item number"))
    def sku(self, review: Review) -> str:
        return review.line.sku

    @admin.display(description=_("order"))
    def order(self, review: Review) -> str:
        """The part of an order that it is about."""
        return review.line.consignment.number

    @admin.display(description=_("buyer"))
    def writer(self, review: Review) -> str:
        """Who wrote it, however it is shown."""
        return str(review.buyer)
