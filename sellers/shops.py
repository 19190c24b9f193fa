"""Which shop a person acts for, and the door to sellers' pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User

from .models import Seller

View = Callable[..., HttpResponseBase]


class SellerRequest(HttpRequest):
    """A request of somebody who may act for `seller`."""

    user: User
    seller: Seller


def of(user: Any) -> Seller | None:
    """The shop this person acts for: an approved one before others, then the oldest."""
    if not user.is_authenticated:
        return None
    mine = list(Seller.objects.acted_for_by(user).order_by("pk"))
    return min(mine, key=lambda seller: (seller.status != Seller.Status.APPROVED, seller.pk), default=None)


def members(seller: Seller) -> list[User]:
    """The people to tell what happens to a shop."""
    return list(User.objects.filter(memberships__seller=seller, is_active=True).order_by("pk"))


def for_seller(view: View | None = None, *, require_approved: bool = False) -> Any:
    """Let in only people with a shop, and give the view `request.seller`.

    Strangers go to sign in, people without a shop to apply for one, and with `require_approved` shops that may not sell
    yet go to see where their application stands.
    """

    def guard(page: View) -> View:
        @functools.wraps(page)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            seller = of(request.user)
            if seller is None:
                return redirect("sell:apply")
            if require_approved and seller.status != Seller.Status.APPROVED:
                return redirect("sell:status")
            request.seller = seller
            return page(request, *args, **kwargs)

        return guarded

    return guard if view is None else guard(view)


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back here afterwards."""
    back = request.get_full_path() if request.method == "GET" else request.path
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': back}, safe='/')}")
