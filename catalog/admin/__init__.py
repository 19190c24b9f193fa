"""Staff's pages of the catalogue, by noun."""

from . import prices, products, shelves, texts

__all__ = ["prices", "products", "shelves", "texts"]
