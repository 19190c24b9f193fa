"""How much one order may hold. The same limits guard the cart, the quote and the order itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

MOST_OF_ONE = 99
MOST_LINES = 50


class NotOnSale(Refusal):
    """A product was taken off sale, or its shop is closed."""

    code = "not_on_sale"
    message = _("“%(name)s” is not on sale any more. Please remove it from your cart.")


class BadQuantity(Refusal):
    """A quantity that is not a whole number from 1 to 99."""

    code = "bad_quantity"
    message = _("Choose a whole number from 1 to %(most)s.")
    status = 422

    def __init__(self, **details: Any) -> None:
        super().__init__(**{"most": MOST_OF_ONE, **details})


class TooManyLines(Refusal):
    """More different items than one order may hold."""

    code = "too_many_lines"
    message = _("A cart holds at most %(most)s different items.")
    status = 422

    def __init__(self, **details: Any) -> None:
        super().__init__(**{"most": MOST_LINES, **details})


class NothingToOrder(Refusal):
    """The cart is empty."""

    code = "nothing_to_order"
    message = _("Your cart is empty.")


def check(quantities: Mapping[int, int]) -> None:
    """Judge quantities by variant id. Raises NothingToOrder, TooManyLines or BadQuantity."""
    if not quantities:
        raise NothingToOrder()
    if len(quantities) > MOST_LINES:
        raise TooManyLines()
    for quantity in quantities.values():
        check_quantity(quantity)


def check_quantity(quantity: Any) -> None:
    """Raises BadQuantity for anything but a whole number from 1 to 99."""
    if type(quantity) is not int or not 1 <= quantity <= MOST_OF_ONE:
        raise BadQuantity()
