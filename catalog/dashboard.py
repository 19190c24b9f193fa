"""Sellers' pages: their products, one product, its photos, and the few things that can be done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.money import Money
from kernel.refusals import Refusal
from kernel.uploads import takes_files
from sellers import shops
from sellers.shops import SellerRequest

from . import access, listing, moderation, pictures, prices, reasons, stock
from .forms import MOST_RWF, PhotosForm, ProductForm, StockForm
from .models import Product, Variant

Status = Product.Status
TONES = {
    Status.DRAFT: "quiet",
    Status.SUBMITTED: "info",
    Status.CHANGES_REQUESTED: "warn",
    Status.PUBLISHED: "ok",
    Status.PAUSED: "quiet",
    Status.SUSPENDED: "err",
}


@private_page
@require_safe
@shops.for_seller
def products(request: SellerRequest) -> HttpResponse:
    """All products of the shop, what needs a hand first."""
    mine = Product.objects.for_seller(request.seller).prefetch_related("variants", "pictures").order_by("-created_at")
    items = [_item(product) for product in mine]
    items.sort(key=lambda item: item["product"].status != Status.CHANGES_REQUESTED)
    return _show(request, "products", {"items": items})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def add_product(request: SellerRequest) -> HttpResponse:
    """Write a new product down; its photos come next. The second button only works the price out."""
    language = get_language()
    form = ProductForm(
        request.POST or None, initial={"written_in": language if language in listing.WRITTEN_IN else "rw"}
    )
    if request.method != "POST":
        return _show(request, "product", {"form": form})
    if "reckon" in request.POST or not form.is_valid():
        return _reckoned(request, form, {})
    product = listing.create(
        request.seller,
        form.facts(),
        stock_units=form.cleaned_data["stock"] or 0,
        actor=actor_of(request.user),
        now=timezone.now(),
    )
    messages.success(request, _("Saved. Now add photos."))
    return redirect("sell:product_pictures", product.pk)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def edit_product(request: SellerRequest, pk: int) -> HttpResponse:
    """One product: what is still missing, its facts, its stock."""
    product, variant = _mine(request, pk)
    if request.method != "POST":
        form = ProductForm(initial=ProductForm.of(product, variant))
        return _show(request, "product", {"form": form, **_about(product, variant)})
    form = ProductForm(request.POST)
    if "reckon" in request.POST or not form.is_valid():
        return _reckoned(request, form, _about(product, variant))
    try:
        changed = listing.revise(product, form.facts(), actor=actor_of(request.user), now=timezone.now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(request, "product", {"form": form, **_about(product, variant)}, status=409)
    if changed and product.status in (Status.PUBLISHED, Status.PAUSED):
        messages.info(request, _("Saved. We look at the change before buyers see the product again."))
    else:
        messages.success(request, _("Saved."))
    return redirect("sell:edit_product", product.pk)


@private_page
@takes_files(pictures.MOST_PICTURES * pictures.MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def product_pictures(request: SellerRequest, pk: int) -> HttpResponse:
    """The photos of a product; the first is the cover. Good ones are kept even if another of them is refused."""
    product, variant = _mine(request, pk)
    form = PhotosForm(request.POST or None, request.FILES or None) if request.method == "POST" else PhotosForm()
    status = 200
    if request.method == "POST":
        refused = _add_photos(product, form.cleaned_data["photos"]) if form.is_valid() else []
        if form.is_valid() and not refused:
            messages.success(request, _("Photos added."))
            return redirect("sell:product_pictures", product.pk)
        for name, refusal in refused:
            form.add_error("photos", f"{name}: {refusal}")
        status = 413 if any(refusal.status == 413 for _name, refusal in refused) else 422
    return _show(request, "pictures", {"form": form, **_about(product, variant)}, status=status)


@private_page
@require_POST
@shops.for_seller
def delete_picture(request: SellerRequest, pk: int, picture: Any) -> HttpResponse:
    """Take a photo off a product."""
    product, _variant = _mine(request, pk)
    pictures.remove(get_object_or_404(product.pictures, pk=picture))
    return redirect("sell:product_pictures", product.pk)


@private_page
@require_POST
@shops.for_seller
def move_picture(request: SellerRequest, pk: int, picture: Any) -> HttpResponse:
    """Show a photo one place earlier."""
    product, _variant = _mine(request, pk)
    pictures.move_up(get_object_or_404(product.pictures, pk=picture))
    return redirect("sell:product_pictures", product.pk)


@private_page
@require_POST
@shops.for_seller
def submit_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Send a product for review; what is missing is shown on its page."""
    product, variant = _mine(request, pk)
    try:
        listing.submit(product, actor=actor_of(request.user))
    except Refusal as refusal:
        context = {"form": ProductForm(initial=ProductForm.of(product, variant)), "refusal": str(refusal)}
        return _show(request, "product", {**context, **_about(product, variant)}, status=refusal.status)
    messages.success(request, _("Sent. We look at it within a day and send you a message."))
    return redirect("sell:products")


@private_page
@require_POST
@shops.for_seller
def set_stock(request: SellerRequest, pk: int) -> HttpResponse:
    """Say how many there are. Needs no review."""
    product, variant = _mine(request, pk)
    form = StockForm(request.POST)
    if form.is_valid():
        try:
            stock.set_on_hand(variant, form.cleaned_data["stock"], actor=actor_of(request.user))
            messages.success(request, _("Saved."))
            return redirect("sell:edit_product", product.pk)
        except Refusal as refusal:
            form.add_error("stock", str(refusal))
    context = {"form": ProductForm(initial=ProductForm.of(product, variant)), **_about(product, variant)}
    return _show(request, "product", {**context, "stock_form": form}, status=422)


@private_page
@require_POST
@shops.for_seller
def pause_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Take a product off sale for a while."""
    product, _variant = _mine(request, pk)
    listing.pause(product, actor=actor_of(request.user))
    messages.success(request, _("Buyers do not see it now."))
    return redirect("sell:edit_product", product.pk)


@private_page
@require_POST
@shops.for_seller
def resume_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Put a paused product on sale again."""
    product, _variant = _mine(request, pk)
    listing.resume(product, actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _("Buyers see it again."))
    return redirect("sell:edit_product", product.pk)


@private_page
@require_POST
@shops.for_seller
def put_away_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Take a product out of the list for good."""
    product, _variant = _mine(request, pk)
    listing.put_away(product, actor=actor_of(request.user))
    messages.success(request, _("The product is put away."))
    return redirect("sell:products")


def _show(request: SellerRequest, page: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = {"shop": request.seller, "section": "products", **context}
    return render(request, f"dashboard/catalog/{page}.html", shown, status=status)


def _mine(request: SellerRequest, pk: int) -> tuple[Product, Variant]:
    """A product of this shop and its variant; another's is not found."""
    goods = Product.objects.for_seller(request.seller).select_related("category", "hs_code", "seller")
    product = get_object_or_404(goods, pk=pk)
    variant = product.variants.order_by("pk").first()
    if variant is None:
        raise Http404
    return product, variant


def _about(product: Product, variant: Variant) -> dict[str, Any]:
    """What the page of a product says besides its form."""
    decision = moderation.last_decision(product)
    told = decision if decision and product.status in (Status.CHANGES_REQUESTED, Status.SUSPENDED) else None
    points = listing.checklist(product)
    return {
        "product": product,
        "variant": variant,
        "pictures": product.ordered_pictures,
        "tone": TONES.get(Status(product.status), ""),
        "points": points if product.status in (Status.DRAFT, Status.CHANGES_REQUESTED) else [],
        "ready": all(point.done for point in points),
        "decision": told,
        "reason": reasons.of(told.reason_code) if told else None,
        "verdict": access.may_send(product),
        "stock_form": StockForm(initial={"stock": variant.on_hand}),
        "parts": _parts(variant.receive),
    }


def _reckoned(request: SellerRequest, form: ProductForm, about: dict[str, Any]) -> HttpResponse:
    """The form again, with what a buyer would pay for the amount typed. Asking for the price alone finds no faults."""
    typed = str(request.POST.get("receive", "")).strip()
    asked_only = "reckon" in request.POST
    if asked_only:
        form = ProductForm(initial={name: request.POST.get(name, "") for name in form.fields})
    amount = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 8 else 0
    parts = _parts(Money(amount, "RWF")) if 0 < amount <= MOST_RWF else None
    context = {**about, "form": form, "parts": parts, "reckoned": True}
    return _show(request, "product", context, status=200 if asked_only else 422)


def _parts(receive: Money) -> prices.PriceParts | None:
    """How a buyer's price comes about; nothing while there is no rate."""
    try:
        return prices.explain_amount(receive)
    except (prices.NoRate, prices.NoPriceRule):
        return None


def _add_photos(product: Product, files: list[Any]) -> list[tuple[str, Refusal]]:
    """Add photos one by one; says by their names why some were refused."""
    refused = []
    for file in files:
        try:
            pictures.add(product, file)
        except Refusal as refusal:
            refused.append((str(file.name)[:60], refusal))
    return refused


def _item(product: Product) -> dict[str, Any]:
    variants = list(product.variants.all())
    return {
        "product": product,
        "cover": product.cover,
        "tone": TONES.get(Status(product.status), ""),
        "receive": variants[0].receive if variants else None,
        "left": sum(variant.available for variant in variants),
        "sold": sum(variant.sold for variant in variants),
    }
