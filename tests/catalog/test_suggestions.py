"""While somebody types: kinds, shelves, terms, shops and popular words, and never what is not on sale."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog import popular, search, showing, suggestions
from catalog.models import Product, SearchWord
from catalog.suggestions import suggest
from tests import cast

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def basket(shop):
    """A peace basket of sisal from Huye, on sale and indexed."""
    product = cast.basket(shop).product
    facts = {"material": ["sisal"], "colour": "red"}
    Product.objects.filter(pk=product.pk).update(product_type="peace-basket", facts=facts, slug="one-basket")
    showing.refresh(product_id=product.pk)
    search.index_now(product)
    return product


def texts(typed: str, language: str = "zh-hans") -> list[str]:
    return [suggestion.text for suggestion in suggest(typed, language, now=NOW)]


@pytest.mark.parametrize(
    ("language", "typed", "wanted"),
    [
        *(("zh-hans", "和", "和平篮"), ("zh-hans", "和平", "和平篮"), ("zh-hans", "hep", "和平篮")),
        *(("zh-hans", "hpl", "和平篮"), ("zh-hans", "agas", "和平篮"), ("zh-hans", "jian", "剑麻")),
        *(("zh-hans", "劍", "剑麻"), ("zh-hans", "胡", "胡耶"), ("zh-hans", "阿巴", "阿巴胡扎编织社")),
        *(("en", "ＳＩＳ", "sisal"), ("en", "bask", "Baskets"), ("en", "peace", "Agaseke peace basket")),
        *(
            ("en", "hu", "Huye"),
            ("en", "abahu", "Abahuza Basketry"),
            ("rw", "udu", "Uduseke"),
            ("fr", "vann", "Vannerie"),
        ),
    ],
)
def test_what_may_be_typed_is_suggested(basket, language, typed, wanted):
    assert wanted in texts(typed, language)


def test_a_suggestion_leads_somewhere(basket, client):
    for typed in ("hpl", "编", "剑", "阿巴", "胡"):
        for suggestion in suggest(typed, "zh-hans", now=NOW):
            answer = client.get(suggestion.url)
            assert answer.status_code == 200 and "one-basket" in answer.content.decode(), suggestion


@pytest.mark.parametrize(
    "typed", ["咖", "coff", "vanilla", "大猩猩", "", "   ", "%", "_", "\0", "'", "😀", "x" * 10_000]
)
def test_what_has_no_goods_is_not_suggested(basket, typed):
    assert texts(typed) == [] and texts(typed, "en") == []


@pytest.mark.parametrize("hide", ["draft", "paused", "suspended", "archived"])
def test_what_is_hidden_is_not_suggested(basket, hide):
    SearchWord.objects.create(word="和平篮", language="zh", day=NOW.date(), times=9)
    assert "和平篮" in texts("和")
    Product.objects.filter(pk=basket.pk).update(status=hide)
    assert [texts(typed) for typed in ("和", "hpl", "剑", "编", "阿巴", "胡")] == [[]] * 6


def test_a_stopped_shop_is_not_suggested(basket, shop):
    shop.move("suspended")
    assert texts("abahuza", "en") == [] and texts("和") == []


def test_words_of_others_go_first(basket):
    SearchWord.objects.create(word="和平篮 红色", language="zh", day=NOW.date(), times=popular.ENOUGH)
    SearchWord.objects.create(word="和平", language="zh", day=NOW.date(), times=popular.ENOUGH - 1)
    SearchWord.objects.create(word="和平篮 24", language="en", day=NOW.date(), times=99)
    assert texts("和平")[0] == "和平篮 红色" and "和平" not in texts("和平") and "和平篮 24" not in texts("和平")


def test_the_page_gives_links_or_json(basket, client):
    page = client.get("/search/suggest/?q=hpl")
    assert page["Cache-Control"].startswith("public") and not page.cookies
    assert '<a href="/c/basketry/?type=peace-basket">' in page.content.decode()
    answer = client.get("/en/search/suggest/?q=peace&format=json").json()
    first = {"text": "Agaseke peace basket", "kind": "kind", "url": "/en/c/basketry/?type=peace-basket"}
    assert answer["suggestions"][0] == first
    assert client.get("/search/suggest/?format=json").json() == {"suggestions": []}


def test_a_suggestion_costs_three_queries(basket, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert suggest("和", "zh-hans", now=NOW)
    assert len(suggest("a", "en", now=NOW)) <= suggestions.MOST


def searched(client, query: str, **more: str) -> None:
    assert client.get("/search/", {"q": query, **more}).status_code == 200


def counted() -> dict[str, int]:
    return dict(SearchWord.objects.values_list("word", "times"))


def test_a_word_that_found_something_is_counted(basket, client):
    searched(client, "和平籃")
    assert counted() == {"和平篮": 1} and SearchWord.objects.get().language == "zh"
    client.get("/en/search/", {"q": "Agaseke"})
    assert counted() == {"和平篮": 1, "agaseke": 1}


def test_a_word_is_counted_once_a_minute(basket):
    for seconds in (0, 10, 59, 61, 100, 130):
        popular.count("和平篮", "zh-hans", now=NOW + timedelta(seconds=seconds))
    assert counted() == {"和平篮": 3}


def test_what_found_nothing_or_may_be_somebodys_is_not_counted(basket, client):
    for query in ("咖啡机", "13812341234", "330106199001011234", "a" * 30, "😀", "baskte"):
        searched(client, query)
    searched(client, "和平篮", sort="price")
    searched(client, "和平篮", page="2")
    searched(client, "和平篮", colour="red")
    client.head("/search/", {"q": "和平篮"})
    assert counted() == {}
    searched(client, "和平篮 24厘米")
    assert len(counted()) == 1


def test_popular_words_are_those_looked_for_enough_then_what_sells(basket):
    assert "和平篮" in popular.words("zh-hans", now=NOW)
    SearchWord.objects.create(word="剑麻", language="zh", day=NOW.date() - timedelta(days=3), times=2)
    SearchWord.objects.create(word="剑麻", language="zh", day=NOW.date(), times=3)
    SearchWord.objects.create(word="很少", language="zh", day=NOW.date(), times=4)
    words = popular.words("zh-hans", now=NOW)
    assert words[0] == "剑麻" and "很少" not in words and len(words) <= popular.MOST
    assert "剑麻" not in popular.words("en", now=NOW)


def test_counts_are_forgotten_after_thirty_days(basket):
    for days in (0, 29, 30, 31):
        SearchWord.objects.create(word="剑麻", language="zh", day=NOW.date() - timedelta(days=days), times=9)
    popular.forget(now=NOW)
    assert SearchWord.objects.count() == 2
    assert popular.searched("zh", now=NOW + timedelta(days=40)) == []


def test_the_search_page_offers_words_and_a_place_for_history(basket, client):
    page = client.get("/search/").content.decode()
    assert "data-history hidden" in page and "热门搜索" in page and "搜索历史" in page and "和平篮" in page


def test_nothing_found_says_so_and_offers_less(basket, client):
    page = client.get("/search/?q=紫色 xyzzyx").content.decode()
    assert "抱歉，未找到相关商品" in page
    assert 'href="/search/?q=xyzzyx"' in page and "?q=%E7%B4%AB%E8%89%B2" in page


def test_what_was_typed_is_text(basket, client):
    for query in ("<script>alert(1)</script>", "{{7*7}}", "${7*7}", '"><img onerror=alert(1)>', "javascript:alert(1)"):
        page = client.get("/search/", {"q": query, "low": query}).content.decode()
        assert "<script>alert" not in page and "<img onerror" not in page and 'href="javascript:' not in page
