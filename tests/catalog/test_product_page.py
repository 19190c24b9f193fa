"""The product page: in the order that shoppers know, the same for everybody, light, and whole without a script."""

import importlib
import json
import re
from datetime import date

import brotli
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import origins, pictures, texts, vocabulary
from catalog.models import Maker, Picture, Product, ProductText, Variant
from catalog.storefront import reading
from tests import cast
from tests.catalog.test_pictures import encoded, photo

pytestmark = pytest.mark.django_db
drawing = importlib.import_module("catalog.storefront.product")


def read(client, product, query="", language=""):
    answer = client.get(f"{language}/p/{product.slug}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def more(first, sku, price, left, *options):
    """Another variant of the same product."""
    sizes = {name: getattr(first, name) for name in ("weight_g", "length_mm", "width_mm", "height_mm")}
    said = [{"attribute": name, "value": value} for name, value in options]
    key = "/".join(f"{name}:{value}" for name, value in options)
    return Variant.objects.create(
        product=first.product,
        sku=sku,
        options=said,
        option_key=key,
        price_minor=price,
        receive_rwf_minor=24000,
        on_hand=left,
        **sizes,
    )


@pytest.fixture
def product(basket):
    """A basket of a known type."""
    thing = basket.product
    Product.objects.filter(pk=thing.pk).update(
        product_type="peace-basket", facts={"material": ["sisal"], "technique": "coiled", "height": 24}
    )
    thing.refresh_from_db()
    return thing


@pytest.fixture
def baskets(basket, product):
    """Red in two heights, of which the tall one is sold out; natural in one."""
    product.facts.pop("height")
    product.save()
    options = [{"attribute": "height", "value": 24}, {"attribute": "colour", "value": "red"}]
    Variant.objects.filter(pk=basket.pk).update(options=options, option_key="height:24/colour:red", price_minor=12850)
    basket.refresh_from_db()
    return [
        basket,
        more(basket, "TALL", 20000, 0, ("height", 36), ("colour", "red")),
        more(basket, "PLAIN", 15000, 3, ("height", 30), ("colour", "natural")),
    ]


# What is on it --------------------------------------------------------------------------------------------------------


def test_its_parts_stand_in_the_order_that_shoppers_know(client, product):
    pictures.add(product, encoded(photo()))
    texts.refresh(product)
    page = read(client, product)
    parts = [
        'class="gallery"',
        'class="price-block"',
        "<h1",
        'id="buy"',
        'id="estimate"',
        'id="origin"',
        "商品评价",
        'class="shop"',
        "图文详情",
        "规格参数",
        'id="label"',
        "跨境说明",
        'class="bar"',
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "问大家" not in page


def test_the_page_is_one_for_everybody_whatever_is_chosen(client, baskets, buyer):
    for query in ("", f"?v={baskets[2].pk}", "?o-height=24&o-colour=red", "?o-height=36&o-colour=natural"):
        path = f"/p/{baskets[0].product.slug}/{query}"
        answer = client.get(path)
        assert answer["Cache-Control"].startswith("public") and answer["ETag"] and not answer.cookies
        client.force_login(buyer)
        assert client.get(path).content == answer.content
        client.logout()


def test_it_costs_at_most_eight_questions_whatever_hangs_on_it(client, baskets):
    def count():
        with CaptureQueriesContext(connection) as queries:
            read(client, product)
        return len(queries)

    product = baskets[0].product
    few = count()
    product.maker = Maker.objects.create(seller=product.seller, name="Ineza", craft="weaving", district="Huye")
    product.save()
    for n in range(8):
        more(baskets[0], f"N-{n}", 10000 + n, 2, ("height", 40 + n), ("colour", "red"))
        pictures.add(product, encoded(photo(seed=n)))
        cast.basket(product.seller)
        origins.open_batch(product, number=f"B-{n}", made_on=date(2026, 11, n + 1), units=3, actor="user:1")
    texts.refresh(product)
    assert count() <= 8 and few <= 8


def test_it_is_light(client, baskets):
    product = baskets[0].product
    for n in range(6):
        pictures.add(product, encoded(photo(seed=n)))
        cast.basket(product.seller)
    texts.refresh(product)
    page = read(client, product)
    assert len(brotli.compress(page.encode(), quality=5)) <= 10_000
    names = re.findall(r'<script src="/static/(js/[^"]+)"', page)
    scripts = {name: (settings.BASE_DIR / "static" / name).read_bytes() for name in names}
    assert len(scripts["js/product.js"]) <= 8192
    assert sum(len(brotli.compress(script)) for script in scripts.values()) <= 16_000


def test_no_script_or_style_stands_in_the_page(client, baskets):
    page = read(client, baskets[0].product)
    data = {"application/ld+json", "application/json"}
    for attributes in re.findall(r"<script([^>]*)>", page):
        assert "src=" in attributes or re.search(r'type="([^"]+)"', attributes)[1] in data
    assert " style=" not in page and " onclick=" not in page and "htmx" not in page


def test_it_names_itself_for_what_was_seen_and_asks_for_its_pieces(client, product, basket):
    page = read(client, product)
    assert f'data-product="{product.pk}"' in page
    for piece in (f"/estimate/{basket.pk}/", f"/favourites/{product.pk}/", f"/follows/{product.seller_id}/"):
        assert f'data-fragment="{piece}"' in page


# Choosing -------------------------------------------------------------------------------------------------------------


def test_prices_that_differ_start_from_the_lowest_until_one_is_chosen(client, baskets):
    block = re.compile(r'<div class="price-block">(.*?)</div>', re.S)
    product = baskets[0].product
    assert re.sub("<[^>]+>", "", block.search(read(client, product))[1]).startswith("¥128.50起")
    chosen = block.search(read(client, product, f"?v={baskets[2].pk}"))[1]
    assert re.sub("<[^>]+>", "", chosen).startswith("¥150")
    assert "150.00 yuan" in read(client, product, f"?v={baskets[2].pk}", "/en")


def test_options_are_radios_in_the_form_and_what_is_sold_out_says_so(client, baskets):
    page = read(client, baskets[0].product)
    form = page[page.index('id="buy"') : page.index("</form>", page.index('id="buy"'))]
    assert form.count("<fieldset") == 2 and "<legend>高</legend>" in form and "<legend>颜色</legend>" in form
    radios = re.findall(r'<input type="radio" name="(o-\w+)" value="(\w+)" required( disabled)?>', form)
    assert [(name, value, bool(off)) for name, value, off in radios] == [
        ("o-height", "24", False),
        ("o-height", "30", False),
        ("o-height", "36", True),
        *(("o-colour", colour, False) for colour in vocabulary.terms("colour") if colour in ("natural", "red")),
    ]
    tall = form[form.index('value="36"') :]
    assert "无货" in tall[: tall.index("</label>")]


def test_without_a_script_the_form_asks_for_the_price_of_a_choice(client, baskets):
    product = baskets[0].product
    page = read(client, product)
    assert f'formmethod="get" formaction="/p/{product.slug}/"' in page
    chosen = read(client, product, "?o-height=30&o-colour=natural&quantity=2")
    assert chosen.count(" checked>") == 2 and f'action="/cart/add/{baskets[2].pk}/"' in chosen
    assert "仅剩 3 件" in chosen and 'value="2" min="1" max="3"' in chosen


@pytest.mark.parametrize("query", ["?o-height=30&o-colour=red", "?o-height=24", "?o-x=1", "?o-height=%00"])
def test_a_combination_that_is_not_there_is_not_replaced_by_another(client, baskets, query):
    page = read(client, baskets[0].product, query, "/en")
    assert 'class="notice is-warn"' in page and " checked>" not in page


def test_a_choice_that_is_sold_out_can_be_seen_and_not_bought(client, baskets):
    page = read(client, baskets[0].product, f"?v={baskets[1].pk}")
    assert "加入购物车" not in page and "<fieldset" in page and "无货" in page
    assert "加入购物车" in read(client, baskets[0].product)


@pytest.mark.parametrize("asked", ["x", "999999999999", "%00", "-1"])
def test_a_variant_that_is_not_this_products_is_not_chosen(client, baskets, asked):
    assert " checked>" not in read(client, baskets[0].product, f"?v={asked}")


def test_the_script_knows_every_variant(client, baskets):
    page = read(client, baskets[0].product)
    told = json.loads(re.search(r'<script id="variants" type="application/json">(.*?)</script>', page)[1])
    assert [(one["i"], one["o"], one["n"]) for one in told][2] == (
        baskets[2].pk,
        {"height": "30", "colour": "natural"},
        3,
    )
    assert told[0]["p"] == ["¥", "128", ".50"] and told[1]["s"] == "无货"


def test_one_variant_leaves_nothing_to_choose(client, product):
    page = read(client, product)
    assert "<fieldset" not in page and 'id="variants"' not in page and 'name="quantity"' in page


# Texts ----------------------------------------------------------------------------------------------------------------


def test_what_was_written_stands_and_what_was_not_is_composed(client, product):
    page = read(client, product)
    assert "<dt>材质</dt><dd>剑麻</dd>" in page and "盘绕编织" in page
    texts.refresh(product)
    ProductText.objects.filter(field="specification", language="zh").update(body="材质\t最好的剑麻")
    assert "<dt>材质</dt><dd>最好的剑麻</dd>" in read(client, product)


def test_goods_of_no_known_type_say_what_is_known(client, basket):
    Product.objects.update(product_type="a type that the vocabulary lost", facts={})
    page = read(client, basket.product)
    assert "<dt>产区</dt><dd>胡耶</dd>" in page and 'id="label"' not in page


@pytest.mark.parametrize("language, tag", [("", "en"), ("/fr", "en"), ("/en", "")])
def test_words_in_another_language_are_marked(client, product, language, tag):
    Product.objects.update(description_zh="", description_fr="", description_rw="")
    said = re.search(r'<div class="prose"([^>]*)><p>Made by hand', read(client, product, language=language))
    assert said[1] == (f' lang="{tag}"' if tag else "")


@pytest.mark.parametrize(
    "kind, words",
    [
        ("roasted-coffee", "Food from overseas"),
        ("scarf", "Textiles from overseas"),
        ("peace-basket", "Goods from overseas"),
    ],
)
def test_the_type_decides_which_rules_are_told(client, product, kind, words):
    Product.objects.filter(pk=product.pk).update(product_type=kind, facts={})
    page = read(client, product, language="/en")
    told = re.findall(r"<summary>(\w+ from overseas)</summary>", page)
    assert told == [words]


def test_goods_of_no_type_follow_their_tariff_line(client, coffee):
    assert "境外食品说明" in read(client, coffee.product)


def test_what_is_made_to_order_says_when_it_is_ready(client, product):
    assert "ready in" not in read(client, product, language="/en")
    Product.objects.filter(pk=product.pk).update(lead_days=14)
    page = read(client, product, language="/en")
    assert "ready in 14 days" in page and '"https://schema.org/MadeToOrder"' in page


# Origin ---------------------------------------------------------------------------------------------------------------


def test_the_passport_leads_to_the_batch(client, product):
    assert "/origin/" not in read(client, product)
    batch = origins.open_batch(product, number="HB-1", made_on=date(2026, 11, 2), units=24, actor="user:1")
    page = read(client, product)
    assert "HB-1" in page and f'href="/origin/{batch.code}/"' in page and f'src="/origin/{batch.code}.png"' in page
    qr = re.search(rf'<img src="/origin/{batch.code}.png"[^>]*>', page)[0]
    assert 'width="300"' in qr and 'loading="lazy"' in qr and "原产地证" not in page


def test_the_map_marks_where_it_was_made(client, product):
    Product.objects.filter(pk=product.pk).update(district="Rubavu")
    assert "鲁巴武</text>" in read(client, product)
    assert 'aria-label="Map of Rwanda with Rubavu marked"' in read(client, product, language="/en")


# For search engines ---------------------------------------------------------------------------------------------------


def structured(page):
    found = [json.loads(body) for body in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    return {one["@type"]: one for one in found}


def test_search_engines_read_prices_and_the_way(client, baskets):
    product = baskets[0].product
    pictures.add(product, encoded(photo()))
    found = structured(read(client, product))
    offers = found["Product"]["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", "128.50", "200.00")
    assert offers["offers"][1]["availability"] == "https://schema.org/OutOfStock"
    assert all(image.startswith(settings.SITE_URL) for image in found["Product"]["image"])
    assert [step["position"] for step in found["BreadcrumbList"]["itemListElement"]] == [1, 2, 3]


def test_a_name_cannot_end_the_script_of_search_engines(client, product):
    evil = "</script><script>alert(1)</script>"
    Product.objects.filter(pk=product.pk).update(name_zh=evil, description_zh=evil)
    page = read(client, product)
    assert "<script>alert" not in page and structured(page)["Product"]["name"] == evil


# Pictures -------------------------------------------------------------------------------------------------------------


def test_pictures_can_be_counted_looked_at_closely_and_heard(client, product, run_jobs):
    for n in range(3):
        pictures.add(product, encoded(photo(1400, 1400, seed=n)))
    run_jobs()
    page, heard = read(client, product), product.pictures.values_list("alt_zh", flat=True)
    assert (
        "共 3 张图" in page
        and all(heard)
        and f'alt="{heard[0]}"' in page
        and page.count('class="pic" href="#picture-') == 3
    )
    large = Picture.objects.order_by("position")[0].url(1080)
    assert f'<a href="{large}">' in page


# Reading --------------------------------------------------------------------------------------------------------------


def test_everything_is_read_in_one_question_and_drawn_again_only_when_it_changed(client, baskets):
    product = baskets[0].product
    texts.refresh(product)
    drawing.drawn.cache_clear()
    with CaptureQueriesContext(connection) as queries:
        first = read(client, product)
    assert len(queries) == 1, [query["sql"][:300] for query in queries]
    assert read(client, product) == first and drawing.drawn.cache_info().hits == 1
    Variant.objects.filter(pk=baskets[2].pk).update(on_hand=1)
    assert read(client, product, f"?v={baskets[2].pk}") != first and drawing.drawn.cache_info().misses == 2


def test_a_rows_worth_of_everything_is_opened_as_it_was(baskets, moderator):
    product = baskets[0].product
    product.maker = Maker.objects.create(seller=product.seller, name="Ineza", craft="weaving", district="Huye")
    product.save()
    picture = pictures.add(product, encoded(photo()))
    texts.refresh(product)
    batch = origins.open_batch(product, number="B", made_on=date(2026, 11, 2), units=3, actor="user:1")
    found = reading.opened(reading.ask(product.slug, ["zh", "en"]))
    assert found.product == product and found.product.published_at == product.published_at
    for name in ("seller", "category", "hs_code", "maker"):
        assert getattr(found.product, name) == getattr(product, name)
    assert [(one, one.options, one.price) for one in found.variants] == [
        (one, one.options, one.price) for one in Variant.objects.order_by("pk")
    ]
    assert (found.pictures, found.batch, found.batch.made_on) == ([picture], batch, batch.made_on)
    assert {(row.field, row.language) for row in found.texts} >= {("specification", "zh"), ("label", "en")}


def test_nothing_private_of_a_shop_is_read(basket):
    answer = reading.ask(basket.product.slug, ["zh"])
    seller = basket.product.seller
    for secret in (seller.legal_name, seller.phone, seller.momo_number):
        assert secret and secret not in answer


def test_other_goods_of_the_shelf_are_the_newest_six_that_are_on_sale(client, product, other_shop):
    others = [cast.basket(product.seller).product for _n in range(8)]
    for age, other in enumerate(others):
        Product.objects.filter(pk=other.pk).update(published_at=cast.NOW.replace(month=10, day=20 - age))
    Product.objects.filter(pk=others[0].pk).update(status="paused")
    closed = cast.basket(other_shop).product
    other_shop.move("suspended")
    found = reading.opened(reading.ask(product.slug, ["zh"]))
    assert found.others == others[1:7] and closed not in found.others
    assert f"/p/{others[1].slug}/" in read(client, product)
