"""Filters narrow a list, say how many goods each choice would show, and are kept in the address."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from catalog import filters, search, vocabulary
from catalog.models import Category, Product
from tests import cast

pytestmark = pytest.mark.django_db

MARKED = {
    "red": ["district:huye", "colour:red", "material:sisal"],
    "natural": ["district:huye", "colour:natural", "material:sisal"],
    "both": ["district:musanze", "colour:red", "colour:natural", "material:sweetgrass"],
    "plain": ["district:musanze"],
}


@pytest.fixture
def marked(shop):
    """Four baskets that differ in their marks, at 10, 20, 30 and 40 yuan."""
    found = {}
    for place, (name, marks) in enumerate(MARKED.items(), 1):
        product = cast.basket(shop).product
        Product.objects.filter(pk=product.pk).update(
            slug=name, marks=marks, product_type="peace-basket", price_from_minor=place * 1000, in_stock=name != "plain"
        )
        search.index_now(product)
        found[name] = product
    return found


def chosen(address: str) -> filters.Filters:
    return filters.read(QueryDict(address))


def passing(address: str) -> set[str]:
    return set(filters.apply(Product.objects.on_sale(), chosen(address)).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("address", "slugs"),
    [
        ("", {"red", "natural", "both", "plain"}),
        ("colour=red", {"red", "both"}),
        ("colour=red&colour=natural", {"red", "natural", "both"}),
        ("colour=red&material=sisal", {"red"}),
        ("place=musanze", {"both", "plain"}),
        ("place=musanze&colour=red", {"both"}),
        ("type=peace-basket&low=15&high=30", {"natural", "both"}),
        ("low=40", {"plain"}),
        ("high=10.00", {"red"}),
        ("low=１５&high=¥20", {"natural"}),
        ("stock=ready", {"red", "natural", "both"}),
        ("stock=order", set()),
        ("route=post", {"red", "natural", "both", "plain"}),
        ("rating=4", set()),
        ("category=basketry", {"red", "natural", "both", "plain"}),
        ("category=no-such-shelf", set()),
        ("colour=&low=", {"red", "natural", "both", "plain"}),
    ],
)
def test_any_value_of_a_filter_and_all_filters(marked, address, slugs):
    assert passing(address) == slugs


def test_a_rating_counts_from_five_reviews_on(marked):
    Product.objects.filter(slug="red").update(rating_sum=22, rating_count=5)
    Product.objects.filter(slug="natural").update(rating_sum=20, rating_count=4)
    Product.objects.filter(slug="both").update(rating_sum=23, rating_count=5)
    assert passing("rating=4") == {"red", "both"} and passing("rating=4.5") == {"both"}


def test_counts_are_of_what_a_choice_would_show(marked):
    goods = Product.objects.on_sale()
    counted = filters.count(goods, chosen("colour=red&place=huye"))
    assert counted.total == 1 and not counted.is_cut
    # Its own facet is not narrowed by itself: who adds Musanze gets one more red basket.
    assert counted.values["place"] == {"huye": 1, "musanze": 1}
    assert counted.values["colour"] == {"red": 1, "natural": 1}
    # All others are narrowed by what is chosen.
    assert counted.values["material"] == {"sisal": 1} and counted.values["category"] == {"basketry": 1}
    for slug, values in filters.count(goods, chosen("")).values.items():
        for value, count in values.items():
            assert len(passing(f"{slug}={value}")) == count, (slug, value)


def test_counting_stops_and_says_so(marked, monkeypatch, client):
    monkeypatch.setattr(filters, "MOST_COUNTED", 3)
    counted = filters.count(Product.objects.on_sale(), chosen(""))
    assert counted.total == 3 and counted.is_cut
    assert "3+" in client.get("/c/basketry/filters/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "colour=octarine",
        "place=Huye",
        "type='%20OR%201=1--",
        "rating=5",
        "rating=4&rating=4.5",
        "category=a%20b",
        "material=" + "x" * 10_000,
        "colour=%00",
        "&".join(f"category=c{n}" for n in range(500)),
        "stock=ready&stock=__proto__",
    ],
)
def test_what_was_not_offered_is_a_bad_request(marked, client, address):
    with pytest.raises(BadRequest):
        chosen(address)
    for path in ("/search/", "/search/filters/", "/c/basketry/", "/c/basketry/filters/"):
        assert client.get(f"{path}?q=篮子&{address}").status_code == 400, path


def test_words_that_are_no_filters_are_left_alone(marked):
    assert not chosen("from=timeline&isappinstalled=0&password=x&user__password__startswith=a&_connector=OR")


@pytest.mark.parametrize("address", ["low=abc", "low=50&high=20", "high=-1", "low=1e9", "high=" + "9" * 20, "low=1;2"])
def test_a_price_that_is_no_range_is_asked_again(marked, client, address):
    assert chosen(address).bad_price
    for path in ("/search/?q=篮子&", "/c/basketry/?"):
        answer = client.get(f"{path}{address}")
        page = answer.content.decode()
        assert answer.status_code == 422 and "请输入正确范围" in page and 'aria-invalid="true"' in page


def test_what_was_typed_is_kept(client, marked):
    page = client.get("/c/basketry/?low=50&high=20&colour=red").content.decode()
    assert 'name="low" value="50"' in page and 'name="high" value="20"' in page
    assert re.search(r'value="red" checked', page)


def test_a_list_shows_its_filters_as_chips_that_take_them_off(client, marked):
    page = client.get("/c/basketry/?colour=red&colour=natural&low=10&high=30&sort=price&page=1").content.decode()
    chips = dict(re.findall(r'class="chip-x" href="([^"]*)"><span[^>]*>[^<]*</span>([^<]*)<', page))
    assert chips == {
        "?colour=natural&amp;low=10&amp;high=30&amp;sort=price": "红色",
        "?colour=red&amp;low=10&amp;high=30&amp;sort=price": "原色",
        "?colour=red&amp;colour=natural&amp;sort=price": "¥10–30",
    }
    assert "noindex" in client.get("/search/?q=篮子&colour=red").content.decode()


def test_the_sheet_is_a_page_and_a_fragment(client, marked):
    page = client.get("/search/filters/?q=篮&colour=red&sort=price")
    text = page.content.decode()
    assert text.startswith("<!doctype html>") and '<form action="/search/" method="get">' in text
    assert 'name="sort" value="price"' in text and "重置" in text and "确定(2件)" in text
    piece = client.get("/search/filters/?q=篮&colour=red", headers={"HX-Request": "true"}).content.decode()
    assert piece.startswith("<section") and "<html" not in piece
    assert "HX-Request" in page["Vary"]


def test_a_facet_without_a_choice_is_not_shown(client, marked):
    page = client.get("/c/basketry/filters/").content.decode()
    assert 'name="colour"' in page and 'name="place"' in page
    assert 'name="roast"' not in page and 'name="rating"' not in page and 'name="category"' not in page


def test_filters_without_words_list_goods(client, marked):
    assert len(client.get("/search/?colour=red").context["cards"]) == 2
    page = client.get("/c/basketry/?colour=red&place=huye&low=39").content.decode()
    assert "抱歉，未找到相关商品" in page and 'href="/c/basketry/"' in page


@pytest.mark.parametrize("number", [3, 60])
def test_lists_cost_six_queries_at_most(client, shop, number):
    for _n in range(number):
        cast.basket(shop)
    Product.objects.update(product_type="peace-basket", marks=["colour:red"])
    search.index_all()
    queries_of = (
        "",
        "篮",
        "篮&colour=red",
        "红色 大 篮子 卢旺达 无",
        "baskte",
        "xyzzyx",
        "xyzzyx zyxxyz",
        "篮&sort=rated&page=2",
    )
    for path in ("/c/", "/c/basketry/", "/c/basketry/?colour=red&sort=price", *(f"/search/?q={q}" for q in queries_of)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= 6, (path, [query["sql"][:120] for query in queries])


def test_kinds_that_have_goods_are_tiles(client, marked):
    page = client.get("/c/basketry/").content.decode()
    assert 'href="?type=peace-basket"' in page and "<h1>编织篮</h1>" in page
    assert '<a href="/c/basketry/" aria-current="page">' in page and '<a href="/c/coffee/">' in page
    assert "?type=" not in client.get("/c/coffee/").content.decode()
    assert len(client.get("/c/basketry/?type=peace-basket").context["cards"]) == 4


def test_every_term_of_a_filter_has_a_mark_that_finds_it(reference, shop):
    """What `facts.marks` writes is what a facet asks for."""
    for facet in filters.facets().values():
        if facet.mark and facet.mark != "district":
            assert set(facet.values) == set(vocabulary.terms(facet.slug))
    assert Category.objects.count() and filters.read(QueryDict("low=1")).low == Decimal(1)
