"""What buyers put in a cart, and the promises it becomes: orders, consignments, lines, parcels, taxes, reviews."""

from .carts import Cart, CartLine
from .lines import OrderLine, PlannedParcel, TaxLine
from .orders import Consignment, ConsignmentQuerySet, Order, OrderQuerySet
from .reviews import GOOD, Review, ReviewQuerySet

__all__ = [
    "GOOD",
    "Cart",
    "CartLine",
    "Consignment",
    "ConsignmentQuerySet",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "PlannedParcel",
    "Review",
    "ReviewQuerySet",
    "TaxLine",
]
