"""The batches of a product, each with the code for its tag."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.refusals import Refusal
from sellers import shops
from sellers.shops import SellerRequest

from .. import origins, vocabulary
from ..forms.batching import BatchForm
from .pages import mine, show

MOST_SHOWN = 50


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def batches(request: SellerRequest, pk: int) -> HttpResponse:
    """Write down that units were made together; the newest batch first, with the code to write on each tag."""
    product = mine(request, pk)
    known = vocabulary.types().get(product.product_type)
    is_food = known is not None and known.regulation == "food"
    form = BatchForm(request.POST if request.method == "POST" else None, is_food=is_food)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            origins.open_batch(product, **form.cleaned_data, actor=actor_of(request.user))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Saved. Write the code on the tag of each one."))
            return redirect("sell:batches", product.pk)
    rows = [
        (batch, origins.spaced(batch.code), origins.address(batch))
        for batch in product.batches.order_by("-made_on", "-pk")[:MOST_SHOWN]
    ]
    return show(request, "batches", {"product": product, "form": form, "batches": rows}, status=status)
