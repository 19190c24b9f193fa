"""What search engines read: right prices, honest availability, and no text that can break out of its script."""

import json
from decimal import Decimal

import pytest

from catalog import structured
from catalog.structured import Goods, Offer
from kernel.money import Money


def offer(sku="RW-1", fen=12850, *, in_stock=True, made_to_order=False):
    return Offer(sku, f"https://isoko.example/p/basket/?v={sku}", Money(fen, "CNY"), in_stock, made_to_order)


def goods(*offers, **fields):
    return Goods(
        **{
            "name": "和平篮",
            "url": "https://isoko.example/p/basket/",
            "offers": offers or (offer(),),
            "seller": "阿巴胡扎编织社",
            "seller_url": "https://isoko.example/s/abahuza/",
            **fields,
        }
    )


def read(markup):
    assert markup.startswith('<script type="application/ld+json">') and markup.endswith("</script>")
    body = markup.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in body and ">" not in body
    return json.loads(body)


def test_one_variant_is_one_offer():
    found = read(structured.script(structured.product(goods(images=["https://isoko.example/media/a.webp"]))))
    assert found["@type"] == "Product" and found["sku"] == "RW-1"
    assert found["image"] == ["https://isoko.example/media/a.webp"]
    assert found["countryOfOrigin"]["name"] == "RW"
    assert found["offers"] == {
        "@type": "Offer",
        "sku": "RW-1",
        "url": "https://isoko.example/p/basket/?v=RW-1",
        "price": "128.50",
        "priceCurrency": "CNY",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Organization", "name": "阿巴胡扎编织社", "url": "https://isoko.example/s/abahuza/"},
    }


def test_several_variants_say_from_what_to_what():
    found = structured.product(goods(offer("A", 39900), offer("B", 12800, in_stock=False)))
    assert "sku" not in found and "image" not in found
    assert found["offers"]["@type"] == "AggregateOffer"
    assert (found["offers"]["lowPrice"], found["offers"]["highPrice"]) == ("128.00", "399.00")
    assert found["offers"]["offerCount"] == 2
    assert [one["availability"] for one in found["offers"]["offers"]] == [
        "https://schema.org/InStock",
        "https://schema.org/OutOfStock",
    ]


def test_what_is_made_to_order_says_so_while_it_can_be_had():
    assert offer(made_to_order=True).availability == "https://schema.org/MadeToOrder"
    assert offer(in_stock=False, made_to_order=True).availability == "https://schema.org/OutOfStock"


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--", "a & b", "line\u2028end\u2029", '"\\'])
def test_no_name_ends_the_script(name):
    assert read(structured.script(structured.product(goods(name=name))))["name"] == name


def test_breadcrumbs_count_from_the_front_page():
    trail = [("首页", "https://isoko.example/"), ("编织篮", "https://isoko.example/c/basketry/")]
    found = read(structured.script(structured.breadcrumbs(trail)))
    assert found["@type"] == "BreadcrumbList"
    assert found["itemListElement"][1] == {
        "@type": "ListItem",
        "position": 2,
        "name": "编织篮",
        "item": "https://isoko.example/c/basketry/",
    }


def test_two_descriptions_share_one_script():
    both = read(
        structured.script(structured.product(goods()), structured.breadcrumbs([("首页", "https://a.example/")]))
    )
    assert [one["@type"] for one in both] == ["Product", "BreadcrumbList"]


def test_a_rating_is_told_where_there_is_one():
    rated = structured.product(goods(rating=structured.Rating(Decimal(23) / 5, 5)))
    assert rated["aggregateRating"]["ratingValue"] == "4.6"
    assert rated["aggregateRating"]["reviewCount"] == 5
    assert "aggregateRating" not in structured.product(goods())
