"""The floor that pages are measured against: Django without middleware, indexed queries, cached templates.

It shows the same products as the shop does, as cards with a title, a price and a picture, and nothing else: no cache
headers, no translation, no price rules, no frame. What the shop takes longer than this is what its features cost.
"""

from django.contrib.postgres.search import SearchQuery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from catalog.models import Category, Picture, Product


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Twenty shelves, twenty-four products of one of them, their pictures: three queries."""
    shelves = list(Category.objects.order_by("position")[:20])
    products = list(Product.objects.filter(category__slug=slug, status="published").order_by("-published_at")[:24])
    return render(request, "floor_list.html", {"shelves": shelves, "cards": _cards(products)})


def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One product, its pictures, six others: three queries."""
    product = Product.objects.get(slug=slug)
    pictures = list(Picture.objects.filter(product=product))
    related = list(Product.objects.filter(category_id=product.category_id, status="published")[:6])
    return render(request, "floor_detail.html", {"product": product, "pictures": pictures, "related": related})


def search(request: HttpRequest) -> HttpResponse:
    """One full-text query, twenty-four products, their pictures."""
    words = SearchQuery(request.GET.get("q", ""), config="simple")
    products = list(Product.objects.filter(search_tokens=words, status="published").order_by("-published_at")[:24])
    return render(request, "floor_list.html", {"shelves": [], "cards": _cards(products)})


def _cards(products: list[Product]) -> list[tuple[Product, Picture | None]]:
    pictures = {picture.product_id: picture for picture in Picture.objects.filter(product__in=products)}
    return [(product, pictures.get(product.pk)) for product in products]


urlpatterns = [path("c/<slug:slug>/", listing), path("p/<slug:slug>/", detail), path("search/", search)]
