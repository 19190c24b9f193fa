"""The shop window: the same for everybody, a constant number of queries, and nothing unpublished in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import pictures
from catalog.models import Product
from tests import cast
from tests.catalog.test_pictures import encoded, photo

pytestmark = pytest.mark.django_db


def count(client, path):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(queries)


@pytest.mark.parametrize("path", ["/", "/c/", "/c/basketry/", "/search/", "/search/?q=篮", "/p/{slug}/", "/s/{shop}/"])
def test_pages_are_the_same_for_everybody(client, basket, buyer, path):
    path = path.format(slug=basket.product.slug, shop=basket.product.seller.slug)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("public") and answer["ETag"]
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
    client.force_login(buyer)
    assert client.get(path).content == answer.content
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_lists_cost_the_same_for_one_and_for_twenty(client, shop, run_jobs):
    cast.basket(shop)
    paths = {"/": 12, "/c/basketry/": 6, f"/s/{shop.slug}/": 6, "/c/": 6}
    few = {path: count(client, path) for path in paths}
    for n in range(25):
        pictures.add(cast.basket(shop).product, encoded(photo(seed=n)))
    run_jobs()
    many = {path: count(client, path) for path in paths}
    assert all(many[path] <= limit for path, limit in paths.items()), many
    assert {path: few[path] for path in paths} == many or all(many[path] - few[path] <= 1 for path in paths), (
        few,
        many,
    )


def test_a_product_page_costs_eight_at_most(client, shop):
    variant = cast.basket(shop)
    for n in range(6):
        pictures.add(variant.product, encoded(photo(seed=n)))
        cast.basket(shop)
    assert count(client, f"/p/{variant.product.slug}/") <= 8


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_requested", "paused", "suspended", "archived"])
def test_what_is_not_published_is_not_found(client, basket, artisan, status):
    Product.objects.filter(pk=basket.product_id).update(status=status)
    slug = basket.product.slug
    client.force_login(artisan)
    assert client.get(f"/p/{slug}/").status_code == 404
    for path in ("/", "/c/basketry/", f"/s/{basket.product.seller.slug}/", "/search/?q=篮"):
        assert slug not in client.get(path).content.decode()


def test_a_shop_that_is_stopped_is_not_found(client, basket, shop):
    shop.move("suspended")
    assert client.get(f"/s/{shop.slug}/").status_code == 404
    assert client.get(f"/p/{basket.product.slug}/").status_code == 404


def test_the_product_page_sells(client, basket):
    page = client.get(f"/p/{basket.product.slug}/").content.decode()
    assert f'action="/cart/add/{basket.pk}/"' in page and "csrfmiddlewaretoken" not in page
    assert "加入购物车" in page and "立即购买" in page and "进口税费另计" in page
    assert f"/estimate/{basket.pk}/" in page and basket.product.name_zh in page
    answer = client.post(f"/cart/add/{basket.pk}/", {"quantity": 2}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 302


def test_what_is_sold_out_says_so(client, basket):
    basket.on_hand = 0
    basket.save()
    page = client.get(f"/p/{basket.product.slug}/").content.decode()
    assert "无货" in page and "加入购物车" not in page


def test_a_product_without_chinese_is_marked_as_foreign(client, basket):
    Product.objects.update(name_zh="", description_zh="")
    assert '<h1 lang="en">' in client.get(f"/p/{basket.product.slug}/").content.decode()


@pytest.mark.parametrize("language", ["", "en/", "fr/", "rw/"])
def test_every_language_has_the_pages(client, basket, language):
    for path in ("", "c/", "c/basketry/", "search/?q=agaseke", f"p/{basket.product.slug}/"):
        assert client.get(f"/{language}{path}").status_code == 200


@pytest.mark.parametrize("path", ["/", "/c/", "/c/coffee/", "/search/?q=nothing+like+this", "/c/coffee/?page=9"])
def test_empty_pages_offer_a_way_on(client, reference, path):
    assert client.get(path).status_code == 200


def test_pictures_have_their_proportions_and_widths(client, basket, run_jobs):
    picture = pictures.add(basket.product, encoded(photo(1200, 800)), alt_zh="一只篮子", is_illustration=True)
    run_jobs()
    page = client.get(f"/p/{basket.product.slug}/").content.decode()
    picture.refresh_from_db()
    assert picture.alt_zh and f'alt="{picture.alt_zh}"' in page
    assert 'width="1200" height="800"' in page and "1080w" in page and "示意图" in page
    answer = client.get(picture.url(360))
    assert answer["Content-Type"] == "image/webp" and "immutable" in answer["Cache-Control"]
