"""Sellers' lists: what was ordered from them, with the button that accepts it, and what buyers say of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.refusals import Refusal
from sellers import shops
from sellers.shops import SellerRequest

from . import progress, reviews
from .forms import ReplyForm
from .labels import Tab
from .models import Consignment, ConsignmentQuerySet, Review, ReviewQuerySet

CONSIGNMENTS_A_PAGE = 20
REVIEWS_A_PAGE = 20

TABS: dict[str, tuple[str | Promise, Callable[[ConsignmentQuerySet], ConsignmentQuerySet]]] = {
    "to-accept": (pgettext_lazy("orders", "To accept"), ConsignmentQuerySet.to_accept),
    "to-pack": (pgettext_lazy("orders", "To pack"), ConsignmentQuerySet.to_pack),
    "sent": (pgettext_lazy("orders", "Sent"), ConsignmentQuerySet.sent),
    "done": (pgettext_lazy("orders", "Finished"), ConsignmentQuerySet.done),
}


@private_page
@require_safe
@shops.for_seller
def consignments(request: SellerRequest) -> HttpResponse:
    """A shop's orders by what is to be done with them. Who bought is hidden until the order is accepted."""
    mine = Consignment.objects.for_seller(request.seller)
    counts = {name: rows(mine).count() for name, (_title, rows) in TABS.items()}
    key = request.GET.get("tab", "")
    if key not in TABS:
        key = next((name for name in ("to-accept", "to-pack") if counts[name]), "to-accept")
    tabs = [Tab(name, str(title), counts[name], name == key) for name, (title, _rows) in TABS.items()]
    rows = TABS[key][1](mine).select_related("order").prefetch_related("lines")
    order = ("accept_by", "pk") if key == "to-accept" else ("-pk",)
    page = Paginator(rows.order_by(*order), CONSIGNMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"shop": request.seller, "section": "orders", "tabs": tabs, "tab": key, "page": page}
    return render(request, "dashboard/orders/consignments.html", context)


@private_page
@require_POST
@shops.for_seller(require_approved=True)
def accept(request: SellerRequest, pk: int) -> HttpResponse:
    """The shop accepts an order."""
    consignment = get_object_or_404(Consignment.objects.for_seller(request.seller), pk=pk)
    progress.accept(consignment, actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _t("Accepted. Pack it and take it to the post office."))
    return redirect("sell:consignment", pk)


@private_page
@require_safe
@shops.for_seller
def reviews_of_shop(request: SellerRequest) -> HttpResponse:
    """What buyers say of a shop's goods, newest first. The shop answers each once, and can take none away."""
    return _show_reviews(request, Review.objects.of_seller(request.seller))


@private_page
@require_POST
@shops.for_seller(require_approved=True)
def answer_review(request: SellerRequest, pk: int) -> HttpResponse:
    """The shop answers one review; a refused answer is shown again with the reason."""
    mine = Review.objects.of_seller(request.seller)
    review, form = get_object_or_404(mine, pk=pk), ReplyForm(request.POST)
    if form.is_valid():
        try:
            reviews.reply(
                review,
                form.cleaned_data["text"],
                language=get_language() or request.user.language,
                actor=actor_of(request.user),
                now=timezone.now(),
            )
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _t("Your answer is on the product's page."))
            return redirect("sell:reviews")
    return _show_reviews(request, mine.filter(pk=pk), refused=form, status=422)


def _show_reviews(
    request: SellerRequest, shown: ReviewQuerySet, *, refused: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    page = Paginator(shown.newest().with_writers(), REVIEWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shop": request.seller,
        "section": "products",
        "page": page,
        "entries": [(review, refused or ReplyForm(auto_id=f"id_%s_{review.pk}")) for review in page],
        "refused": refused,
    }
    return render(request, "dashboard/orders/reviews.html", context, status=status)
