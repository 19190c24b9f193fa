"""Buyers' pages: the cart, the list of their orders, and reviews. An order's own page is payments'."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people import PersonRequest
from catalog import choosing, pages
from catalog.models import Product, Variant
from kernel import formatting
from kernel.actors import actor_of
from kernel.http import private_page, public_page, safe_next, same_origin_post, wants_fragment
from kernel.money import total
from kernel.refusals import Refusal

from . import carts, labels, progress, reviews
from .forms import AddForm, QuantityForm, ReviewForm
from .labels import Tab
from .models import Cart, Consignment, Order, OrderLine, OrderQuerySet, Review

REMEMBER_STRANGERS = 60 * 24 * 3600
ORDERS_A_PAGE = 10
REVIEWS_A_PAGE = 10
# What a product's own page shows.
NEWEST = 3


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
        variant = choosing.wanted(list(siblings), answers)
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
    "to-review": (pgettext_lazy("orders", "To review"), lambda orders: orders.to_review(since=_reviewable())),
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
    shown = [(order, [_part(part) for part in order.consignments.all()]) for order in page]
    context = {"tabs": tabs, "page": page, "orders": shown, "section": "me"}
    return render(request, "storefront/orders/orders.html", context)


def _part(part: Consignment) -> tuple[Consignment, labels.Label, set[int]]:
    """A shop's part, its label, and its lines to be reviewed."""
    due = reviews.due([part], now=timezone.now())
    return part, labels.of(part, to_review=bool(due)), due


def _reviewable() -> datetime:
    """What was completed after this may be reviewed."""
    return timezone.now() - reviews.WRITE_WITHIN


@private_page
@login_required
@require_POST
def complete(request: PersonRequest, pk: int) -> HttpResponse:
    """The buyer confirms that a shop's part arrived."""
    consignment = get_object_or_404(Consignment.objects.filter(order__buyer=request.user), pk=pk)
    progress.complete(consignment, actor=actor_of(request.user), now=timezone.now())
    messages.success(request, _t("Thank you. The order is complete."))
    return redirect("payments:order", consignment.order.number)


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PersonRequest, pk: int) -> HttpResponse:
    """The buyer reviews one line; where that is done, reads it again and may add to it once."""
    lines = OrderLine.objects.select_related("consignment__order", "consignment__seller", "product", "review")
    line = get_object_or_404(lines, pk=pk, consignment__order__buyer=request.user)
    written, now = getattr(line, "review", None), timezone.now()
    if written is None:
        reviews.require(line, by=request.user, now=now)
    kind = ReviewForm if written is None else AddForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _keep(request, line, written, form.cleaned_data)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _t("Thank you for your review."))
            return redirect("payments:order", line.consignment.order.number)
    context = {
        "line": line,
        "review": written,
        "form": form if written is None or form.is_bound or reviews.may_add(written, now=now) else None,
        "section": "me",
    }
    return render(request, "storefront/orders/review.html", context, status=422 if form.errors else 200)


def _keep(request: PersonRequest, line: OrderLine, written: Review | None, said: dict[str, Any]) -> None:
    now = timezone.now()
    if written is not None:
        reviews.add(written, said["text"], by=request.user, now=now)
    else:
        reviews.write(line, **said, by=request.user, language=get_language() or "zh-hans", now=now)


@public_page
@require_safe
def product_reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """What buyers say of a product, newest first: `?only=good` (4 or 5 stars) or `critical`. As a piece of the
    product's page, the newest three."""
    product = get_object_or_404(Product.objects.on_sale().defer("search_tokens"), slug=slug)
    pages.shows_product(request, product.pk, product.seller_id)
    tally, every = reviews.tally(product.pk), Review.objects.of_product(product.pk)
    only = request.GET.get("only", "")
    ways = [
        Tab("", _t("Newest"), 0, only not in {"good", "critical"}),
        Tab("good", _t("Positive"), tally.good, only == "good"),
        Tab("critical", _t("Critical"), tally.critical, only == "critical"),
    ]
    chosen = every.good() if only == "good" else every.critical() if only == "critical" else every
    shown = chosen.newest().with_writers()
    context = {
        "product": product,
        "count": tally.count,
        "rating": formatting.rating(tally.mean, tally.good, tally.count),
        "ways": ways,
        "section": "categories",
    }
    if wants_fragment(request):
        response = render(request, "storefront/orders/_reviews.html", {**context, "newest": shown[:NEWEST]})
    else:
        page = Paginator(shown, REVIEWS_A_PAGE).get_page(request.GET.get("page"))
        response = render(request, "storefront/orders/reviews.html", {**context, "page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


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
