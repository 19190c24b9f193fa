"""Where translators work: the texts that need eyes, and one text beside all that it is made from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib import messages as notices
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from kernel.actors import actor_of
from kernel.refusals import Refusal
from kernel.staff import ReadOnlyAdmin

from .. import advertising, attention, desk, differences, texts, translating, wording
from ..attention import Reason
from ..desk import Desk
from ..models import Product, ProductText
from ..texts import ChangedMeanwhile

LANGUAGE_NAMES = {"zh": _("Chinese"), "en": _("English"), "fr": _("French"), "rw": _("Kinyarwanda")}
EXCERPT = 60


class WhyFilter(admin.SimpleListFilter):
    """By why they need eyes."""

    title = _("why")
    parameter_name = "why"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every reason."""
        return list(Reason.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProductText]) -> QuerySet[ProductText]:
        """Those of the chosen reason."""
        return queryset.filter(Q(("reason", self.value()))) if self.value() in Reason.values else queryset


class LanguageFilter(admin.SimpleListFilter):
    """By the language that one reads."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The house's languages."""
        return list(LANGUAGE_NAMES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProductText]) -> QuerySet[ProductText]:
        """Those in the chosen language."""
        return queryset.filter(language=self.value()) if self.value() else queryset


@admin.register(ProductText)
class ProductTextAdmin(ReadOnlyAdmin):
    """The queue, the oldest first; each text opens on its own page, where alone it can be changed."""

    list_display = ("age", "why", "product_name", "what", "excerpt")
    list_display_links = ("product_name",)
    list_filter = (WhyFilter, LanguageFilter, "field")
    list_select_related = ("product",)
    search_fields = ("product__name_zh", "product__name_en", "product__name_rw", "product__slug")
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductText]:
        """Only what needs eyes."""
        return attention.waiting()

    def get_urls(self) -> list[URLPattern]:
        """Adds the page of one text."""
        page = self.admin_site.admin_view(self.write)
        way = "<int:product_id>/<slug:field>/<slug:language>/"
        return [
            path(way, page, name="catalog_producttext_write"),
            path(way + "<uuid:picture_id>/", page, name="catalog_producttext_write"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Texts that need eyes"), **(extra_context or {})})

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A text's own page."""
        text = get_object_or_404(ProductText, pk=object_id if object_id.isdecimal() else None)
        return HttpResponseRedirect(page_of(text))

    def write(
        self, request: Any, product_id: int, field: str, language: str, picture_id: UUID | None = None
    ) -> HttpResponse:
        """One text: what it is made from, what stands there, what is ready, and what to do with it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        product = get_object_or_404(Product.objects.select_related("seller"), pk=product_id)
        before = desk.of(product, field, language, picture_id)
        if before is None:
            raise Http404
        may_write = may_change(request) and not before.is_source
        if request.method != "POST":
            return self._page(request, product, before, may_write=may_write)
        if not may_write:
            raise PermissionDenied
        try:
            said = _do(request, before)
        except Refusal as refusal:
            now = desk.of(product, field, language, picture_id) or before
            return self._page(request, product, now, may_write=True, refusal=refusal)
        notices.success(request, str(said))
        return HttpResponseRedirect(request.path)

    def _page(
        self, request: Any, product: Product, shown: Desk, *, may_write: bool, refusal: Refusal | None = None
    ) -> HttpResponse:
        row, typed = shown.row, request.POST.get("body", shown.row.body)
        is_contested = isinstance(refusal, ChangedMeanwhile)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{row.get_field_display()} · {LANGUAGE_NAMES[row.language]}",
            "product": product,
            "desk": shown,
            "row": row,
            "typed": typed,
            "rows": 14 if "\n" in typed or row.field not in wording.ONE_LINE else 3,
            "longest": wording.longest(row.field, row.language),
            "a_line_a_fact": row.field in wording.ONE_LINE_A_FACT,
            "refusal": refusal,
            "findings": advertising.check(typed, row.language),
            "contested": differences.between(row.body, typed) if is_contested else [],
            "may_write": may_write,
            "may_ask": may_write and row.field == ProductText.Field.DESCRIPTION,
            "has_provider": translating.is_set(),
            "lines": glance(product),
            "here": (row.field, row.language, row.picture_id),
            "deeds": desk.deeds(product, (row.field, row.language, row.picture_id)),
            "next": _next(row),
            "may_see_product": request.user.has_perm("catalog.view_product"),
        }
        status = refusal.status if refusal else 200
        return TemplateResponse(request, "admin/catalog/text.html", context, status=status)

    @admin.display(description=_("waiting since"))
    def age(self, text: Any) -> str:
        """How long it has been waiting."""
        return timesince(text.since, depth=1)

    @admin.display(description=_("why"))
    def why(self, text: Any) -> str | Promise:
        """Why it needs eyes."""
        return Reason(text.reason).label

    @admin.display(description=_("product"))
    def product_name(self, text: ProductText) -> str:
        """What it is about."""
        return text.product.name or text.product.slug

    @admin.display(description=_("text"))
    def what(self, text: ProductText) -> str:
        """Which text it is."""
        return f"{text.get_field_display()} · {LANGUAGE_NAMES[text.language]}"

    @admin.display(description=_("as it stands"))
    def excerpt(self, text: ProductText) -> str:
        """Its beginning."""
        body = text.body.replace("\t", ": ")
        cut = body[:EXCERPT] + ("…" if len(body) > EXCERPT else "")
        return format_html('<span lang="{}">{}</span>', text.language, cut) if cut else "—"


def may_change(request: Any) -> bool:
    """Whether this member of staff looks after texts."""
    return bool(request.user.has_perm("catalog.change_producttext"))


def page_of(text: ProductText) -> str:
    """The address of a text's page."""
    return address(text.product_id, text.field, text.language, text.picture_id)


def address(product_id: int, field: str, language: str, picture_id: UUID | None = None) -> str:
    """The address of a text that need not be there yet."""
    ids = [product_id, field, language, *([picture_id] if picture_id else [])]
    return reverse("admin:catalog_producttext_write", args=ids)


def glance(product: Product) -> list[dict[str, Any]]:
    """Every text of a product with its address, for a table of fields by languages."""
    return [
        {
            "name": line.name,
            "picture": line.picture,
            "cells": [
                {
                    "language": LANGUAGE_NAMES[language],
                    "key": (line.field, language, line.picture.pk if line.picture else None),
                    "url": address(product.pk, line.field, language, line.picture.pk if line.picture else None),
                    "text": text,
                    "is_source": is_source,
                }
                for language, text, is_source in line.texts
            ],
        }
        for line in desk.glance(product)
    ]


def _do(request: Any, before: Desk) -> str | Promise:
    """What the pressed button says. Raises the refusals of `catalog.texts` and `catalog.translating`."""
    row, seen = before.row, request.POST.get("seen", "")
    product, by = row.product, request.user
    if "_ask" in request.POST:
        translating.ask_again(product, row.language, actor=actor_of(by))
        return _("Asked. The answer will stand here in a moment.")
    if "_accept" in request.POST:
        texts.accept(row, by, seen=seen)
        return _("Written down: you found it right.")
    if "_take" in request.POST:
        texts.take(product, row.field, row.language, by, picture=before.picture, seen=seen)
        return _("Taken. Below is what changed.")
    body = wording.clean(row.field, row.language, request.POST.get("body", ""))
    if body and body == row.body:
        texts.accept(row, by, seen=seen)
        return _("Nothing changed; written down that you found it right.")
    texts.edit(product, row.field, row.language, body, by, picture=before.picture, seen=seen)
    return _("Saved. Below is what changed.")


def _next(row: ProductText) -> str:
    """The page of the text that waits after this one; empty where none does."""
    others = attention.waiting().exclude(pk=row.pk)
    here = attention.waiting().filter(pk=row.pk).first() if row.pk else None
    after = others.filter(Q(("since__gt", here.since))).first() if here else None  # type: ignore[attr-defined]
    following = after or others.first()
    return page_of(following) if following else ""
