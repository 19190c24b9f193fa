"""Buyers' pages: home, shelves, search, a product, a shop. The same for everybody, so that caches may keep them."""

from .home import home
from .lists import categories, category, find
from .product import product
from .shop import shop

__all__ = ["categories", "category", "find", "home", "product", "shop"]
