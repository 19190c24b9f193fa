"""The buyer's pages about paying: checkout, an order with its parcels, and the way to the payment page and back."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

import stripe
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import consents
from accounts.models import Address, LegalText
from accounts.people import PersonRequest
from kernel.actors import actor_of
from kernel.http import in_wechat, secret_page
from kernel.money import Money
from kernel.refusals import Refusal
from logistics import quotes, timeline
from logistics.models import CustomsHold, Quote
from orders import carts, labels, reviews
from orders.models import Consignment, Order, OrderQuerySet

from . import charges, gateway, refunds
from .checkout import Promise, start
from .forms import CheckoutForm
from .models import Payment


@secret_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: PersonRequest) -> HttpResponse:
    """One page with everything a buyer must know before they order; a POST orders what it showed, at its price."""
    cart = carts.of(request.user, token=request.COOKIES.get(carts.COOKIE, ""))  # filled before signing in, maybe
    lines = carts.wanted(cart)
    if request.method != "POST" and not lines:
        return redirect("orders:cart")
    if request.method == "POST":
        return _order(request)
    address = _address(request)
    if address is None:
        return render(request, "storefront/payments/checkout_address.html", {"next": request.path})
    quote = quotes.quote(request.user, lines, province_code=address.province_code, now=timezone.now())
    return _show(request, quote=quote, address=address)


def _order(request: PersonRequest) -> HttpResponse:
    """Order what the form says, or show the form again with the reason and everything that was typed."""
    now = timezone.now()
    shown = _shown_quote(request)
    address = get_object_or_404(Address.objects.of(request.user), pk=_whole(request.POST.get("address")))
    if shown is None:
        messages.error(request, _t("This price is no longer known. Here is today’s."))
        return redirect("payments:checkout")
    form = _form(request.POST, quote=shown)
    if not form.is_valid():
        return _show(request, quote=shown, address=address, form=form, status=422)
    try:
        payment = start(request.user, _promise(request, form, address), now=now)
    except quotes.QuoteExpired:
        return _show_new_price(request, form, old=shown, address=address, now=now)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, quote=shown, address=address, form=form, status=refusal.status)
    return _to_payment_page(request, payment)


def _promise(request: PersonRequest, form: CheckoutForm, address: Address) -> Promise:
    return Promise(
        quote_id=form.cleaned_data["quote"],
        total=Money(form.cleaned_data["total"], "CNY"),
        address=address,
        orderer=form.cleaned_data["orderer"],
        language=get_language() or "zh-hans",
        agreed=form.cleaned_data["agree_notice"],
        notes=form.notes(),
        id_number=form.cleaned_data.get("id_number", ""),
        ip=request.META.get("REMOTE_ADDR") or None,
    )


def _show_new_price(
    request: PersonRequest, form: CheckoutForm, *, old: Quote, address: Address, now: datetime
) -> HttpResponse:
    """The half hour is over: quote again, and say old and new side by side before anything is charged."""
    lines = carts.wanted(carts.of(request.user))
    if not lines:
        return redirect("orders:cart")
    new = quotes.quote(request.user, lines, province_code=address.province_code, now=now)
    fresh = QueryDict(mutable=True)
    fresh.update(request.POST)
    fresh["quote"], fresh["total"] = str(new.pk), str(new.total_minor)
    return _show(request, quote=new, address=address, form=_form(fresh, quote=new), old=old, status=409)


def _show(
    request: PersonRequest,
    *,
    quote: Quote,
    address: Address,
    form: CheckoutForm | None = None,
    old: Quote | None = None,
    status: int = 200,
) -> HttpResponse:
    breakdown = quotes.breakdown(quote)
    if form is None:
        form = _form(None, quote=quote, address=address)
    context: dict[str, Any] = {
        "quote": quote,
        "old": old,
        "breakdown": breakdown,
        "shops": [(shop, form[f"note-{shop.seller.pk}"]) for shop in breakdown.shops],
        "address": address,
        "addresses": Address.objects.of(request.user),
        "form": form,
        "notice": consents.text(LegalText.Kind.CONSUMER_NOTICE, get_language() or "zh-hans"),
    }
    return render(request, "storefront/payments/checkout.html", context, status=status)


def _form(data: Any, *, quote: Quote, address: Address | None = None) -> CheckoutForm:
    initial = {
        "quote": quote.pk,
        "total": quote.total_minor,
        "address": address.pk if address else None,
        "orderer": address.recipient if address else "",
    }
    sellers = [shop.seller.pk for shop in quotes.breakdown(quote).shops]
    return CheckoutForm(data, initial=initial, sellers=sellers, asks_id_number=quotes.asks_id_number(quote))


def _shown_quote(request: PersonRequest) -> Quote | None:
    try:
        quote_id = UUID(request.POST.get("quote", ""))
    except ValueError:
        return None
    return Quote.objects.filter(pk=quote_id, buyer=request.user).first()


def _address(request: PersonRequest) -> Address | None:
    """The address asked for, else the default one, else the newest."""
    mine = Address.objects.of(request.user)
    wanted = _whole(request.GET.get("address"))
    return (mine.filter(pk=wanted).first() if wanted else None) or mine.first()


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0


@secret_page
@login_required
@require_safe
def order(request: PersonRequest, number: str) -> HttpResponse:
    """One order of the buyer's: what it costs and why, where each parcel is, and what can be done now."""
    found = get_object_or_404(_mine(request).prefetch_related("consignments__lines"), number=number)
    return render(request, "storefront/payments/order.html", _order_context(found))


def _order_context(found: Order) -> dict[str, Any]:
    ordered = found.consignments.select_related("seller").order_by("pk")
    parts = ordered.prefetch_related("lines__review", "planned_parcels__tax_lines__line")
    due = reviews.due(parts, now=timezone.now())
    confirming = found.payments.filter(status=Payment.Status.PROCESSING).exists()
    holds = CustomsHold.objects.filter(parcel__consignment__order=found, closed_at=None, answered_at=None)
    return {
        "order": found,
        "heading": _heading(found, confirming=confirming),
        "parts": [
            {
                "consignment": part,
                "label": labels.of(part, to_review=any(line.pk in due for line in part.lines.all())),
                "to_review": due,
                "timeline": timeline.of(part),
                "summary": timeline.summary(part),
                "can_call_off": part.status in CAN_CALL_OFF,
                "can_confirm": part.status == Consignment.Status.DELIVERED,
            }
            for part in parts
        ],
        "payable": found.status == Order.Status.AWAITING_PAYMENT and found.pay_by > timezone.now(),
        "refunds": refunds.of_order(found),
        "holds": holds.select_related("parcel"),
    }


def _heading(found: Order, *, confirming: bool) -> str:
    """Where the order stands in a word: for a paid one, where its slowest living part stands."""
    if confirming and not found.paid_at:
        return _t("Payment is being confirmed")
    alive = [part for part in found.consignments.all() if part.status not in Consignment.FALLEN]
    if found.status != Order.Status.PAID or not alive:
        return str(found.get_status_display())
    return str(labels.of(min(alive, key=lambda part: WAY.index(part.status))).text)


WAY = [*Consignment.Status.values]  # declared in the order in which a consignment goes
CAN_CALL_OFF = (Consignment.Status.TO_ACCEPT, Consignment.Status.ACCEPTED, Consignment.Status.PACKED)


@secret_page
@login_required
@require_POST
def pay(request: PersonRequest, number: str) -> HttpResponse:
    """Go to the payment page of an order that waits for its money."""
    found = get_object_or_404(_mine(request), number=number)
    return _to_payment_page(request, charges.begin(found, now=timezone.now()))


def _to_payment_page(request: PersonRequest, payment: Payment) -> HttpResponse:
    """Ask for the page now that the order is safe; without an answer the order page offers to try again.

    Inside WeChat the order page first shows the way out to the browser, since Alipay does not open there; whoever
    prefers to stay and pay by card (`here`) goes on.
    """
    if in_wechat(request) and "here" not in request.POST:
        return redirect(reverse("payments:order", args=[payment.order.number]) + "?guide=1")
    try:
        return redirect(charges.open_page(payment))
    except charges.PaymentUnavailable as refusal:
        messages.error(request, str(refusal))
        return redirect("payments:order", number=payment.order.number)


@secret_page
@login_required
@require_safe
def returned(request: PersonRequest, number: str) -> HttpResponse:
    """Back from the payment page: look once ourselves, since the webhook may still be on its way."""
    found = get_object_or_404(_mine(request), number=number)
    payment = found.payments.order_by("-created_at").first()
    if payment is not None:
        with contextlib.suppress(gateway.Unreachable, stripe.StripeError):
            charges.look(payment, now=timezone.now())
    found.refresh_from_db()
    if found.paid_at:
        messages.success(request, _t("Payment successful. The makers have been told."))
        return redirect("payments:order", number=number)
    return render(request, "storefront/payments/returned.html", {"order": found, "payment": payment})


@secret_page
@login_required
@require_POST
def cancel(request: PersonRequest, number: str) -> HttpResponse:
    """Call off an order that is not paid."""
    found = get_object_or_404(_mine(request), number=number)
    charges.call_off(found, actor=actor_of(request.user), why="asked by the buyer", now=timezone.now())
    messages.success(request, _t("The order is cancelled. Nothing was charged."))
    return redirect("payments:order", number=number)


@secret_page
@login_required
@require_POST
def call_off(request: PersonRequest, pk: int) -> HttpResponse:
    """Call off one shop's part of a paid order before it is handed over; its money goes back."""
    part = get_object_or_404(Consignment, pk=pk, order__buyer=request.user)
    refunds.call_off(part, actor=actor_of(request.user), why="asked by the buyer", now=timezone.now())
    messages.success(request, _t("Cancelled. The money goes back the way it came."))
    return redirect("payments:order", number=part.order.number)


def _mine(request: PersonRequest) -> OrderQuerySet:
    return Order.objects.of(request.user)
