"""Choosing the kind of goods from pictures, and saying what the vocabulary asks of that kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.actors import actor_of
from kernel.http import private_page
from kernel.money import Money
from kernel.refusals import Refusal
from sellers import shops
from sellers.shops import SellerRequest

from .. import access, listing, vocabulary
from ..forms.describing import DescribeForm
from ..forms.filling import initial_of
from ..models import Category, HsCode, Product
from ..vocabulary import ProductType
from .pages import Status, mine, parts, show, steps


@dataclass(frozen=True)
class Kind:
    """A type to choose: its name, where it leads, and whether goods of it may be sent."""

    name: str
    url: str
    outlook: access.Outlook


@private_page
@require_safe
@shops.for_seller
def add_product(request: SellerRequest) -> HttpResponse:
    """Choose the kind of a new product."""
    return _choose(request, lambda slug: reverse("sell:describe_product", args=[slug]), {"steps": steps(0)})


@private_page
@require_safe
@shops.for_seller
def change_kind(request: SellerRequest, pk: int) -> HttpResponse:
    """Choose another kind for a product that was put on the wrong shelf."""
    product = mine(request, pk)
    form = reverse("sell:edit_product", args=[product.pk])
    return _choose(request, lambda slug: f"{form}?kind={slug}", {"product": product})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def describe_product(request: SellerRequest, kind: str) -> HttpResponse:
    """Write a new product down; its photos come next."""
    product_type = _type(kind)
    language = get_language()
    if request.method != "POST":
        initial = {"written_in": language if language in listing.WRITTEN_IN else "rw"}
        form = DescribeForm(product_type=product_type, seller=request.seller, initial=initial)
        return _form(request, form)
    form = DescribeForm(request.POST, product_type=product_type, seller=request.seller)
    if (answer := _in_between(request, form)) is not None:
        return answer
    try:
        product = listing.create(request.seller, form.said(), actor=actor_of(request.user), now=timezone.now())
    except Refusal as refusal:
        return _refused(request, form, refusal)
    return _saved(request, product, _("Saved. Now add photos."), then="sell:product_pictures")


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@shops.for_seller
def edit_product(request: SellerRequest, pk: int) -> HttpResponse:
    """Change what is said about a product; with `kind`, make it another kind of goods."""
    product = mine(request, pk)
    wanted = request.GET.get("kind", "")
    if not wanted and listing.facts_of(product) is None:
        return redirect("sell:change_kind", product.pk)
    product_type = _type(wanted or product.product_type)
    about: dict[str, Any] = {"product_type": product_type, "seller": request.seller, "product": product}
    if request.method != "POST":
        initial = initial_of(product, product_type)
        return _form(request, DescribeForm(**about, initial=initial))
    form = DescribeForm(request.POST, **about)
    if (answer := _in_between(request, form)) is not None:
        return answer
    try:
        changed = listing.revise(
            product, form.said(), actor=actor_of(request.user), now=timezone.now(), seen=form.cleaned_data["seen"]
        )
    except Refusal as refusal:
        return _refused(request, form, refusal)
    if changed and product.status in (Status.PUBLISHED, Status.PAUSED):
        return _saved(request, product, _("Saved. We look at the change before buyers see the product again."))
    return _saved(request, product, _("Saved."))


def _choose(request: SellerRequest, url_of: Any, context: dict[str, Any]) -> HttpResponse:
    """The shelves, or the kinds of the shelf that was pressed."""
    with_types = {known.category for known in vocabulary.types().values()}
    shelves = list(Category.objects.filter(slug__in=with_types).select_related("hs_code").order_by("position", "pk"))
    shelf = next((one for one in shelves if one.slug == request.GET.get("shelf")), None)
    kinds: list[Kind] = []
    if shelf is not None:
        known = vocabulary.types_of(shelf.slug)
        lines = HsCode.objects.in_bulk([one.hs for one in known], field_name="code")
        kinds = [
            Kind(str(one.name), url_of(one.slug), access.outlook(lines.get(one.hs, shelf.hs_code))) for one in known
        ]
    return show(request, "kinds", {"shelves": shelves, "shelf": shelf, "kinds": kinds, **context})


def _type(slug: str) -> ProductType:
    known = vocabulary.types().get(slug)
    if known is None or not Category.objects.filter(slug=known.category).exists():
        raise Http404
    return known


def _in_between(request: SellerRequest, form: DescribeForm) -> HttpResponse | None:
    """A button that saves nothing was pressed, or something typed is wrong: the form again. Else nothing."""
    count = form.count
    if "add_row" in request.POST:
        return _form(request, form.again([*range(count), count - 1]))
    if "remove_row" in request.POST:
        left = [place for place in range(count) if str(place) != request.POST["remove_row"]]
        return _form(request, form.again(left or [0]))
    if "reckon" in request.POST:
        text = request.POST["reckon"]
        place = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
        return _form(request, form.again(range(count)), reckoned=place, amount=form.typed_amount(place))
    return None if form.is_valid() else _form(request, form, status=422)


def _refused(request: SellerRequest, form: DescribeForm, refusal: Refusal) -> HttpResponse:
    """The form as it was typed, with what is in the way. Saving again then means what it says."""
    form.add_error(None, str(refusal))
    if isinstance(refusal, listing.ChangedMeanwhile) and form.product is not None:
        form.data = request.POST.copy()
        form.data["seen"] = listing.fingerprint(form.product)
    return _form(request, form, status=refusal.status)


def _saved(request: SellerRequest, product: Product, said: str, *, then: str = "sell:product") -> HttpResponse:
    """On to the next page, or by way of writing a maker down."""
    messages.success(request, said)
    if "add_maker" in request.POST:
        return redirect(f"{reverse('sell:add_maker')}?product={product.pk}")
    return redirect(then, product.pk)


def _form(
    request: SellerRequest, form: DescribeForm, *, status: int = 200, reckoned: int | None = None, amount: int = 0
) -> HttpResponse:
    line = HsCode.objects.filter(code=form.product_type.hs).first()
    context = {
        "form": form,
        "kind": form.product_type,
        "product": form.product,
        "outlook": access.outlook(line),
        "reckoned": reckoned,
        "parts": parts(Money(amount, "RWF")) if amount else None,
        "steps": steps(1),
    }
    return show(request, "describe", context, status=status)
