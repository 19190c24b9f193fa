"""Buyers' pages: the cart, and the list of their orders. An order's own page is payments'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.people import PersonRequest
from catalog import choosing
from catalog.models import Variant
from kernel.actors import actor_of
from kernel.http import private_page, safe_next, same_origin_post, wants_fragment
from kernel.money import total
from kernel.refusals import Refusal

from . import carts, labels, progress
from .forms import QuantityForm
from .labels import Tab
from .models import Cart, Consignment, Order, OrderQuerySet

REMEMBER_STRANGERS = 60 * 24 * 3600
ORDERS_A_PAGE = 10


@private_page
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """The cart by shop, with what changed since. Works for strangers; their cart joins theirs when they sign in."""
    return _show(request, _cart(request))


@private_page
@same_origin_post
@require_POST
def add_to_cart(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a variant into the cart. The form stands on a page that all share, so the origin is checked, not a token.

    Options that came with it choose among the product's variants: the address may still name the one shown first.
    """
    variant = get_object_or_404(Variant.objects.select_related("product__seller"), pk=pk)
    if answers := choosing.asked(request.POST):
        siblings = variant.product.variants.filter(retired_at=None).select_related("product__seller")
        variant = choosing.pick(list(siblings), answers)
    form = QuantityForm(request.POST if "quantity" in request.POST else {"quantity": "1"})
    mine = _cart(request)
    try:
        if form.is_valid():
            mine = carts.add(mine, variant, quantity=form.cleaned_data["quantity"]).cart
    except Refusal as refusal:
        form.add_error("quantity", str(refusal))
    if form.errors:
        return render(request, "storefront/orders/add.html", {"form": form, "variant": variant}, status=422)
    messages.success(request, _t("Added to your cart."))
    response = redirect(safe_next(request, reverse("orders:cart")))
    if not request.user.is_authenticated:
        _remember(request, response, mine)
    return response


@private_page
@require_POST
def set_quantity(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how many of a line; a bad number is shown beside it with what was typed."""
    form = QuantityForm(request.POST)
    mine = _cart(request)
    if not form.is_valid():
        if not mine.lines.filter(pk=pk).exists():
            raise Http404
        return _show(request, mine, typed={pk: form}, status=422)
    _or_404(lambda: carts.set_quantity(mine, pk, quantity=form.cleaned_data["quantity"]))
    return _show(request, mine) if wants_fragment(request) else redirect("orders:cart")


@private_page
@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line out of the cart."""
    mine = _cart(request)
    _or_404(lambda: carts.remove(mine, pk))
    return _show(request, mine) if wants_fragment(request) else redirect("orders:cart")


TABS: dict[str, tuple[str | Promise, Callable[[OrderQuerySet], OrderQuerySet]]] = {
    "": (pgettext_lazy("orders", "All"), lambda orders: orders),
    "to-pay": (pgettext_lazy("orders", "To pay"), OrderQuerySet.to_pay),
    "to-send": (pgettext_lazy("orders", "To ship"), OrderQuerySet.to_send),
    "to-receive": (pgettext_lazy("orders", "To receive"), OrderQuerySet.to_receive),
    "done": (pgettext_lazy("orders", "Completed"), OrderQuerySet.done),
    "refunds": (pgettext_lazy("orders", "Refunds"), OrderQuerySet.fallen),
}


@private_page
@login_required
@require_safe
def orders(request: PersonRequest) -> HttpResponse:
    """A buyer's orders under the tabs that shoppers in China know."""
    mine = Order.objects.of(request.user)
    key = request.GET.get("tab", "")
    key = key if key in TABS else ""
    tabs = [Tab(name, str(title), rows(mine).count(), name == key) for name, (title, rows) in TABS.items()]
    page = Paginator(TABS[key][1](mine).with_parts().newest(), ORDERS_A_PAGE).get_page(request.GET.get("page"))
    shown = [(order, [(part, labels.of(part)) for part in order.consignments.all()]) for order in page]
    context = {"tabs": tabs, "page": page, "orders": shown, "section": "me"}
    return render(request, "storefront/orders/orders.html", context)


@private_page
@login_required
@require_POST
def complete(request: PersonRequest, pk: int) -> HttpResponse:
    """The buyer confirms that a shop's part arrived."""
    consignment = get_object_or_404(Consignment.objects.filter(order__buyer=request.user), pk=pk)
    progress.complete(consignment, actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _t("Thank you. The order is complete."))
    return redirect("payments:order", consignment.order.number)


def _cart(request: HttpRequest) -> Cart:
    token = request.COOKIES.get(carts.COOKIE, "")
    return carts.of(request.user, token=token)


def _show(
    request: HttpRequest, mine: Cart, *, typed: dict[int, QuantityForm] | None = None, status: int = 200
) -> HttpResponse:
    shops = carts.lines_by_seller(mine)
    lines = [line for shop in shops for line in shop.lines]
    forms = typed or {}
    context: dict[str, Any] = {
        "shops": [(shop, [(line, forms.get(line.line.pk)) for line in shop.ready]) for shop in shops if shop.ready],
        "gone": [line for line in lines if line.problem in (carts.Problem.GONE, carts.Problem.SOLD_OUT)],
        "ready": [line for line in lines if not line.problem],
        "short": any(line.problem == carts.Problem.SHORT for line in lines),
        "goods": total([shop.goods for shop in shops], "CNY"),
    }
    template = "storefront/orders/_cart.html" if wants_fragment(request) else "storefront/orders/cart.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if request.user.is_authenticated and carts.COOKIE in request.COOKIES:
        response.delete_cookie(carts.COOKIE, samesite="Lax")
    return response


def _remember(request: HttpRequest, response: HttpResponse, mine: Cart) -> None:
    response.set_cookie(
        carts.COOKIE,
        carts.token(mine),
        max_age=REMEMBER_STRANGERS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def _or_404(deed: Callable[[], None]) -> None:
    """Another person's line does not exist."""
    try:
        deed()
    except carts.NotInCart:
        raise Http404 from None
