"""What search engines may know of: what is on sale, in every language, in files of a bounded size."""

import xml.etree.ElementTree as ET

import pytest

from catalog.models import Product
from marketplace import sitemap
from tests import cast

pytestmark = pytest.mark.django_db

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SITE = "http://127.0.0.1:8000"


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("public") and not answer.cookies
    return ET.fromstring(b"".join(answer.streaming_content) if answer.streaming else answer.content)  # noqa: S314  (ours)


def locations(tree):
    return [place.text for place in tree.findall(".//s:loc", NS)]


def listed(client):
    """Every address that the index leads to."""
    files = [place.removeprefix(SITE) for place in locations(read(client, "/sitemap.xml"))]
    return [place for file in files for place in locations(read(client, file))]


def test_what_is_on_sale_is_listed_in_every_language(client, basket, coffee):
    coffee.product.move("paused")
    found = listed(client)
    for prefix in ("", "/en", "/fr", "/rw"):
        for path in ("/", "/c/", "/c/basketry/", f"/p/{basket.product.slug}/", f"/s/{basket.product.seller.slug}/"):
            assert f"{SITE}{prefix}{path}" in found
        assert f"{SITE}{prefix}/legal/terms/" in found
    assert not any(coffee.product.slug in place or coffee.product.seller.slug in place for place in found)
    assert len(found) == len(set(found))


def test_each_address_names_its_other_languages_and_its_day(client, basket):
    tree = read(client, f"/sitemap-products-{basket.product_id // sitemap.RANGE}.xml")
    for entry in tree.findall("s:url", NS):
        beside = {link.get("hreflang"): link.get("href") for link in entry.findall("x:link", NS)}
        assert set(beside) == {"zh-Hans", "en", "fr", "rw"} and entry.findtext("s:loc", "", NS) in beside.values()
        assert entry.findtext("s:lastmod", "", NS) == "2026-11-23"


def test_a_file_holds_one_range_and_one_query(client, shop, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(sitemap, "RANGE", 2)
    goods = [cast.basket(shop).product for _n in range(5)]
    ranges = {product.pk // 2 for product in goods}
    with django_assert_num_queries(2):
        index = locations(read(client, "/sitemap.xml"))
    assert {place for place in index if "products" in place} == {f"{SITE}/sitemap-products-{n}.xml" for n in ranges}
    for number in ranges:
        with django_assert_num_queries(1):
            assert len(locations(read(client, f"/sitemap-products-{number}.xml"))) <= 8


def test_no_file_has_more_than_five_thousand_addresses():
    assert sitemap.RANGE * 4 <= 5000


def test_addresses_are_safe_in_xml(client, basket):
    Product.objects.update(slug="a-b")
    assert f"{SITE}/en/p/a-b/" in listed(client)


@pytest.mark.parametrize("path", ["/sitemap-nothing-0.xml", "/sitemap-products-99999999999.xml"])
def test_other_files_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_robots_are_kept_out_of_what_is_somebodys(client):
    text = client.get("/robots.txt").content.decode()
    closed = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow")]
    for path in ("/cart/", "/checkout/", "/me/", "/search/?", "/en/cart/", "/rw/checkout/", "/sell/", "/admin/"):
        assert path in closed
    assert "/" not in closed and "/p/" not in closed and f"Sitemap: {SITE}/sitemap.xml" in text


def test_the_icon_is_where_browsers_look(client):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.png")
