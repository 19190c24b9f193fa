"""The frame of every buyers' page: its address for search engines, its card in a chat, its languages, its text size."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def canonical(page):
    found = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
    return found[0].replace("&amp;", "&") if len(found) == 1 else found


@pytest.mark.parametrize(
    ("path", "its_own"),
    [
        ("/", "/"),
        ("/?from=timeline&isappinstalled=0&utm_source=x&gclid=1", "/"),
        ("/en/?page=2", "/en/?page=2"),
        ("/en/?page=2&from=timeline", "/en/?page=2"),
        ("/?page=1", "/"),
        ("/?page=x", "/"),
        (f"/?page={'9' * 5000}", "/"),
        ("/c/basketry/?sort=price", "/c/basketry/"),
        ("/c/basketry/?sort=price&page=3", "/c/basketry/"),
        ("/c/basketry/?page=3", "/c/basketry/?page=3"),
        ("/fr/legal/terms/", "/fr/legal/terms/"),
    ],
)
def test_each_page_has_one_address_for_search_engines(client, reference, path, its_own):
    page = client.get(path).content.decode()
    assert canonical(page) == SITE + its_own
    bare = re.sub(r"^/(en|fr)/", "/", its_own)
    for tag, prefix in (("zh-Hans", ""), ("en", "/en"), ("fr", "/fr"), ("rw", "/rw"), ("x-default", "/en")):
        assert f'hreflang="{tag}" href="{SITE}{prefix}{bare}"' in page


def test_private_pages_are_not_for_search_engines(client, buyer):
    client.force_login(buyer)
    page = client.get("/me/").content.decode()
    assert "noindex" in page and canonical(page) == []


def test_a_shared_page_has_a_card(client, basket):
    for path in ("/", "/en/c/", f"/p/{basket.product.slug}/", f"/en/s/{basket.product.seller.slug}/"):
        page = client.get(path).content.decode()
        facts = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
        assert len(re.findall(r'property="og:title"', page)) == 1, path
        title = re.findall("<title>(.*?)</title>", page, re.S)[0]
        assert facts["title"] == title and facts["description"] and facts["type"] in {"website", "product"}
        assert facts["image"].startswith(SITE)
        assert re.search(r'<meta name="theme-color" content="#[0-9A-F]{6}">', page)


def test_a_title_fits_the_card_of_a_chat(client, basket):
    type(basket.product).objects.update(name_zh="和平篮" * 12)
    page = client.get(f"/p/{basket.product.slug}/").content.decode()
    title = re.findall("<title>(.*?)</title>", page)[0]
    assert title.endswith(" · Isoko") and len(title.removesuffix(" · Isoko")) == 24


def test_goods_and_shops_can_be_reported_from_their_page(client, basket):
    seller = basket.product.seller
    pages = {
        f"/p/{basket.product.slug}/": f"product={basket.product.slug}",
        f"/s/{seller.slug}/": f"shop={seller.slug}",
    }
    for path, about in pages.items():
        assert f'href="/report/?{about}"' in client.get(path).content.decode()


@pytest.mark.parametrize("name", ['15" plate & <b>', "尼亚鲁古鲁"])
def test_a_title_is_safe_in_an_attribute(client, basket, name):
    type(basket.product).objects.update(name_zh=name)
    page = client.get(f"/p/{basket.product.slug}/").content.decode()
    assert "<b>" not in page.partition("</head>")[0]
    assert re.search(r'<meta property="og:title" content="[^"<]*">', page)


def test_the_other_language_keeps_page_and_query(client, reference):
    page = client.get("/en/c/basketry/?sort=price&page=2").content.decode()
    assert 'href="/c/basketry/?sort=price&amp;page=2" lang="zh-Hans"' in page
    assert 'href="/rw/c/basketry/?sort=price&amp;page=2" lang="rw"' in page


def test_the_text_grows_before_it_is_painted(client, reference):
    head = client.get("/").content.decode().partition("</head>")[0]
    assert head.index("js/early.js") < head.index("css/isoko.css")
    assert re.search(r'<script src="[^"]*early[^"]*"></script>', head)


def test_settings_are_one_page_for_everybody(client, buyer):
    answer = client.get("/settings/")
    page = answer.content.decode()
    assert answer["Cache-Control"].startswith("public") and "大字版" in page and "<noscript>" in page
    client.force_login(buyer)
    assert client.get("/settings/").content == answer.content
    sent = client.post(
        "/language/", {"language": "fr", "next": "/settings/"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert sent["Location"] == "/fr/settings/"


def test_the_frame_asks_the_database_nothing(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/settings/").status_code == 200
    assert len(queries) == 0


def test_the_tab_of_the_page_is_marked(client, buyer, reference):
    assert 'href="/" aria-current="page"' in client.get("/").content.decode()
    assert 'href="/c/" aria-current="true"' in client.get("/c/basketry/").content.decode()
    client.force_login(buyer)
    assert 'href="/me/" aria-current="true"' in client.get("/me/favourites/").content.decode()
