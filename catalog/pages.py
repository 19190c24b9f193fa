"""What public pages about goods are made of, for the page cache: a page's own names, and whoever changes them."""

from __future__ import annotations

from django.http import HttpRequest

from kernel import pagecache
from sellers.models import SHOPS, shop_page

# All that lists show: which goods there are, and each one's card.
GOODS = "goods"


def of_product(product_id: int) -> str:
    """A product: its facts, texts, pictures, prices, stock and reviews."""
    return f"product:{product_id}"


def touch(product_id: int) -> None:
    """Have a product's own page made anew once this transaction commits."""
    pagecache.touch(of_product(product_id))


def touch_lists(product_id: int) -> None:
    """Have its page and every list of goods made anew once this transaction commits."""
    pagecache.touch(GOODS, of_product(product_id))


def shows_lists(request: HttpRequest) -> None:
    """Say that the page of this request shows goods of any shop, or counts them."""
    pagecache.depends_on(request, GOODS, SHOPS)


def shows_product(request: HttpRequest, product_id: int, seller_id: int) -> None:
    """Say that the page of this request shows one product and who sells it."""
    pagecache.depends_on(request, of_product(product_id), shop_page(seller_id))
