"""Carts: one for each person, and one for a stranger under a signed token until they sign in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog import choosing
from catalog.models import Product, Variant
from kernel.money import Money, total
from kernel.refusals import Refusal
from sellers.models import Seller

from . import limits
from .models import Cart, CartLine

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

COOKIE = "cart"
PICTURE_WIDTH = 240
_SALT = "orders.carts"


class NotInCart(Refusal):
    """The line is not in this cart, or not any more."""

    code = "not_in_cart"
    message = _("This item is not in your cart any more.")
    status = 404


class Problem:
    """Why a line cannot be ordered as it stands."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    SHORT = "short"


@dataclass(frozen=True)
class LineState:
    """A cart line as things are now: today's price, units left, what stands in the way."""

    line: CartLine
    variant: Variant
    quantity: int
    left: int
    price: Money
    seen_price: Money
    problem: str

    @property
    def amount(self) -> Money:
        return self.price * self.quantity

    @property
    def cheaper_by(self) -> Money | None:
        """How much the price fell since the buyer last saw it."""
        return self.seen_price - self.price if self.price < self.seen_price else None

    @property
    def dearer_by(self) -> Money | None:
        return self.price - self.seen_price if self.price > self.seen_price else None

    @property
    def option_text(self) -> str:
        """What was chosen, in the active language."""
        return choosing.said(self.variant.options)

    @property
    def picture(self) -> str:
        """The address of a small picture, or nothing."""
        cover = self.variant.product.cover
        return cover.url(PICTURE_WIDTH) if cover else ""

    @property
    def most(self) -> int:
        """How far the stepper goes up: what is left, but never below what is asked, so that one can step down."""
        return min(max(self.left, self.quantity), limits.MOST_OF_ONE)


@dataclass(frozen=True)
class ShopLines:
    """One shop's lines in a cart."""

    seller: Seller
    lines: list[LineState]

    @property
    def ready(self) -> list[LineState]:
        """The lines that can be ordered as they stand, or with fewer units."""
        return [line for line in self.lines if line.problem in ("", Problem.SHORT)]

    @property
    def goods(self) -> Money:
        """What can be ordered of them, before freight and tax."""
        return total([line.amount for line in self.lines if not line.problem], "CNY")


def of(user: User | AnonymousUser, *, token: str = "") -> Cart:
    """A person's cart, with a stranger's cart of this token merged in; or the stranger's cart itself.

    A cart without lines may be unsaved: looking writes nothing, only `add` does.
    """
    stranger = _by_token(token)
    if not user.is_authenticated:
        return stranger or Cart()
    own = Cart.objects.filter(user=user).first() or Cart(user=user)
    if stranger is None:
        return own
    return merge(stranger, user)


def token(cart: Cart) -> str:
    """What a stranger's browser keeps to find the cart again: its number, signed."""
    return signing.dumps(str(cart.pk), salt=_SALT)


@transaction.atomic
def add(cart: Cart, variant: Variant, *, quantity: int) -> CartLine:
    """Put units into a cart, on top of what is in it. Raises NotOnSale, BadQuantity, TooManyLines."""
    limits.check_quantity(quantity)
    if not Product.objects.on_sale().filter(pk=variant.product_id).exists():
        raise limits.NotOnSale(name=variant.product.name)
    cart = _kept(cart)
    line = cart.lines.filter(variant=variant).first()
    if line is None:
        if cart.lines.count() >= limits.MOST_LINES:
            raise limits.TooManyLines()
        return cart.lines.create(variant=variant, quantity=quantity, seen_price_minor=variant.price_minor)
    limits.check_quantity(line.quantity + quantity)
    line.quantity += quantity
    line.seen_price_minor = variant.price_minor
    line.save(update_fields=["quantity", "seen_price_minor"])
    return line


def set_quantity(cart: Cart, line_id: int, *, quantity: int) -> None:
    """Change a line; its price counts as seen. Raises BadQuantity, or NotInCart for another cart's line."""
    limits.check_quantity(quantity)
    line = CartLine.objects.filter(cart_id=cart.pk, pk=line_id).select_related("variant").first()
    if line is None:
        raise NotInCart()
    line.quantity, line.seen_price_minor = quantity, line.variant.price_minor
    line.save(update_fields=["quantity", "seen_price_minor"])


def remove(cart: Cart, line_id: int) -> None:
    """Take a line out. Raises NotInCart for another cart's line."""
    gone, _by_model = CartLine.objects.filter(cart_id=cart.pk, pk=line_id).delete()
    if not gone:
        raise NotInCart()


def empty(cart: Cart, variant_ids: Iterable[int]) -> None:
    """Take these variants out, since they were ordered."""
    CartLine.objects.filter(cart_id=cart.pk, variant_id__in=list(variant_ids)).delete()


@transaction.atomic
def merge(stranger: Cart, user: User) -> Cart:
    """Move a stranger's lines into the person's cart, summed, at most 99 of one and 50 lines; theirs is gone."""
    own = _kept(Cart.objects.filter(user=user).first() or Cart(user=user))
    theirs = {line.variant_id: line for line in own.lines.all()}
    for line in stranger.lines.order_by("added_at", "pk"):
        kept = theirs.get(line.variant_id)
        if kept is not None:
            kept.quantity = min(kept.quantity + line.quantity, limits.MOST_OF_ONE)
            kept.save(update_fields=["quantity"])
        elif len(theirs) < limits.MOST_LINES:
            line.cart = own
            line.save(update_fields=["cart"])
            theirs[line.variant_id] = line
    stranger.delete()
    return own


def check(cart: Cart) -> list[LineState]:
    """Every line as things are now, by shop, oldest first in each; what cannot be ordered says why. Two queries."""
    lines = (
        CartLine.objects.filter(cart_id=cart.pk)
        .select_related("variant__product__seller")
        .prefetch_related("variant__product__pictures")
        .order_by("variant__product__seller__name", "variant__product__seller_id", "added_at", "pk")
    )
    return [_state(line) for line in lines]


def lines_by_seller(cart: Cart) -> list[ShopLines]:
    """The lines under their shops."""
    shops = groupby(check(cart), key=lambda state: state.variant.product.seller)
    return [ShopLines(seller, list(lines)) for seller, lines in shops]


def wanted(cart: Cart) -> list[tuple[Variant, int]]:
    """What can be ordered now: variants and units, for a quote."""
    return [(state.variant, state.quantity) for state in check(cart) if not state.problem]


def count(cart: Cart) -> int:
    """How many different items are in it."""
    return CartLine.objects.filter(cart_id=cart.pk).count()


def _state(line: CartLine) -> LineState:
    variant = line.variant
    left = max(variant.available, 0)
    return LineState(
        line=line,
        variant=variant,
        quantity=line.quantity,
        left=left,
        price=variant.price,
        seen_price=Money(line.seen_price_minor, "CNY"),
        problem=_problem(variant.product, line.quantity, left),
    )


def _problem(product: Product, quantity: int, left: int) -> str:
    on_sale = product.status == Product.Status.PUBLISHED and product.seller.status == Seller.Status.APPROVED
    if not on_sale:
        return Problem.GONE
    if left == 0:
        return Problem.SOLD_OUT
    return Problem.SHORT if quantity > left else ""


def _by_token(token: str) -> Cart | None:
    try:
        number: Any = uuid.UUID(signing.loads(token, salt=_SALT)) if token else None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    return Cart.objects.filter(pk=number, user=None).first() if number else None


def _kept(cart: Cart) -> Cart:
    """The cart as a locked row; two first additions of one person at once end in the same cart."""
    if cart._state.adding:
        try:
            with transaction.atomic():
                cart.save(force_insert=True)
        except IntegrityError:
            cart = Cart.objects.get(user=cart.user)
    kept = Cart.objects.select_for_update().get(pk=cart.pk)
    kept.touched_at = timezone.now()
    kept.save(update_fields=["touched_at"])
    return kept
