"""Shops that a buyer follows. Following twice follows once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.refusals import Refusal
from sellers.models import Seller

from .models import Follow

MOST = 200


class TooManyFollows(Refusal):
    """Nobody reads the news of so many shops."""

    code = "too_many_follows"
    message = _("You follow 200 shops already. Leave some first.")


def follow(user: User, seller: Seller, *, now: datetime) -> None:
    """Follow a shop. Raises TooManyFollows."""
    if follows(user, seller):
        return
    if Follow.objects.filter(user=user).count() >= MOST:
        raise TooManyFollows
    Follow.objects.get_or_create(user=user, seller=seller, defaults={"at": now})


def unfollow(user: User, seller_id: int) -> None:
    """Leave a shop, open or not."""
    Follow.objects.filter(user=user, seller_id=seller_id).delete()


def follows(user: User, seller: Seller) -> bool:
    """Whether this person follows the shop."""
    return Follow.objects.filter(user=user, seller=seller).exists()


def followers(seller: Seller) -> int:
    """How many people follow the shop."""
    return Follow.objects.filter(seller=seller).count()


def of(user: User) -> QuerySet[Follow]:
    """The shops a person follows, newest first."""
    return Follow.objects.filter(user=user).select_related("seller").order_by("-at", "-pk")
