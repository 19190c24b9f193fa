"""The seller's first screen, their money, and the one order button that moves money: declining."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Product
from kernel.actors import actor_of
from kernel.http import private_page
from orders.models import Consignment
from sellers import shops
from sellers.models import Seller
from sellers.shops import SellerRequest

from . import earnings, payouts, refunds
from .models import Payout


@dataclass(frozen=True)
class Task:
    """One thing to do today: a sentence, a deadline if there is one, and one button."""

    title: str
    url: str
    button: str
    due: datetime | None = None
    tone: str = ""


@private_page
@require_safe
@shops.for_seller
def today(request: SellerRequest) -> HttpResponse:
    """What needs doing, most urgent first, and three numbers."""
    seller = request.seller
    if seller.status != Seller.Status.APPROVED:
        return redirect("sell:status")
    consignments = Consignment.objects.for_seller(seller)
    counts = {status: consignments.filter(status=status).count() for status in _ORDER_TASKS}
    return render(
        request,
        "dashboard/payments/today.html",
        {
            "shop": seller,
            "section": "today",
            "tasks": _order_tasks(seller) + _product_tasks(seller),
            "to_accept": counts[Consignment.Status.TO_ACCEPT],
            "to_send": counts[Consignment.Status.ACCEPTED] + counts[Consignment.Status.PACKED],
            "ready": earnings.balances(seller)["ready"],
            "has_products": Product.objects.for_seller(seller).exists(),
        },
    )


_ORDER_TASKS = {
    Consignment.Status.TO_ACCEPT: (_("Say yes or no to order %(number)s"), _("Open"), "warn"),
    Consignment.Status.ACCEPTED: (_("Pack order %(number)s"), _("Pack"), ""),
    Consignment.Status.PACKED: (_("Take order %(number)s to the post"), _("Open"), ""),
}


def _order_tasks(seller: Seller) -> list[Task]:
    waiting = Consignment.objects.for_seller(seller).filter(status__in=list(_ORDER_TASKS))
    tasks = []
    for consignment in waiting.order_by("accept_by", "pk")[:20]:
        title, button, tone = _ORDER_TASKS[Consignment.Status(consignment.status)]
        due = consignment.accept_by if consignment.status == Consignment.Status.TO_ACCEPT else None
        url = reverse("sell:consignment", args=[consignment.pk])
        tasks.append(Task(str(title) % {"number": consignment.number}, url, str(button), due, tone))
    return tasks


def _product_tasks(seller: Seller) -> list[Task]:
    to_fix = Product.objects.for_seller(seller).filter(
        status__in=[Product.Status.CHANGES_REQUESTED, Product.Status.DRAFT]
    )
    tasks = []
    for product in to_fix.order_by("-pk")[:10]:
        needs_fix = product.status == Product.Status.CHANGES_REQUESTED
        title = _t("Mend the product: %(name)s") if needs_fix else _t("Finish the product: %(name)s")
        name = product.name or _t("no name yet")
        url = reverse("sell:product", args=[product.pk])
        tasks.append(Task(title % {"name": name}, url, _t("Open"), tone="warn" if needs_fix else ""))
    return tasks


@private_page
@require_safe
@shops.for_seller
def money(request: SellerRequest) -> HttpResponse:
    """What is waiting, ready and on hold, each line with its order, and each payout with what became of it."""
    seller = request.seller
    return render(
        request,
        "dashboard/payments/money.html",
        {
            "shop": seller,
            "section": "money",
            "balances": earnings.balances(seller),
            "earnings": earnings.of(seller)[:50],
            "payouts": Payout.objects.filter(seller=seller).order_by("-created_at")[:20],
            "number": payouts.number_of(seller),
        },
    )


class DeclineForm(forms.Form):
    """Why a seller cannot deliver; the buyer reads it."""

    REASONS = (
        ("sold_out", _("It is sold out")),
        ("cannot_make", _("I cannot make it in time")),
        ("damaged", _("It is damaged")),
        ("other", _("Another reason")),
    )
    reason = forms.ChoiceField(label=_("Why can you not send it?"), choices=REASONS, widget=forms.RadioSelect)


@private_page
@shops.for_seller
def decline(request: SellerRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then decline and give the buyer's money back."""
    consignment = get_object_or_404(Consignment.objects.for_seller(request.seller), pk=pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refunds.decline(
            consignment, reason=form.cleaned_data["reason"], actor=actor_of(request.user), now=timezone.now()
        )
        messages.success(request, _t("The order is declined. The buyer gets the money back."))
        return redirect("sell:consignments")
    context = {"shop": request.seller, "section": "orders", "consignment": consignment, "form": form}
    return render(request, "dashboard/payments/decline.html", context, status=422 if form.errors else 200)


@private_page
@require_POST
@shops.for_seller
def pay_out(request: SellerRequest) -> HttpResponse:
    """Have what is ready paid now instead of waiting for the next run."""
    payout = payouts.schedule(request.seller, now=timezone.now())
    messages.success(request, _t("%(amount)s is on its way to your phone.") % {"amount": payout.amount})
    return redirect("sell:money")
