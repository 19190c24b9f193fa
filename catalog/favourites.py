"""Favourites: goods that a buyer put aside to find again. Liking twice likes once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.refusals import Refusal

from .models import Favourite, Product

MOST = 500


class TooManyFavourites(Refusal):
    """Somebody who keeps everything finds nothing again, and a row costs us one each."""

    code = "too_many_favourites"
    message = _("You keep 500 favourites already. Remove some first.")


def like(user: User, product: Product, *, now: datetime) -> None:
    """Keep a product for a person. Raises TooManyFavourites."""
    if likes(user, product):
        return
    if Favourite.objects.filter(user=user).count() >= MOST:
        raise TooManyFavourites
    Favourite.objects.get_or_create(user=user, product=product, defaults={"at": now})


def unlike(user: User, product_id: int) -> None:
    """Let go of a product, on sale or not."""
    Favourite.objects.filter(user=user, product_id=product_id).delete()


def likes(user: User, product: Product) -> bool:
    """Whether this person keeps the product."""
    return Favourite.objects.filter(user=user, product=product).exists()


def of(user: User) -> QuerySet[Favourite]:
    """What a person keeps, newest first."""
    return Favourite.objects.filter(user=user).order_by("-at", "-pk")
