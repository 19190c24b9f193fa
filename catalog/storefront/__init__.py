"""Buyers' pages: home, shelves, search, a product, its origin, a shop, the same for all; and what one buyer keeps."""

from .home import home
from .kept import favourite, favourites_list, follow, follows_list, seen, seen_cards, wish
from .lists import categories, category, find
from .narrowing import category_filters, search_filters
from .origin import origin, origin_qr
from .product import product
from .reporting import report
from .shop import shop
from .suggesting import suggest

__all__ = [
    "categories",
    "category",
    "category_filters",
    "favourite",
    "favourites_list",
    "find",
    "follow",
    "follows_list",
    "home",
    "origin",
    "origin_qr",
    "product",
    "report",
    "search_filters",
    "seen",
    "seen_cards",
    "shop",
    "suggest",
    "wish",
]
