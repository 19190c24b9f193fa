"""Finance's view of the money: read what happened, and the few things a person must decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel import audit, work
from kernel.actors import actor_of
from kernel.refusals import Refusal
from kernel.staff import ReadOnlyAdmin

from . import payouts, refunds
from .models import (
    Earning,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    PaymentFact,
    Payout,
    PayoutAccount,
    PayoutLine,
    Refund,
    StripeEvent,
)


class ReadOnlyInline(admin.TabularInline):
    """The same, inside another row's page."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FactInline(ReadOnlyInline):
    model = PaymentFact


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = ("status", "amount_minor", "reason", "provider_id", "failure", "created_at")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Payments with what the provider said of them."""

    list_display = ("order", "status", "amount", "method", "created_at")
    list_filter = ("status", "method")
    search_fields = ("order__number", "intent_id", "session_id")
    list_select_related = ("order",)
    inlines = (FactInline, RefundInline)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Refunds. A failed one may be sent again once its reason is mended."""

    list_display = ("payment", "status", "amount", "reason", "failure", "created_at")
    list_filter = ("status", "reason")
    list_select_related = ("payment__order",)
    actions = ("send_again",)

    @admin.action(description=_("Send failed refunds again"), permissions=["act"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Refund]) -> None:
        for refund in queryset.filter(status=Refund.Status.FAILED):
            refund.move(Refund.Status.PROMISED, actor=actor_of(request.user), why="sent again by staff")
            audit.record(actor_of(request.user), "refund_sent_again", refund)
            work.later(refunds.send, once=str(refund.pk), refund_id=refund.pk)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_refund")


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin):
    """Stripe's webhooks as they came."""

    list_display = ("id", "kind", "received_at", "handled_at", "outcome")
    list_filter = ("kind", "outcome")
    search_fields = ("id",)


class EntryInline(ReadOnlyInline):
    model = LedgerEntry


@admin.register(LedgerTransaction)
class LedgerTransactionAdmin(ReadOnlyAdmin):
    """The books."""

    list_display = ("cause", "memo", "at")
    search_fields = ("cause", "memo")
    inlines = (EntryInline,)


@admin.register(Earning)
class EarningAdmin(ReadOnlyAdmin):
    """What sellers earn. Held ones are freed here once the reason is mended."""

    list_display = ("seller", "consignment", "kind", "status", "amount", "created_at")
    list_filter = ("status", "kind")
    search_fields = ("seller__name", "consignment__number")
    list_select_related = ("seller", "consignment")
    actions = ("free_held",)

    @admin.action(description=_("Make the held money of these sellers ready again"), permissions=["act"])
    def free_held(self, request: HttpRequest, queryset: QuerySet[Earning]) -> None:
        sellers = {earning.seller for earning in queryset.filter(status=Earning.Status.HELD).select_related("seller")}
        for seller in sellers:
            payouts.free(seller, actor=actor_of(request.user), why="freed by staff")
            audit.record(actor_of(request.user), "held_money_freed", seller)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_payout")


class PayoutLineInline(ReadOnlyInline):
    model = PayoutLine


@admin.register(Payout)
class PayoutAdmin(ReadOnlyAdmin):
    """Payouts, and those without a final answer, which a person must look into."""

    list_display = ("seller", "status", "amount", "number", "failure", "created_at", "finished_at")
    list_filter = ("status",)
    search_fields = ("seller__name", "number", "provider_id")
    list_select_related = ("seller",)
    inlines = (PayoutLineInline,)
    actions = ("settle_by_hand", "fail_by_hand")

    @admin.action(description=_("The money arrived (proof on file)"), permissions=["act"])
    def settle_by_hand(self, request: HttpRequest, queryset: QuerySet[Payout]) -> None:
        self._decide(request, queryset, arrived=True)

    @admin.action(description=_("The money did not arrive"), permissions=["act"])
    def fail_by_hand(self, request: HttpRequest, queryset: QuerySet[Payout]) -> None:
        self._decide(request, queryset, arrived=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Payout], *, arrived: bool) -> None:
        for payout in queryset.filter(status=Payout.Status.AWAITING_MANUAL).select_related("seller"):
            audit.record(actor_of(request.user), "payout_decided", payout, arrived=arrived)
            try:
                if arrived:
                    payouts.settle(payout, provider_id="by hand", now=timezone.now())
                else:
                    payouts.fail(payout, reason="BY_HAND", now=timezone.now())
            except Refusal as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _t("Done."))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.change_payout")


@admin.register(PayoutAccount)
class PayoutAccountAdmin(ReadOnlyAdmin):
    """Where sellers' money goes."""

    list_display = ("seller", "number", "holder_name", "is_active", "checked_at")
    search_fields = ("seller__name", "number")
