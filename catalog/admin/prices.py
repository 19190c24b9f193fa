"""Exchange rates and price rules: dated rows that explain every price there was."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from kernel import audit
from kernel.actors import actor_of

from ..models import ExchangeRate, PriceRule


class DatedAdmin(admin.ModelAdmin):
    """Dated rows are added and never changed: what was, stays explainable."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(DatedAdmin):
    """Rates; staff enter one where no source answers."""

    list_display = ("as_of", "base", "quote", "side", "rate", "source", "entered_by")
    list_filter = ("base", "side", "source")
    date_hierarchy = "as_of"
    fields = ("base", "quote", "rate", "side", "source", "as_of")

    def save_model(self, request: Any, obj: ExchangeRate, form: Any, change: bool) -> None:
        """Signed by who entered it."""
        obj.entered_by = actor_of(request.user)
        obj.save()
        audit.record(obj.entered_by, "rate_entered", obj, rate=str(obj.rate))


@admin.register(PriceRule)
class PriceRuleAdmin(DatedAdmin):
    """How prices are made, from when."""

    list_display = ("valid_from", "commission_bp", "payment_fee_bp", "rate_buffer_bp", "step_minor", "source")
