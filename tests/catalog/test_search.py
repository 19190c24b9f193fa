"""Chinese, pinyin, English and Kinyarwanda find the goods; nonsense finds nothing, fast and politely."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import _goods
from catalog import search, segments, showing
from catalog.models import Category, Product, Variant
from sellers.models import Seller
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    """The thirty-nine goods, all published and indexed."""
    return {product.slug: product for product in _goods.stock(timezone.now())}


def slugs(query, **options):
    return list(search.find(query, **options).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("和平篮", "agaseke-classic-24"),
        ("艾格塞凯", "agaseke-"),
        ("伊米贡戈", "imigongo-"),
        ("水洗咖啡", "coffee-"),
        ("挂耳", "coffee-drip-bags-10"),
        ("绿茶", "tea-green-nyamasheke-100"),
        ("小米椒", "chilli-"),
        ("夏威夷果", "macadamia-roasted-200"),
        ("大猩猩", "gorilla-carving-15"),
        ("項鏈", "necklace-paper-bead"),
        ("紅茶", "tea-"),
        ("ＣＯＦＦＥＥ", "coffee-"),
        ("coffee", "coffee-"),
        ("Agaseke", "agaseke-"),
        ("umukeka", "papyrus-mat-90x180"),
        ("ikawa", "coffee-"),
        ("hepinglan", "agaseke-classic-24"),
        ("hpl", "agaseke-classic-24"),
        ("kafei", "coffee-"),
        ("imigonggo", "imigongo-"),
        ("macadmia", "macadamia-roasted-200"),
        ("écharpe", "kitenge-scarf"),
        ("Huye", "coffee-huye"),
    ],
)
def test_what_buyers_type_finds_the_goods(shelf, query, first):
    found = slugs(query)
    assert found and found[0].startswith(first), found[:3]


def test_a_basket_by_any_name(shelf):
    for query in ("篮子", "编织篮", "篮筐"):
        assert {"agaseke-classic-24", "agaseke-petite-18"} <= set(slugs(query)), query


def test_names_weigh_more_than_descriptions(shelf):
    assert slugs("蜂蜜")[0].startswith("honey-")


def test_if_nothing_has_every_word_some_will_do(shelf):
    assert "gorilla-carving-15" in slugs("紫色木雕大猩猩")


def test_sorting(shelf):
    prices = [search.find("咖啡", sort=sort).values_list("price_from_minor", flat=True) for sort in ("price", "-price")]
    assert list(prices[0]) == sorted(prices[0]) and list(prices[1]) == sorted(prices[1], reverse=True)
    Variant.objects.filter(product__slug="tea-green-nyamasheke-100").update(sold=9)
    showing.count_sales(now=timezone.now())
    assert slugs("茶", sort="sales")[0] == "tea-green-nyamasheke-100"
    assert set(slugs("茶", sort=";drop table")) == set(slugs("茶"))


def test_a_product_with_several_variants_is_listed_once(shelf):
    tea = Product.objects.get(slug="tea-green-nyamasheke-100")
    for number, price in enumerate((1, 500, 500, 99_999)):
        Variant.objects.create(
            product=tea, sku=f"T{number}", receive_rwf_minor=9, price_minor=price, weight_g=9, length_mm=9, width_mm=9,
            height_mm=9, sold=3,
        )  # fmt: skip
    showing.refresh(product_id=tea.pk)
    for sort in search.SORTS:
        assert slugs("茶", sort=sort).count(tea.slug) == 1, sort
    assert slugs("茶", sort="price")[0] == tea.slug == slugs("茶", sort="sales")[0]


def test_one_shelf_only(shelf):
    tea = Category.objects.get(slug="tea")
    assert all(slug.startswith("tea-") for slug in slugs("卢旺达", category=tea))
    assert len(slugs("", category=tea)) == 4


def test_what_is_not_on_sale_is_not_found(shelf):
    Product.objects.filter(slug="gorilla-carving-15").update(status=Product.Status.DRAFT)
    assert "gorilla-carving-15" not in slugs("大猩猩") + slugs("gorilla") + slugs("")
    for shop in Seller.objects.all():
        shop.move("suspended")
    assert slugs("咖啡") == []


HOSTILE = [
    "'", '"', "%", "_", "\\", ":*", "&|!()", "' OR 1=1--", "咖啡" * 5000, "   ", "😀🎉", "\0", "咖啡\0",
    "咖啡和茶和蜂蜜和编织篮子还有伊米贡戈画", "coffee 咖啡 ikawa", "<script>alert(1)</script>", "{{7*7}}", "${x}",
    "javascript:alert(1)", "(a+)+$" * 20, "a" * 10_000, "'" * 500, "\u202e咖啡", "!咖啡", "咖啡 | 茶", "-1", "1e999",
]  # fmt: skip


@pytest.mark.parametrize("sort", ["", "price", "sales", "rated"])
def test_hostile_queries_are_answered_fast(shelf, client, sort):
    segments.segmenter(), client.get("/search/")  # the dictionary and the templates are read once
    for query in HOSTILE:
        best = 9.0
        for _try in range(3):  # the machine may be busy with something else
            began = time.perf_counter()
            answer = client.get("/search/", {"q": query, "sort": sort})
            assert answer.status_code == 200, query
            best = min(best, time.perf_counter() - began)
            if best < 0.5:
                break
        assert best < 0.5, query
        assert b"<script>alert" not in answer.content


def test_hostile_pages_are_empty_or_the_first(shelf, client):
    for page in ("0", "-1", "x", "999999", "1e9", "9" * 400, "٣"):
        for answer in (client.get("/search/", {"q": "咖啡", "page": page}), client.get("/c/coffee/", {"page": page})):
            assert answer.status_code == 200, page
            assert answer.context["page"].number == (100 if page == "999999" else 1)
            assert bool(answer.context["cards"]) == (page != "999999")


def test_an_order_that_is_not_offered_is_a_bad_request(shelf, client):
    for path in ("/search/?q=咖啡&sort=;drop", "/c/coffee/?sort=%00", "/search/filters/?sort=name"):
        assert client.get(path).status_code == 400, path


def test_a_search_reads_the_index(shelf):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = search.matching("和平篮", Product.objects.all()).explain()
    assert "product_search_tokens" in plan


def test_pinyin_and_slips_read_the_index(shelf):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "product_search_tokens" in search.matching("hepinglan", Product.objects.all()).explain()
        cursor.execute("EXPLAIN SELECT 1 FROM catalog_product WHERE 'daxingxin' <% search_pinyin")
        assert "product_search_typed" in str(cursor.fetchall())


def test_a_search_costs_the_same_however_much_it_finds(shelf, client):
    counts = []
    for query in ("大猩猩", "咖啡", "卢旺达"):
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": query})
        counts.append(len(queries))
    assert len(set(counts)) == 1 and counts[0] <= 6, counts


def test_words_are_folded():
    assert segments.fold("ＣＡＦÉ 盧旺達") == "cafe 卢旺达"
    assert segments.asked("卢旺达的和平篮") == ["卢旺达", "和平篮"]
    assert "hpl" in segments.typed("和平篮").split()
    assert segments.query("' OR 1=1-- \0 😀 %_:*") == "or 1 1"
    assert len(segments.query("咖" * 10_000)) == 80


def test_the_index_is_made_by_a_worker_and_again_when_asked(shop, run_jobs):
    variant = cast.basket(shop)
    assert slugs("和平篮") == []
    assert search.index_all() == 1
    assert slugs("和平篮") == [variant.product.slug]
    search.index(product_id=0)
