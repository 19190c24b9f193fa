"""What is sold: shelves and tariff lines, products with their facts and variants, stock, pictures, texts, prices."""

from .buyers import Favourite, Follow
from .languages import LANGUAGES, in_language
from .makers import Batch, Maker
from .pictures import Picture
from .prices import ExchangeRate, PriceRule
from .products import Product, ProductQuerySet, Variant
from .searches import SearchWord
from .shelves import Category, HsCode
from .stock import Reservation, StockMovement
from .texts import ProductText

__all__ = [
    "LANGUAGES",
    "Batch",
    "Category",
    "ExchangeRate",
    "Favourite",
    "Follow",
    "HsCode",
    "Maker",
    "Picture",
    "PriceRule",
    "Product",
    "ProductQuerySet",
    "ProductText",
    "Reservation",
    "SearchWord",
    "StockMovement",
    "Variant",
    "in_language",
]
