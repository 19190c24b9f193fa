"""List, product and search page on a real web server, as ratios to a bare floor on the same server in the same run.

The floor is Django without middleware on the same rows (`_floor.py`). "Uncached" pages are made for each reader, with
the page cache switched off; "kept" ones come from it. Higher is better: 1.00 is as fast as the floor.

    ./run bench pages
"""

from __future__ import annotations

import http.client

from catalog.models import Category, Product
from marketplace.local import ports

from . import _servers, _setting
from ._servers import Server, compare

PRODUCTS = 480
QUERY = "/search/?q=basket"


def main() -> None:
    """Fill a house, start three servers on it, and compare."""
    goods = _setting.house(PRODUCTS)
    for position in range(Category.objects.count(), 20):
        Category.objects.create(slug=f"shelf-{position}", position=position, name_zh="架", name_en="Shelf")
    product = goods[0].product
    shelf, page = f"/c/{product.category.slug}/", f"/p/{product.slug}/"
    made = Server("uncached", PAGE_CACHE_SECONDS="0")
    kept = Server("kept", PAGE_CACHE_SECONDS="60")
    floor = Server("floor", settings="bench._floor_settings")
    print(f"{Product.objects.count()} products; answers a second, medians of 5 rounds, ours and floor in turn")
    with _servers.running(made, kept, floor):
        for path in (shelf, page, QUERY):
            plain, packed = size(made, path) / 1000, size(made, path, "br") / 1000
            print(f"  {path:<24} {plain:.1f} kB as it is, {packed:.1f} kB packed")
        compare("list page, uncached", (made, shelf), (floor, shelf))
        compare("product page, uncached", (made, page), (floor, page))
        # No such variant, so the page is the same; but it has to be drawn, where one drawn before is remembered.
        compare("product page, never drawn before", (made, page + "?v=0{n}"), (floor, page))
        compare("search page, uncached", (made, QUERY), (floor, QUERY))
        compare("list page, kept", (kept, shelf), (floor, shelf), times=600)
        compare("product page, kept, to list floor", (kept, page), (floor, shelf), times=600)
        compare("search page, kept, to list floor", (kept, QUERY), (floor, shelf), times=600)


def size(server: Server, path: str, coding: str = "identity") -> int:
    """Bytes of a page's HTML as it travels."""
    line = http.client.HTTPConnection(ports.HOST, server.port, timeout=10)
    line.request("GET", path, headers={"Accept-Encoding": coding})
    return len(line.getresponse().read())


if __name__ == "__main__":
    main()
