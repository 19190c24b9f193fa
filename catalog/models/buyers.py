"""What buyers keep: goods they like, shops they follow."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from sellers.models import Seller

from .products import Product


class Favourite(models.Model):
    """A product that a buyer put aside to find again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="favourites")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "product"], name="a_product_is_liked_once")]
        indexes = [models.Index(fields=["user", "-at"], name="favourite_newest_first")]


class Follow(models.Model):
    """A shop whose news a buyer wants to see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="followers")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "seller"], name="a_shop_is_followed_once")]
        indexes = [models.Index(fields=["user", "-at"], name="follow_newest_first")]
