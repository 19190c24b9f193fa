"""The photos of a seller's product."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel.http import private_page
from kernel.refusals import Refusal
from kernel.uploads import takes_files
from sellers import shops
from sellers.shops import SellerRequest

from .. import pictures
from ..forms.photos import PhotosForm
from ..models import Product
from .pages import mine, show, steps


@private_page
@takes_files(pictures.MOST_PICTURES * pictures.MOST_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def product_pictures(request: SellerRequest, pk: int) -> HttpResponse:
    """The photos of a product; the first is the cover. Good ones are kept even if another of them is refused."""
    product = mine(request, pk)
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
    context = {"form": form, "product": product, "pictures": product.ordered_pictures, "steps": steps(2)}
    return show(request, "pictures", context, status=status)


@private_page
@require_POST
@shops.for_seller
def delete_picture(request: SellerRequest, pk: int, picture: Any) -> HttpResponse:
    """Take a photo off a product."""
    product = mine(request, pk)
    pictures.remove(get_object_or_404(product.pictures, pk=picture))
    return redirect("sell:product_pictures", product.pk)


@private_page
@require_POST
@shops.for_seller
def move_picture(request: SellerRequest, pk: int, picture: Any) -> HttpResponse:
    """Show a photo one place earlier."""
    product = mine(request, pk)
    pictures.move_up(get_object_or_404(product.pictures, pk=picture))
    return redirect("sell:product_pictures", product.pk)


def _add_photos(product: Product, files: list[Any]) -> list[tuple[str, Refusal]]:
    """Add photos one by one; says by their names why some were refused."""
    refused = []
    for file in files:
        try:
            pictures.add(product, file)
        except Refusal as refusal:
            refused.append((str(file.name)[:60], refusal))
    return refused
