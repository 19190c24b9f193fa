"""Tariff lines and shelves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kernel import audit
from kernel.actors import actor_of

from ..models import Category, HsCode


@admin.register(HsCode)
class HsCodeAdmin(admin.ModelAdmin):
    """Tariff lines and whether goods of them may be sent."""

    list_display = ("code", "name_en", "name_zh", "article_class", "access", "positive_list")
    list_filter = ("access", "article_class")
    search_fields = ("code", "name_en", "name_zh")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: HsCode, form: Any, change: bool) -> None:
        """Written down, since goods go or stay by it."""
        obj.save()
        audit.record(actor_of(request.user), "hs_code_changed", obj, fields=list(form.changed_data))


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """Shelves."""

    list_display = ("position", "slug", "name_zh", "name_en", "hs_code")
    list_display_links = ("slug",)
    list_select_related = ("hs_code",)
    ordering = ("position",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
