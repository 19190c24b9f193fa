"""The front page and a shop's page: promises with evidence, picks of the day, makers, and goods to leaf through."""

import gzip
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog import follows, showing
from catalog.models import Maker, Product
from catalog.storefront import trails
from sellers.models import Seller
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop, other_shop):
    """Twenty-five baskets and a bag of coffee, ready for lists."""
    for _n in range(25):
        cast.basket(shop)
    cast.coffee(other_shop)
    for product in Product.objects.all():
        showing.refresh(product_id=product.pk)


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(asked), answer.content.decode()


def test_the_front_page_costs_six_queries_whatever_is_on_sale(client, market, shop):
    Maker.objects.create(seller=shop, name="Mukamana Claudine", craft="weaving", district="Huye")
    asked, page = queries(client, "/")
    assert asked <= 6
    assert len(gzip.compress(page.encode())) <= 9 * 1024
    assert queries(client, "/?page=2")[0] <= 6


def test_each_promise_leads_to_its_evidence(client, market):
    page = client.get("/").content.decode()
    for anchor in ("sellers", "origin", "tax"):
        assert f'href="/about/#{anchor}"' in page
        assert f'id="{anchor}"' in client.get("/about/").content.decode()


def test_the_first_picture_is_large_enough_for_a_chat(client, market):
    first = client.get("/").content.decode().partition("<body")[2].partition("<img ")[2].partition(">")[0]
    assert 'width="1200" height="600"' in first and "lazy" not in first


def test_picks_can_be_had_and_change_by_the_day(client, market):
    from catalog.storefront.home import _picks

    Product.objects.filter(category__slug="coffee").update(in_stock=False)
    days = [[product.pk for product in _picks(date(2026, 12, day))] for day in (1, 1, 2)]
    assert days[0] == days[1] != days[2] and len(days[0]) == 8
    assert not Product.objects.filter(pk__in=days[0] + days[2], in_stock=False).exists()


def test_a_maker_is_named_with_craft_and_place_and_can_be_followed(client, market, shop):
    Maker.objects.create(seller=shop, name="Mukamana Claudine", craft="weaving", district="Nyanza")
    Seller.objects.filter(pk=shop.pk).update(story_zh="每一只篮子都出自同一双手。", story="Agaseke.")
    page = client.get("/").content.decode()
    assert "Mukamana Claudine" in page and "尼扬扎" in page and "每一只篮子" in page
    assert f'action="/follows/{shop.pk}/"' in page
    foreign = client.get("/en/").content.decode()
    assert 'lang="rw">Agaseke.' in foreign


def test_leafing_on_has_its_own_address(client, market):
    assert 'rel="next" href="?page=2"' in client.get("/").content.decode()
    second = client.get("/?page=2").content.decode()
    assert "今日推荐" not in second and second.count('class="card"') == 6


def test_the_foot_is_complete(client, reference):
    page = client.get("/fr/").content.decode().partition("<footer")[2]
    paths = ["about", "sell", "report", "settings"] + [
        f"legal/{kind}" for kind in ("consumer_notice", "privacy", "terms")
    ]
    for path in paths:
        prefix = "" if path == "sell" else "/fr"
        assert f'href="{prefix}/{path}' in page, path
    assert "Isoko" in page


def test_the_foot_names_who_answers(client, settings):
    settings.OPERATOR_REGISTRATION = "TIN 123456789"
    settings.SUPPORT_EMAIL = "help@example.com"
    page = client.get("/en/about/").content.decode()
    assert "TIN 123456789" in page and "mailto:help@example.com" in page


def test_a_shop_says_who_and_since_when_and_how_many_follow(client, market, shop, buyer, now):
    follows.follow(buyer, shop, now=now)
    Seller.objects.filter(pk=shop.pk).update(story="Turi ababoshyi.", created_at=now)
    asked, page = queries(client, f"/s/{shop.slug}/")
    assert asked <= 6
    assert "<dd>25</dd>" in page and "<dd>1</dd>" in page and "<dd>2026</dd>" in page
    assert 'lang="rw">Turi ababoshyi.' in page and f'data-fragment="/follows/{shop.pk}/"' in page
    assert f"?shop={shop.slug}" in page and "application/ld+json" in page
    assert f'<a href="{reverse("catalog:home")}">' in page and 'aria-current="page">阿巴胡扎编织社' in page


def test_a_shop_page_is_the_same_for_its_followers(client, market, shop, buyer, now):
    before = client.get(f"/s/{shop.slug}/").content
    client.force_login(User.objects.get(pk=buyer.pk))
    assert client.get(f"/s/{shop.slug}/").content == before


def test_a_shelf_says_where_it_stands(client, market):
    page = client.get("/en/c/basketry/").content.decode()
    assert '<a href="/en/c/">Categories</a>' in page and '<span aria-current="page">Baskets</span>' in page
    assert '"@type":"BreadcrumbList"' in page


def test_a_trail_is_absolute_for_machines_and_plain_for_people():
    trail = trails.of(("咖啡", "/c/coffee/"))
    assert trail["trail"] == [("首页", "/"), ("咖啡", "/c/coffee/")]
    assert '"item":"http://127.0.0.1:8000/c/coffee/"' in trail["trail_data"]
