"""Parcels, papers and customs holds for staff: to look at, with the few deeds that need a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel import audit, work
from kernel.actors import actor_of
from kernel.refusals import Refusal
from kernel.staff import ReadOnlyAdmin

from . import holds, inbox, paperwork, tracking
from .forms import RevealForm
from .models import (
    Corridor,
    CustomsHold,
    ExportDocument,
    Parcel,
    RouteRule,
    Service,
    TrackingEvent,
    TrackingNotice,
    WaybillRange,
)

EVENT_COLUMNS = ("occurred_at", "code", "status", "country", "location", "description", "source", "received_at")
PAPER_COLUMNS = ("kind", "number", "version", "status", "issued_at")


class ReadOnlyInline(admin.TabularInline):
    """Rows of a row, to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnlyInline):
    model = TrackingEvent
    fields = EVENT_COLUMNS
    readonly_fields = EVENT_COLUMNS
    ordering = ["-occurred_at"]


class PaperInline(ReadOnlyInline):
    model = ExportDocument
    fields = PAPER_COLUMNS
    readonly_fields = PAPER_COLUMNS
    show_change_link = True


@admin.register(Parcel)
class ParcelAdmin(ReadOnlyAdmin):
    """Boxes on their way. `attention` says which of them need a person."""

    list_display = ["waybill", "consignment", "status", "attention", "weight_g", "last_event_at", "registered_at"]
    list_filter = ["attention", "status"]
    list_select_related = ["consignment"]
    search_fields = ["=waybill", "=consignment__number", "=consignment__order__number"]
    ordering = ["-pk"]
    inlines = [PaperInline, EventInline]
    actions = ["seen", "follow_again"]
    show_full_result_count = False

    @admin.action(description=_("Seen: clear the attention mark"), permissions=["act"])
    def seen(self, request: HttpRequest, queryset: QuerySet[Parcel]) -> None:
        """Clear the mark and write down who did."""
        for parcel in queryset.exclude(attention="").order_by("pk"):
            audit.record(actor_of(request.user), "parcel_seen", parcel, attention=parcel.attention)
            Parcel.objects.filter(pk=parcel.pk).update(attention="")
        messages.info(request, _t("The marks are cleared."))

    @admin.action(description=_("Register with the tracking company again"), permissions=["act"])
    def follow_again(self, request: HttpRequest, queryset: QuerySet[Parcel]) -> None:
        """Try anew what was refused or lost."""
        for parcel in queryset.order_by("pk"):
            audit.record(actor_of(request.user), "parcel_follow_again", parcel)
            work.later(tracking.follow, once=f"follow:{parcel.pk}", parcel_id=parcel.pk)
        messages.info(request, _t("The parcels will be registered again."))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("logistics.change_parcel")


@admin.register(ExportDocument)
class ExportDocumentAdmin(ReadOnlyAdmin):
    """Papers with their files. A wrong one is replaced by a new version, never changed."""

    list_display = ["number", "version", "kind", "status", "seller", "parcel", "issued_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["seller", "parcel"]
    search_fields = ["=number", "=verify_code", "=parcel__waybill"]
    ordering = ["-issued_at", "number"]
    exclude = ["file"]
    readonly_fields = ["stored_file"]
    actions = ["make_again", "reissue"]
    show_full_result_count = False

    @admin.display(description=_("File"))
    def stored_file(self, document: ExportDocument) -> str:
        """A link to the page that checks who asks."""
        if not document.file:
            return "–"
        return format_html('<a href="{}">{}.pdf</a>', reverse("sell:document", args=[document.pk]), document.number)

    @admin.action(description=_("Make files that are still missing"), permissions=["act"])
    def make_again(self, request: HttpRequest, queryset: QuerySet[ExportDocument]) -> None:
        """Ask the worker once more for papers without a file."""
        for parcel_id in sorted(set(queryset.values_list("parcel_id", flat=True))):
            work.later(paperwork.issue, once=f"papers:{parcel_id}", parcel_id=parcel_id)
        messages.info(request, _t("The papers will be made."))

    @admin.action(description=_("Replace by a new version"), permissions=["act"])
    def reissue(self, request: HttpRequest, queryset: QuerySet[ExportDocument]) -> None:
        """A new version under the same number, from the shop's details as they are now."""
        for document in queryset.order_by("pk"):
            try:
                paperwork.reissue(document, actor=actor_of(request.user), why="corrected by staff", now=timezone.now())
            except Refusal as refusal:
                messages.error(request, f"{document.number}: {refusal}")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("logistics.change_exportdocument")


@admin.register(TrackingNotice)
class TrackingNoticeAdmin(ReadOnlyAdmin):
    """What tracking companies sent, and what became of it."""

    list_display = ["received_at", "source", "outcome", "handled_at", "digest"]
    list_filter = ["outcome", "source"]
    search_fields = ["=digest", "body"]
    ordering = ["-received_at"]
    actions = ["handle_again"]
    show_full_result_count = False

    @admin.action(description=_("Handle again"), permissions=["act"])
    def handle_again(self, request: HttpRequest, queryset: QuerySet[TrackingNotice]) -> None:
        """Handling twice is harmless; this is for notices that came before we knew the parcel."""
        for notice in queryset:
            inbox.reopen(notice, actor=actor_of(request.user))
        messages.info(request, _t("The notices will be handled again."))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("logistics.change_trackingnotice")


@admin.register(CustomsHold)
class CustomsHoldAdmin(ReadOnlyAdmin):
    """Parcels that customs holds. The buyer's number is read on a page of its own, with a reason that is kept."""

    list_display = ["parcel", "asked_at", "answered_at", "sent_at", "closed_at", "reveal_link"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), ("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["parcel"]
    search_fields = ["=parcel__waybill"]
    ordering = ["-asked_at"]
    exclude = ["identity_id"]
    actions = ["mark_sent"]
    show_full_result_count = False

    @admin.display(description=_("Identity"))
    def reveal_link(self, hold: CustomsHold) -> str:
        """To the page that asks for a reason."""
        if hold.answered_at is None or hold.closed_at:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse("admin:logistics_reveal", args=[hold.pk]), _t("Read"))

    @admin.action(description=_("The answer was sent to the carrier"), permissions=["act"])
    def mark_sent(self, request: HttpRequest, queryset: QuerySet[CustomsHold]) -> None:
        """Note when the carrier got the buyer's answer."""
        for hold in queryset.order_by("pk"):
            try:
                holds.mark_sent(hold, actor=actor_of(request.user), now=timezone.now())
            except Refusal as refusal:
                messages.error(request, f"{hold.parcel}: {refusal}")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("logistics.change_customshold")

    def get_urls(self) -> list[URLPattern]:
        reveal = path("<int:pk>/reveal/", self.admin_site.admin_view(self.reveal), name="logistics_reveal")
        return [reveal, *super().get_urls()]

    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Name and number, once, for a written reason. Kept by no cache and in no list."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        hold = get_object_or_404(CustomsHold.objects.select_related("parcel"), pk=pk)
        form, shown, refused = RevealForm(request.POST or None), None, ""
        if request.method == "POST" and form.is_valid():
            try:
                shown = holds.reveal(hold, actor=actor_of(request.user), why=form.cleaned_data["why"])
            except Refusal as refusal:
                refused = str(refusal)
        context = {**self.admin_site.each_context(request), "title": _t("Read an identity"), "hold": hold}
        context |= {"form": form, "shown": shown, "refused": refused, "opts": self.opts}
        response = TemplateResponse(request, "admin/logistics/reveal.html", context)
        response["Cache-Control"] = "no-store"
        return response


@admin.register(WaybillRange)
class WaybillRangeAdmin(ReadOnlyAdmin):
    """Ranges of numbers from the post, and how much of each is left."""

    list_display = ["indicator", "country", "next_serial", "last_serial", "left", "is_synthetic", "source"]
    ordering = ["country", "indicator"]

    @admin.display(description=_("Left"))
    def left(self, waybills: WaybillRange) -> int:
        """Numbers not used yet."""
        return max(0, waybills.last_serial - waybills.next_serial + 1)


@admin.register(RouteRule)
class RouteRuleAdmin(ReadOnlyAdmin):
    """Dated rules of the clearance routes, from data files."""

    list_display = ["route", "corridor", "version", "valid_from", "valid_to", "open_to_consumers", "closed_because"]
    list_filter = ["corridor", "route"]
    list_select_related = ["corridor"]
    ordering = ["corridor", "route", "-valid_from"]
    readonly_fields = ["rates"]

    @admin.display(description=_("Article tax rates"))
    def rates(self, rule: RouteRule) -> str:
        """Each class with its rate and whether it is sourced."""
        rows = rule.article_rates.order_by("article_class").values_list("article_class", "rate", "status")
        return format_html_join("", "<div>{}: {} ({})</div>", rows) or "–"


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin):
    """Dated tariffs of carriers, from data files."""

    list_display = [
        "code",
        "carrier",
        "corridor",
        "first_rwf_minor",
        "step_rwf_minor",
        "max_g",
        "valid_from",
        "is_synthetic",
    ]
    list_select_related = ["corridor"]
    ordering = ["code", "-valid_from"]


@admin.register(Corridor)
class CorridorAdmin(ReadOnlyAdmin):
    """From where to where, and how."""

    list_display = ["code", "origin", "destination", "channel"]
    ordering = ["code"]
