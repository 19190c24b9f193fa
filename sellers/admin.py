"""Where moderators work: the queue of cases, the facts of a shop, its papers behind the question why, the decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.refusals import Refusal

from . import moderation, papers, reports
from .dashboard import download
from .models import Decision, ModerationCase, Paper, Report, Seller, SellerMember
from .reasons import REASONS

# The buttons of a case about a shop, and how each is called.
BUTTONS = {
    Decision.Outcome.APPROVED: _("Approve"),
    Decision.Outcome.CHANGES_REQUESTED: _("Request changes"),
    Decision.Outcome.REJECTED: _("Reject"),
}


class DecisionForm(forms.Form):
    """What was decided, the kind of reason, and the words the seller reads. A no needs both."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=list(BUTTONS.items()), widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(label=_("Kind of reason"), required=False)
    statement = forms.CharField(
        label=_("Reason told to the seller"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 5, "cols": 80}),
        help_text=_("Plain words in the seller's language: what is wrong, and what to do."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "—"), *((code, f"{code}: {reason.label}") for code, reason in REASONS.items())]
        self.fields["reason_code"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why staff open a paper."""

    why = forms.CharField(label=_("Why do you open this paper?"), min_length=5, max_length=200)


class LookOnly(admin.ModelAdmin):
    """Facts to look at; they change through decisions only."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Seller)
class SellerAdmin(LookOnly):
    """A shop: what it says of itself, its people, papers, cases and steps."""

    list_display = ["name", "kind", "status", "district", "language", "created_at"]
    list_filter = ["status", "kind", "province"]
    search_fields = ["name", "legal_name", "phone", "slug"]
    ordering = ["-created_at"]
    change_form_template = "admin/sellers/seller.html"
    fieldsets = (
        (None, {"fields": ["name", "name_zh", "slug", "kind", "status", "language", "created_at"]}),
        (_("Identity"), {"fields": ["legal_name", "national_id_masked", "tin", "shown_papers", "shown_members"]}),
        (_("Place"), {"fields": ["province", "district", "sector", "place_note"]}),
        (_("Money"), {"fields": ["phone", "momo_number"]}),
        (_("History"), {"fields": ["shown_cases", "shown_steps"]}),
    )
    readonly_fields = ["shown_papers", "shown_members", "shown_cases", "shown_steps"]

    def get_urls(self) -> list[URLPattern]:
        """Adds the page that opens a paper."""
        open_paper = self.admin_site.admin_view(self.open_paper)
        return [path("papers/<uuid:pk>/", open_paper, name="sellers_paper_open"), *super().get_urls()]

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The page, with the decision buttons while a case about the shop is open."""
        case = (
            ModerationCase.objects.filter(
                kind=ModerationCase.Kind.SELLER, seller_id=object_id, status__in=moderation.OPEN
            ).first()
            if object_id.isdecimal()
            else None
        )
        buttons = _buttons(case) if case and may_decide(request) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "buttons": buttons})

    def open_paper(self, request: Any, pk: Any) -> HttpResponseBase:
        """Asks why, writes it down, then hands out the paper."""
        paper = Paper.objects.select_related("seller").filter(pk=pk).first()
        if not request.user.has_perm("sellers.view_paper"):
            if paper is not None:
                papers.record_refusal(paper, by=request.user)
            raise PermissionDenied
        if paper is None:
            raise Http404
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            papers.record_reading(paper, by=request.user, why=form.cleaned_data["why"])
            response = download(paper)
            response["Cache-Control"] = "no-store"
            return response
        context = {
            **self.admin_site.each_context(request),
            "title": _("Open a paper"),
            "paper": paper,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/sellers/open_paper.html", context, status=status)

    @admin.display(description=_("papers"))
    def shown_papers(self, seller: Seller) -> str:
        """Each paper with its door."""
        rows = (
            (reverse("admin:sellers_paper_open", args=[paper.pk]), paper.get_kind_display(), paper.original_name)
            for paper in seller.papers.order_by("uploaded_at")
        )
        return format_html_join("", '<p><a href="{}">{}</a> ({})</p>', rows) or "—"

    @admin.display(description=_("people"))
    def shown_members(self, seller: Seller) -> str:
        """Who may act for the shop."""
        members = SellerMember.objects.filter(seller=seller).select_related("user").order_by("pk")
        return format_html_join("", "<p>{} ({})</p>", ((str(m.user), m.get_role_display()) for m in members)) or "—"

    @admin.display(description=_("cases"))
    def shown_cases(self, seller: Seller) -> str:
        """Every case about the shop and its goods, newest first."""
        rows = (
            (
                reverse("admin:sellers_moderationcase_change", args=[case.pk]),
                case.get_kind_display(),
                case.get_status_display(),
            )
            for case in seller.cases.order_by("-opened_at")[:20]
        )
        return format_html_join("", '<p><a href="{}">{}</a>: {}</p>', rows) or "—"

    @admin.display(description=_("steps"))
    def shown_steps(self, seller: Seller) -> str:
        """What happened to its status, oldest first."""
        return _steps(seller)


@admin.register(ModerationCase)
class ModerationCaseAdmin(LookOnly):
    """The queue, oldest open case first, and the decision."""

    list_display = ["shown_age", "kind", "seller", "subject", "status"]
    list_display_links = ["shown_age", "seller"]
    list_filter = ["status", "kind"]
    list_select_related = ["seller"]
    search_fields = ["subject", "seller__name"]
    change_form_template = "admin/sellers/case.html"
    fields = ["kind", "seller", "subject", "status", "opened_at", "shown_decisions", "shown_steps"]
    readonly_fields = ["shown_decisions", "shown_steps"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationCase]:
        """Open cases first, the oldest on top."""
        is_open = moderation.is_open()
        return super().get_queryset(request).alias(is_open=is_open).order_by("-is_open", "opened_at")

    def get_urls(self) -> list[URLPattern]:
        """Adds the page of the decision."""
        decide = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", decide, name="sellers_moderationcase_decide"), *super().get_urls()]

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The page, with the decision buttons while the case is open and about a shop."""
        case = ModerationCase.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        buttons = _buttons(case) if case and may_decide(request) else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "buttons": buttons})

    def decide(self, request: Any, pk: int) -> HttpResponseBase:
        """Decide about a shop; a refusal of the domain is shown on the form."""
        if not may_decide(request):
            raise PermissionDenied
        case = get_object_or_404(ModerationCase.objects.select_related("seller"), pk=pk)
        form = DecisionForm(request.POST or None, initial={"outcome": request.GET.get("outcome", "")})
        if request.method == "POST" and form.is_valid() and self._decided(request, case, form):
            notices.success(request, _("Decided. The seller is told."))
            return redirect("admin:sellers_moderationcase_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Decide about %(shop)s") % {"shop": case.seller.name},
            "case": case,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/sellers/decide.html", context, status=status)

    def _decided(self, request: Any, case: ModerationCase, form: DecisionForm) -> bool:
        by: User = request.user
        try:
            moderation.decide(case, **form.cleaned_data, by=by, now=timezone.now())
        except Refusal as no:
            form.add_error(None, str(no))
            return False
        return True

    @admin.display(description=_("waiting since"), ordering="opened_at")
    def shown_age(self, case: ModerationCase) -> str:
        """How long the seller has been waiting."""
        return timesince(case.opened_at, depth=1)

    @admin.display(description=_("decisions"))
    def shown_decisions(self, case: ModerationCase) -> str:
        """What was decided, by whom, with which words."""
        rows = (
            (d.get_outcome_display(), d.reason_code, d.statement, str(d.by), d.at.strftime("%Y-%m-%d %H:%M"))
            for d in case.decisions.select_related("by").order_by("at")
        )
        return format_html_join("", "<p><b>{}</b> {} {}<br>{}, {}</p>", rows) or "—"

    @admin.display(description=_("steps"))
    def shown_steps(self, case: ModerationCase) -> str:
        """What happened to its status, oldest first."""
        return _steps(case)


@admin.register(Report)
class ReportAdmin(LookOnly):
    """What people reported, what waits longest first. Writing what was done settles it."""

    list_display = ["at", "kind", "subject", "seller", "settled_at"]
    list_filter = [("settled_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["seller"]
    search_fields = ["subject", "text", "seller__name"]
    readonly_fields = [
        "kind",
        "shown_subject",
        "seller",
        "text",
        "contact",
        "reporter",
        "at",
        "settled_at",
        "settled_by",
    ]
    fields = [*readonly_fields, "note"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """What waits first, the oldest on top."""
        return super().get_queryset(request).order_by(F("settled_at").asc(nulls_first=True), "at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Moderators, while it waits."""
        waits = obj is None or obj.settled_at is None
        return waits and bool(request.user.has_perm("sellers.change_report"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The note is what settles it, so it is asked for."""
        form = super().get_form(request, obj, change, **options)
        if "note" in form.base_fields:
            form.base_fields["note"].required = True
        return form

    def save_model(self, request: Any, obj: Report, form: Any, change: bool) -> None:
        """Settle it with the note."""
        reports.settle(obj, note=form.cleaned_data["note"], by=request.user, now=timezone.now())

    @admin.display(description=_("about"))
    def shown_subject(self, report: Report) -> str:
        """What it is about, with a link to its page here."""
        label, _colon, pk = report.subject.partition(":")
        try:
            url = reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
        except NoReverseMatch:
            return report.subject or "—"
        return format_html('<a href="{}">{}</a>', url, report.subject)


def may_decide(request: Any) -> bool:
    """Whether this member of staff moderates."""
    return bool(request.user.has_perm("sellers.change_moderationcase"))


def _buttons(case: ModerationCase) -> list[dict[str, Any]]:
    if case.kind != ModerationCase.Kind.SELLER or case.status not in moderation.OPEN:
        return []
    page = reverse("admin:sellers_moderationcase_decide", args=[case.pk])
    return [{"url": f"{page}?outcome={outcome.value}", "label": label} for outcome, label in BUTTONS.items()]


def _steps(thing: Any) -> str:
    rows = ((s.at.strftime("%Y-%m-%d %H:%M"), s.was, s.now, s.actor, s.why) for s in thing.steps)
    return format_html_join("", "<p>{}: {} → {} ({}) {}</p>", rows) or "—"
