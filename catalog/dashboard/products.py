"""A seller's products, one of them, and the few things that can be done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.refusals import Refusal
from sellers import shops
from sellers.shops import SellerRequest

from .. import access, listing, moderation, readiness, reasons, variants
from ..forms.supply import SupplyForm
from ..models import Product
from .pages import TONES, Status, mine, show


@private_page
@require_safe
@shops.for_seller
def products(request: SellerRequest) -> HttpResponse:
    """All products of the shop, what needs a hand first."""
    goods = Product.objects.for_seller(request.seller).prefetch_related("variants", "pictures").order_by("-created_at")
    items = [_item(product) for product in goods]
    items.sort(key=lambda item: item["product"].status != Status.CHANGES_REQUESTED)
    return show(request, "products", {"items": items})


@private_page
@require_safe
@shops.for_seller
def product(request: SellerRequest, pk: int) -> HttpResponse:
    """One product: what is still missing, its photos, its stock, and the ways to change it."""
    return _page(request, mine(request, pk))


@private_page
@require_POST
@shops.for_seller
def submit_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Send a product for review; what is missing is shown on its page."""
    product = mine(request, pk)
    try:
        listing.submit(product, actor=actor_of(request.user))
    except Refusal as refusal:
        return _page(request, product, refusal=refusal)
    messages.success(request, _("Sent. We look at it within a day and send you a message."))
    return redirect("sell:products")


@private_page
@require_POST
@shops.for_seller
def set_stock(request: SellerRequest, pk: int) -> HttpResponse:
    """Say how many there are, and how long making one takes. Needs no review."""
    product = mine(request, pk)
    form = SupplyForm(request.POST, product=product)
    if not form.is_valid():
        return _page(request, product, supply=form, status=422)
    try:
        with transaction.atomic():
            variants.count(product, form.counts, actor=actor_of(request.user))
            listing.promise(product, lead_days=form.cleaned_data["lead_days"] or 0)
    except Refusal as refusal:
        return _page(request, product, refusal=refusal, supply=form)
    messages.success(request, _("Saved."))
    return redirect("sell:product", product.pk)


@private_page
@require_POST
@shops.for_seller
def pause_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Take a product off sale for a while."""
    product = mine(request, pk)
    listing.pause(product, actor=actor_of(request.user))
    messages.success(request, _("Buyers do not see it now."))
    return redirect("sell:product", product.pk)


@private_page
@require_POST
@shops.for_seller
def resume_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Put a paused product on sale again."""
    product = mine(request, pk)
    listing.resume(product, actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _("Buyers see it again."))
    return redirect("sell:product", product.pk)


@private_page
@require_POST
@shops.for_seller
def put_away_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Take a product out of the list for good."""
    product = mine(request, pk)
    listing.put_away(product, actor=actor_of(request.user))
    messages.success(request, _("The product is put away."))
    return redirect("sell:products")


def _page(
    request: SellerRequest,
    product: Product,
    *,
    refusal: Refusal | None = None,
    supply: SupplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    decision = moderation.last_decision(product)
    told = decision if decision and product.status in (Status.CHANGES_REQUESTED, Status.SUSPENDED) else None
    points = readiness.checklist(product)
    context = {
        "product": product,
        "pictures": product.ordered_pictures,
        "tone": TONES.get(Status(product.status), ""),
        "points": points if product.status in (Status.DRAFT, Status.CHANGES_REQUESTED) else [],
        "ready": all(point.done for point in points),
        "decision": told,
        "reason": reasons.of(told.reason_code) if told else None,
        "verdict": access.may_send(product),
        "supply": supply or SupplyForm(product=product),
        "refusal": refusal,
    }
    return show(request, "product", context, status=refusal.status if refusal else status)


def _item(product: Product) -> dict[str, Any]:
    offered = [variant for variant in product.variants.all() if variant.retired_at is None]
    wanted = sorted(variant.receive.minor for variant in offered)
    return {
        "product": product,
        "cover": product.cover,
        "tone": TONES.get(Status(product.status), ""),
        "receive": min((variant.receive for variant in offered), key=lambda money: money.minor, default=None),
        "is_least": len(set(wanted)) > 1,
        "left": sum(variant.available for variant in offered),
        "sold": sum(variant.sold for variant in product.variants.all()),
    }
