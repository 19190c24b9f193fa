"""Where staff review products: the queue, the seller's words, where each text stands, the decision.

A status moves only by the buttons, which call `catalog.moderation`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from kernel import audit, work
from kernel.actors import actor_of
from kernel.refusals import Refusal

from .. import access, moderation, search, showing, texts
from ..models import Picture, Product, ProductText, Variant
from ..reasons import REASONS
from .texts import glance

DEEDS = ("_publish", "_request_changes", "_suspend", "_approve_access")


class ReviewForm(forms.ModelForm):
    """The classification, and what the seller is told in case of a no. Texts have pages of their own."""

    reason_code = forms.ChoiceField(label=_("Kind of reason"), required=False)
    statement = forms.CharField(
        label=_("Reason told to the seller"),
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 4, "cols": 80}),
        help_text=_("Plain words in the seller's language: what is wrong, and what to do."),
    )
    evidence = forms.CharField(
        label=_("What proves that it may be sent"),
        required=False,
        max_length=200,
        help_text=_("Number or link of the certificate or ruling. Needed where the customs number is not settled."),
    )

    class Meta:
        model = Product
        fields = ("customs_description", "category", "hs_code")
        labels = {"hs_code": _("customs number")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "—"), *((code, f"{code}: {reason.label}") for code, reason in REASONS.items())]
        if "reason_code" in self.fields:
            self.fields["reason_code"].choices = choices  # type: ignore[attr-defined]


class LookOnlyInline(admin.TabularInline):
    """Rows to look at."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VariantInline(LookOnlyInline):
    """Price, weight, size and stock."""

    model = Variant
    fields = readonly_fields = (
        "sku",
        "receive_rwf_minor",
        "price_minor",
        "weight_g",
        "length_mm",
        "width_mm",
        "height_mm",
        "on_hand",
        "reserved",
        "sold",
    )


class PictureInline(LookOnlyInline):
    """The photos."""

    model = Picture
    fields = readonly_fields = ("shown", "position", "width", "height", "status", "is_illustration")
    ordering = ("position",)

    @admin.display(description=_("photo"))
    def shown(self, picture: Picture) -> str:
        """The photo itself."""
        return format_html('<img src="{}" alt="" width="160">', picture.small)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Review of one product; those that wait come first."""

    form = ReviewForm
    change_form_template = "admin/catalog/product.html"
    list_display = ("id", "name", "seller", "status", "category", "hs_code", "published_at")
    list_display_links = ("id", "name")
    list_filter = ("status", "category", "hs_code__access")
    list_select_related = ("seller", "category", "hs_code")
    search_fields = ("name_zh", "name_en", "name_rw", "slug", "seller__name")
    show_full_result_count = False
    list_per_page = 50
    inlines = (PictureInline, VariantInline)
    readonly_fields = (
        *("seller", "status", "written_in", "sellers_words"),
        *("texts_stand", "in_the_way", "access_now", "steps_taken"),
    )
    fieldsets = (
        (None, {"fields": ("seller", "status", "written_in", "sellers_words")}),
        (_("Texts"), {"fields": ("texts_stand", "in_the_way")}),
        (_("For customs"), {"fields": ("category", "hs_code", "customs_description", "access_now", "evidence")}),
        (_("Decision"), {"fields": ("reason_code", "statement")}),
        (_("History"), {"fields": ("steps_taken",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """Products that wait for a decision first."""
        waiting = Case(
            When(status=Product.Status.SUBMITTED, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        return super().get_queryset(request).defer("search_tokens").order_by(waiting, "-created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Product, form: Any, change: bool) -> None:
        """Keep the classification and nothing else, and write down who changed what."""
        changed = [name for name in form.changed_data if name in ReviewForm.Meta.fields]
        if not changed:
            return
        if "hs_code" in changed:
            obj.access_approved_by = obj.access_evidence = ""
        obj.save(update_fields=[*changed, "access_approved_by", "access_evidence"])
        audit.record(actor_of(request.user), "product_classified", obj, fields=changed)
        showing.later(obj.pk)
        work.later(search.index, product_id=obj.pk, once=f"product:{obj.pk}")

    def response_change(self, request: Any, obj: Product) -> HttpResponse:
        """After saving, do what the pressed button says; a refusal is shown and nothing else is lost."""
        deed = next((name for name in DEEDS if name in request.POST), None)
        if deed is None:
            return super().response_change(request, obj)
        if not request.user.has_perm("sellers.change_moderationcase"):
            raise PermissionDenied
        try:
            said = self._decide(request, obj, deed)
        except Refusal as refusal:
            notices.error(request, str(refusal))
        else:
            notices.success(request, said)
        return HttpResponseRedirect(request.path)

    def _decide(self, request: Any, product: Product, deed: str) -> Any:
        told = {"reason_code": request.POST.get("reason_code", ""), "statement": request.POST.get("statement", "")}
        now = timezone.now()
        if deed == "_publish":
            moderation.publish(product, by=request.user, now=now)
            return _("Published. The seller is told.")
        if deed == "_request_changes":
            moderation.request_changes(product, **told, by=request.user, now=now)
            return _("Sent back. The seller is told.")
        if deed == "_suspend":
            moderation.suspend(product, **told, by=request.user, now=now)
            return _("Taken off sale. The seller is told.")
        moderation.approve_access(product, evidence=request.POST.get("evidence", ""), by=request.user)
        return _("Approved in your name.")

    @admin.display(description=_("the seller's words"))
    def sellers_words(self, product: Product) -> str:
        """Name and description as the seller wrote them."""
        said = (texts.own(product, field) for field in (ProductText.Field.TITLE, ProductText.Field.DESCRIPTION))
        words = [text for text in said if text] or [getattr(product, f"description_{product.written_in}", "")]
        return (
            format_html_join("", '<p lang="{}">{}</p>', ((product.written_in, text) for text in words if text)) or "—"
        )

    @admin.display(description=_("where they stand"))
    def texts_stand(self, product: Product) -> str:
        """Where each text comes from, with the way to its page."""
        return render_to_string("admin/catalog/_glance.html", {"lines": glance(product)})

    @admin.display(description=_("in the way of publishing"))
    def in_the_way(self, product: Product) -> str:
        """What is missing, and which words may not stand there."""
        return format_html_join("", "<p>{}</p>", ((point,) for point in moderation.in_the_way(product))) or "—"

    @admin.display(description=_("may it be sent?"))
    def access_now(self, product: Product) -> str:
        """The judgement by its customs number, and who vouched for it."""
        verdict = access.may_send(product)
        vouched = f"{product.access_approved_by}: {product.access_evidence}" if product.access_approved_by else ""
        said = _("Yes") if verdict.ok else _("No: %(reason)s") % {"reason": verdict.reason}
        return format_html("<p><b>{}</b></p><p>{}</p><p>{}</p>", said, verdict.note, vouched)

    @admin.display(description=_("steps"))
    def steps_taken(self, product: Product) -> str:
        """What happened to it, oldest first."""
        rows = ((s.at.strftime("%Y-%m-%d %H:%M"), s.was, s.now, s.actor, s.why) for s in product.steps)
        return format_html_join("", "<p>{}: {} → {} ({}) {}</p>", rows) or "—"
