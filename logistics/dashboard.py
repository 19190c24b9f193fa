"""A shop's page of one order: what to pack and for whom, weighing, papers, handing over, and where the parcels are."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from kernel.actors import actor_of
from kernel.formatting import KIGALI
from kernel.http import private_page, secret_page
from kernel.refusals import Refusal
from orders.models import Consignment
from sellers import shops
from sellers.models import Seller
from sellers.shops import SellerRequest

from . import paperwork, parcels, rendering, s10, timeline
from .forms import PackForm
from .models import ExportDocument, Parcel

C = Consignment.Status
SHOWS_BUYER = (C.ACCEPTED, C.PACKED, C.HANDED_OVER)


@private_page
@require_safe
@shops.for_seller
def consignment(request: SellerRequest, pk: int) -> HttpResponse:
    """One order of the shop's, with the one thing to do next."""
    return _show(request, _mine(request, pk))


@private_page
@require_POST
@shops.for_seller(require_approved=True)
def pack(request: SellerRequest, pk: int) -> HttpResponse:
    """Weigh and measure every parcel; their papers are made right after. 422 keeps what was typed."""
    found = _mine(request, pk)
    form = PackForm(request.POST, planned=list(found.planned_parcels.order_by("position")))
    if not form.is_valid():
        return _show(request, found, form=form, status=422)
    try:
        packed = parcels.pack(found, boxes=form.boxes(), actor=actor_of(request.user), now=timezone.now())
    except Refusal as refusal:
        found.refresh_from_db()
        form.add_error(None, str(refusal))
        return _show(request, found, form=form, status=refusal.status)
    heavier = [parcel for parcel in packed if parcel.over_plan_g]
    if heavier:
        messages.warning(request, _t("Packed. It is heavier than planned; our staff will look at it. Please go on."))
    else:
        messages.success(request, _t("Packed. The papers are being made."))
    return redirect("sell:consignment", pk)


@private_page
@require_POST
@shops.for_seller(require_approved=True)
def hand_over(request: SellerRequest, pk: int) -> HttpResponse:
    """The parcels are at the post."""
    parcels.hand_over(_mine(request, pk), actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _t("Thank you. We follow the parcel from here and tell the buyer."))
    return redirect("sell:consignment", pk)


@private_page
@require_safe
@shops.for_seller
def print_papers(request: SellerRequest, pk: int) -> HttpResponse:
    """All papers of an order to print, and for those who cannot print a screen to show at the counter."""
    found = _mine(request, pk)
    packed = [_parcel(parcel) for parcel in _parcels(found)]
    if not packed:
        raise Http404
    context = {"shop": request.seller, "section": "orders", "consignment": found, "parcels": packed}
    return render(request, "dashboard/logistics/print.html", context)


@secret_page
@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The PDF of a paper, for the shop it belongs to and for staff; nobody else learns that it exists."""
    if not request.user.is_authenticated:
        return shops.to_sign_in(request)
    papers = ExportDocument.objects.exclude(file="")
    if not (request.user.is_staff and request.user.has_perm("logistics.view_exportdocument")):
        papers = papers.filter(seller__in=Seller.objects.acted_for_by(request.user))
    found = get_object_or_404(papers, pk=pk)
    how = "inline" if "open" in request.GET else "attachment"
    response = HttpResponse(paperwork.content(found), content_type="application/pdf")
    response["Content-Disposition"] = f'{how}; filename="{found.number}-v{found.version}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mine(request: SellerRequest, pk: int) -> Consignment:
    mine = Consignment.objects.for_seller(request.seller).select_related("order", "seller")
    return get_object_or_404(mine, pk=pk)


def _parcels(consignment: Consignment) -> Any:
    return consignment.parcels.select_related("service", "planned").order_by("planned__position")


def _show(
    request: SellerRequest, found: Consignment, *, form: PackForm | None = None, status: int = 200
) -> HttpResponse:
    planned = list(found.planned_parcels.order_by("position").prefetch_related("tax_lines__line"))
    packed = [_parcel(parcel) for parcel in _parcels(found)]
    if form is None and found.status == C.ACCEPTED:
        form = PackForm(planned=planned)
    context: dict[str, Any] = {
        "shop": request.seller,
        "section": "orders",
        "consignment": found,
        "lines": found.lines.order_by("pk"),
        "shows_buyer": found.status in SHOWS_BUYER,
        "form": form if found.status == C.ACCEPTED else None,
        "boxes": [_box(box, form) for box in planned] if form else [],
        "parcels": packed,
        "being_made": found.status == C.PACKED and not all(parcel["ready"] for parcel in packed),
        "steps": _progress(found),
        "timeline": timeline.of(found, zone=KIGALI),
    }
    return render(request, "dashboard/logistics/consignment.html", context, status=status)


def _box(box: Any, form: PackForm) -> dict[str, Any]:
    weight, *sides = form.of(box)
    return {"planned": box, "contents": list(box.tax_lines.all()), "weight": weight, "sides": sides}


def _parcel(parcel: Parcel) -> dict[str, Any]:
    """A parcel with its papers that count, and its barcode as a picture for the screen."""
    papers = sorted(parcel.documents.current(), key=lambda one: list(ExportDocument.Kind.values).index(one.kind))
    barcode = base64.b64encode(rendering.barcode_svg(parcel.waybill).encode()).decode()
    return {
        "parcel": parcel,
        "papers": papers,
        "ready": bool(papers) and all(one.status == ExportDocument.Status.ISSUED for one in papers),
        "spaced": s10.read(parcel.waybill).spaced,
        "barcode": f"data:image/svg+xml;base64,{barcode}",
        "size_cm": " × ".join(f"{side / 10:g}" for side in (parcel.length_mm, parcel.width_mm, parcel.height_mm)),
    }


_STEPS = (
    (C.TO_ACCEPT, "accept"),
    (C.ACCEPTED, "pack"),
    (C.PACKED, "post"),
    (C.HANDED_OVER, "way"),
    (C.DELIVERED, "home"),
)


def _progress(found: Consignment) -> list[dict[str, str]]:
    """Where the order stands on its five steps; none for one that fell."""
    if found.status in Consignment.FALLEN:
        return []
    titles = {
        "accept": _t("Accept"),
        "pack": _t("Pack"),
        "post": _t("Post office"),
        "way": _t("On the way"),
        "home": _t("Delivered"),
    }
    order = [status for status, _name in _STEPS]
    at = order.index(C(found.status)) if found.status in order else len(order)
    done_at = len(order) if found.status == C.DELIVERED else at
    return [
        {"title": titles[name], "state": "done" if n < done_at else "now" if n == done_at else "later"}
        for n, (_status, name) in enumerate(_STEPS)
    ]
