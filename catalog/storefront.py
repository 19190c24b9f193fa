"""Buyers' pages: home, shelves, search, a product, a shop. The same for everybody, so that caches may keep them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from kernel.http import public_page
from sellers.models import Seller

from . import access, cards, places, search
from .models import Category, Product, ProductQuerySet, Variant

A_PAGE = 20
LAST_PAGE = 100
MOST_AT_ONCE = 99
# Among so many of the newest goods we look for the shops to show.
LOOK_BACK = 200
# Words to try where a search found nothing, and above the results. Real words of the goods, no inventions.
TRY = (_("coffee"), _("peace basket"), _("black tea"), _("imigongo"), _("scarf"))


@dataclass(frozen=True)
class Sort:
    """One way to order a list, as the sort line shows it. `hint` says it to those who do not see the arrow."""

    key: str
    name: str | Promise
    hint: str | Promise
    current: bool


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: promises, shelves, what is new, who makes it, and goods to leaf through."""
    page = _page(request, Product.objects.on_sale(), "sales")
    context = {
        "shelves": list(Category.objects.order_by("position", "pk")),
        "page": page,
        "cards": cards.of(page.object_list),
    }
    if page.number == 1:
        context |= {
            "newest": cards.of(Product.objects.on_sale().newest().for_cards()[:8]),
            "makers": _makers(4),
        }
    return render(request, "storefront/catalog/home.html", context)


@public_page
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Every shelf, with a picture of what is on it."""
    shelves = list(Category.objects.order_by("position", "pk"))
    newest = Product.objects.on_sale().order_by("category_id", "-published_at", "-pk").distinct("category_id")
    shown = {product.category_id: product.cover for product in newest.for_cards()}
    tiles = [{"category": shelf, "image": cards.image(shown.get(shelf.pk), 240)} for shelf in shelves]
    return render(request, "storefront/catalog/categories.html", {"tiles": tiles, "section": "categories"})


@public_page
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The goods of one shelf."""
    shelf = get_object_or_404(Category, slug=slug)
    context = _list(request, Product.objects.on_sale().filter(category=shelf)) | {
        "category": shelf,
        "section": "categories",
    }
    return render(request, "storefront/catalog/category.html", context)


@public_page
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The goods that match what was typed; without a word, words to try."""
    query = request.GET.get("q", "")[: 2 * 80].replace("\0", "").strip()
    context: dict[str, Any] = {"query": query[:80], "try": TRY}
    if query:
        context |= _list(request, search.matching(query), query=query)
    if not context.get("cards"):
        context["popular"] = cards.of(search.popular(10).for_cards())
    return render(request, "storefront/catalog/search.html", context)


@public_page
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product: pictures, price, how it is sent, what it is made of and by whom. Unpublished is not found."""
    goods = Product.objects.on_sale().select_related("seller", "category", "hs_code")
    thing = get_object_or_404(goods.prefetch_related("variants", "pictures"), slug=slug)
    variants = sorted(thing.variants.all(), key=lambda variant: variant.pk)
    if not variants:
        raise Http404
    chosen = _chosen(request, variants)
    others = Product.objects.on_sale().filter(category=thing.category).exclude(pk=thing.pk)
    context = {
        "product": thing,
        "pictures": thing.ordered_pictures,
        "share": thing.cover,
        "share_url": urljoin(settings.SITE_URL, thing.cover.url(720)) if thing.cover else "",
        "variants": variants,
        "variant": chosen,
        "sold": sum(variant.sold for variant in variants),
        "size": " × ".join(f"{side / 10:g}" for side in (chosen.length_mm, chosen.width_mm, chosen.height_mm)),
        "most": max(min(chosen.available, MOST_AT_ONCE), 0),
        "lang": cards.foreign(thing),
        "place": places.badge(thing.seller),
        "district": places.district(thing.seller),
        "access": access.may_send(thing),
        "is_food": thing.hs_code is not None and thing.hs_code.article_class == "food",
        "others": cards.of(others.newest().for_cards()[:4]),
        "section": "categories",
    }
    return render(request, "storefront/catalog/product.html", context)


@public_page
@require_safe
def shop(request: HttpRequest, slug: str) -> HttpResponse:
    """A shop: who they are, where, and what they sell."""
    seller = get_object_or_404(Seller.objects.selling(), slug=slug)
    context = _list(request, Product.objects.on_sale().filter(seller=seller)) | {
        "maker": seller,
        "place": places.badge(seller),
    }
    return render(request, "storefront/catalog/shop.html", context)


class Pages(Paginator):
    """Pages of an ordered query, counted without the order and no further than anybody leafs."""

    def __init__(self, ordered: ProductQuerySet, goods: ProductQuerySet) -> None:
        super().__init__(ordered, A_PAGE)
        self.goods = goods

    @cached_property
    def count(self) -> int:
        """How many there are, or the most that are shown."""
        return self.goods.order_by()[: A_PAGE * LAST_PAGE].count()

    @property
    def written(self) -> str:
        """The count for people: `2000+` where it was cut."""
        return f"{self.count}+" if self.count == A_PAGE * LAST_PAGE else str(self.count)


def _list(request: HttpRequest, goods: ProductQuerySet, *, query: str = "") -> dict[str, Any]:
    page = _page(request, goods, _sort(request), query=query)
    return {"page": page, "cards": cards.of(page.object_list), "sorts": _sorts(_sort(request)), "sort": _sort(request)}


def _page(request: HttpRequest, goods: ProductQuerySet, sort: str, *, query: str = "") -> Page[Product]:
    """The page asked for. No number means the first; one beyond the end is an empty page, and never a deep scan."""
    pages = Pages(search.arrange(goods, sort, query=query).for_cards(), goods)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 1
    try:
        return pages.page(min(max(number, 1), LAST_PAGE))
    except EmptyPage:
        return Page([], min(number, LAST_PAGE), pages)


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in search.SORTS else ""


def _sorts(current: str) -> list[Sort]:
    """综合 · 销量 · 价格 · 新品; the price turns over when it is chosen again."""
    price = "-price" if current == "price" else "price"
    upside = {"price": _("from low to high"), "-price": _("from high to low")}
    return [
        Sort("", pgettext_lazy("sort", "Best match"), "", current == ""),
        Sort("sales", pgettext_lazy("sort", "Sales"), "", current == "sales"),
        Sort(price, pgettext_lazy("sort", "Price"), upside.get(current, ""), current in upside),
        Sort("new", pgettext_lazy("sort", "New"), "", current == "new"),
    ]


def _chosen(request: HttpRequest, variants: list[Variant]) -> Variant:
    """The variant in the address, else the first that is in stock."""
    wanted = request.GET.get("v", "")
    for variant in variants:
        if str(variant.pk) == wanted:
            return variant
    return next((variant for variant in variants if variant.available > 0), variants[0])


def _makers(count: int) -> list[dict[str, Any]]:
    """Shops that published last, each with a picture of what it makes."""
    newest = dict[int, int]()
    for pk, seller_id in Product.objects.on_sale().newest().values_list("pk", "seller_id")[:LOOK_BACK]:
        newest.setdefault(seller_id, pk)
    chosen = Product.objects.filter(pk__in=list(newest.values())[:count]).newest().for_cards()
    return [
        {"shop": one.seller, "place": places.district(one.seller), "image": cards.image(one.cover, 160)}
        for one in chosen
    ]
