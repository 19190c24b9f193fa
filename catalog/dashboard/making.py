"""Who makes things in a shop."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.refusals import Refusal
from sellers import shops
from sellers.shops import SellerRequest

from .. import crafts, listing, makers
from ..forms.making import MakerForm
from ..models import Maker, Product
from .pages import show


@private_page
@require_safe
@shops.for_seller
def makers_of_shop(request: SellerRequest) -> HttpResponse:
    """The makers that the shop has written down."""
    known = [
        (maker, crafts.name(maker.craft)) for maker in Maker.objects.filter(seller=request.seller).order_by("name")
    ]
    return show(request, "makers", {"makers": known})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def add_maker(request: SellerRequest) -> HttpResponse:
    """Write a maker down; with `product`, as the one who makes that product."""
    product = _product(request)
    form = MakerForm(request.POST if request.method == "POST" else None, seller=request.seller)
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request.user)
        try:
            maker = makers.add(request.seller, form.said(), actor=actor)
            if product is not None:
                listing.credit(product, maker, actor=actor, now=timezone.now())
        except Refusal as refusal:
            form.add_error("name", str(refusal))
            return show(request, "maker", {"form": form, "product": product}, status=refusal.status)
        messages.success(request, _("Saved."))
        return redirect("sell:product", product.pk) if product else redirect("sell:makers")
    return show(request, "maker", {"form": form, "product": product}, status=422 if form.is_bound else 200)


def _product(request: SellerRequest) -> Product | None:
    """The product to come back to; nothing where it is none of this shop's."""
    number = request.GET.get("product", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 12):
        return None
    return Product.objects.for_seller(request.seller).filter(pk=int(number)).first()
