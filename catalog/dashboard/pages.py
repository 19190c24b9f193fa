"""What the pages of a seller's goods share."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from kernel.money import Money
from sellers.shops import SellerRequest

from .. import prices
from ..models import Product

Status = Product.Status
TONES = {
    Status.DRAFT: "quiet",
    Status.SUBMITTED: "info",
    Status.CHANGES_REQUESTED: "warn",
    Status.PUBLISHED: "ok",
    Status.PAUSED: "quiet",
    Status.SUSPENDED: "err",
}


def show(request: SellerRequest, page: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the seller's goods."""
    shown = {"shop": request.seller, "section": "products", **context}
    return render(request, f"dashboard/catalog/{page}.html", shown, status=status)


def mine(request: SellerRequest, pk: int) -> Product:
    """A product of this shop; another's is not found."""
    goods = Product.objects.for_seller(request.seller).select_related("category", "hs_code", "seller", "maker")
    return get_object_or_404(goods, pk=pk)


def steps(now: int) -> list[dict[str, str]]:
    """The way of a new product, as `components/steps.html` shows it; `now` counts from 0."""
    titles = [_("Kind"), _("About it"), _("Photos"), _("Look and send")]
    return [
        {"title": title, "state": "done" if place < now else "now" if place == now else "later"}
        for place, title in enumerate(titles)
    ]


def parts(receive: Money) -> prices.PriceParts | None:
    """How a buyer's price comes about; nothing while there is no rate."""
    try:
        return prices.explain_amount(receive)
    except (prices.NoRate, prices.NoPriceRule):
        return None
