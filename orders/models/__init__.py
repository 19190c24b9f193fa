"""What buyers put in a cart, and the promises it becomes: orders, consignments, lines, parcels, taxes."""

from .carts import Cart, CartLine
from .lines import OrderLine, PlannedParcel, TaxLine
from .orders import Consignment, ConsignmentQuerySet, Order, OrderQuerySet

__all__ = [
    "Cart",
    "CartLine",
    "Consignment",
    "ConsignmentQuerySet",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "PlannedParcel",
    "TaxLine",
]
