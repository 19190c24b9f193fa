"""What a buyer keeps: goods they like, shops they follow, and what their browser remembers having shown.

The buttons stand on pages that everybody shares. So they are plain forms whose origin is checked, and what they say of
this one reader comes afterwards as a piece of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from kernel.http import private_page, public_page, safe_next, same_origin_post, wants_fragment
from sellers.models import Seller

from .. import cards, favourites, follows, places, stories
from ..models import Product

A_PAGE = 20
MOST_SEEN = 30
# Where a session remembers what a stranger wanted to keep, until they have signed in.
WISH = "wish"


@dataclass(frozen=True)
class Keeping:
    """One way to keep something: which things may be kept, by which deeds, and the pages that belong to it."""

    what: str
    things: Callable[[], QuerySet[Any]]
    keep: Callable[..., None]
    let_go: Callable[[User, int], None]
    keeps: Callable[[User, Any], bool]
    page: str
    mine: str
    notice: str | Promise

    def page_of(self, thing: Any) -> str:
        """The address of the thing's own page."""
        return reverse(self.page, args=[thing.slug])


FAVOURITE = Keeping(
    what="favourite",
    things=lambda: Product.objects.on_sale(),
    keep=favourites.like,
    let_go=favourites.unlike,
    keeps=favourites.likes,
    page="catalog:product",
    mine="catalog:favourites",
    notice=_("Kept among your favourites."),
)
FOLLOW = Keeping(
    what="follow",
    things=lambda: Seller.objects.selling(),
    keep=follows.follow,
    let_go=follows.unfollow,
    keeps=follows.follows,
    page="catalog:shop",
    mine="catalog:follows",
    notice=_("You follow this shop now."),
)


@private_page
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def favourite(request: HttpRequest, pk: int) -> HttpResponse:
    """The button under a product that likes it (`keep=yes`) or not any more (`keep=no`). A GET gives its piece."""
    return _change(request, FAVOURITE, pk) if request.method == "POST" else _button(request, FAVOURITE, pk)


@private_page
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """The button that follows a shop (`keep=yes`) or leaves it (`keep=no`). A GET gives its piece."""
    return _change(request, FOLLOW, pk) if request.method == "POST" else _button(request, FOLLOW, pk)


@login_required
@private_page
@require_safe
def wish(request: Any) -> HttpResponse:
    """Back from signing in: do what the stranger had asked for before, and go to where they were."""
    wanted: dict[str, Any] = request.session.pop(WISH, {})
    for way in (FAVOURITE, FOLLOW):
        thing = way.things().filter(pk=wanted["pk"]).first() if wanted.get("what") == way.what else None
        if thing is not None:
            way.keep(request.user, thing, now=timezone.now())
            messages.success(request, str(way.notice))
    return redirect(wanted.get("back") or reverse("accounts:me"))


@login_required
@private_page
@require_safe
def favourites_list(request: Any) -> HttpResponse:
    """What a person keeps; what is not on sale any more stays, in grey, until they remove it."""
    page = Paginator(favourites.of(request.user), A_PAGE).get_page(request.GET.get("page"))
    goods = Product.objects.filter(pk__in=[one.product_id for one in page.object_list]).select_related("seller")
    shown = {product.pk: product for product in goods}
    things = [shown[one.product_id] for one in page.object_list if one.product_id in shown]
    context = {"page": page, "things": [_kept(product) for product in things], "section": "me"}
    return render(request, "storefront/catalog/favourites.html", context)


@login_required
@private_page
@require_safe
def follows_list(request: Any) -> HttpResponse:
    """The shops a person follows; one that is closed stays, in grey, until they leave it."""
    page = Paginator(follows.of(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "shops": [
            {
                "seller": one.seller,
                "place": places.badge(one.seller),
                "open": one.seller.status == "approved",
                "portrait": stories.portrait(one.seller),
            }
            for one in page.object_list
        ],
        "section": "me",
    }
    return render(request, "storefront/catalog/follows.html", context)


@public_page
@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Recently seen goods. Only the browser knows them; the page is empty until its script asks for their cards."""
    return render(request, "storefront/catalog/seen.html", {"section": "me"})


@private_page
@same_origin_post
@require_POST
def seen_cards(request: HttpRequest) -> HttpResponse:
    """Cards of at most thirty products, in the order given; what is not on sale is left out. Nothing is kept.

    It is a POST so that what somebody looked at stands in no address, and so in no log.
    """
    asked = [
        int(pk) for pk in request.POST.getlist("id")[:MOST_SEEN] if pk.isascii() and pk.isdecimal() and len(pk) < 18
    ]
    found = {product.pk: product for product in Product.objects.on_sale().filter(pk__in=asked).for_cards()}
    shown = [found[pk] for pk in dict.fromkeys(asked) if pk in found]
    return render(request, "storefront/catalog/_seen.html", {"cards": cards.of(shown)})


def _button(request: HttpRequest, way: Keeping, pk: int) -> HttpResponse:
    """The button as it is for this reader, for a script; whoever opens the address gets the thing's page."""
    thing = get_object_or_404(way.things(), pk=pk)
    if not wants_fragment(request):
        return redirect(way.page_of(thing))
    person = request.user if isinstance(request.user, User) else None
    return _piece(request, way, pk, kept=way.keeps(person, thing) if person else None)


def _change(request: HttpRequest, way: Keeping, pk: int) -> HttpResponse:
    """Keep or let go; then the button as it is now, or for a plain form a page with a notice."""
    keep = request.POST.get("keep") != "no"
    thing = get_object_or_404(way.things(), pk=pk) if keep else None
    if not isinstance(request.user, User):
        return _sign_in_first(request, way, thing)
    if thing is None:
        way.let_go(request.user, pk)
    else:
        way.keep(request.user, thing, now=timezone.now())
    if wants_fragment(request):
        return _piece(request, way, pk, kept=keep)
    if thing is not None:
        messages.success(request, str(way.notice))
    return redirect(safe_next(request, way.page_of(thing) if thing else reverse(way.mine)))


def _sign_in_first(request: HttpRequest, way: Keeping, thing: Any) -> HttpResponse:
    if wants_fragment(request):  # signed out meanwhile: the script sends the form again as a plain one
        return HttpResponse(status=401)
    if thing is None:
        return redirect_to_login(reverse(way.mine))
    request.session[WISH] = {"what": way.what, "pk": thing.pk, "back": safe_next(request, way.page_of(thing))}
    return redirect_to_login(reverse("catalog:wish"))


def _piece(request: HttpRequest, way: Keeping, pk: int, *, kept: bool | None) -> HttpResponse:
    name = "storefront/catalog/_keep.html" if way is FAVOURITE else "storefront/catalog/_follow.html"
    return render(request, name, {"pk": pk, "kept": kept, "known": kept is not None})


def _kept(product: Product) -> dict[str, Any]:
    """A product as the list of favourites shows it: `state` is empty while it can be bought."""
    on_sale = product.status == Product.Status.PUBLISHED and product.seller.status == Seller.Status.APPROVED
    state = "" if on_sale and product.in_stock else _t("Sold out") if on_sale else _t("Not on sale any more")
    return {
        "product": product,
        "image": cards.cover(product.cover_files, 240),
        "lang": cards.foreign(product),
        "on_sale": on_sale,
        "state": state,
    }
