"""A seller lists a product in the dashboard, in Kinyarwanda, on a bad phone, with mistakes."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import moderation, pictures, vocabulary
from catalog.models import Batch, HsCode, Maker, Picture, Product, Variant
from kernel.money import Money
from tests import cast
from tests.catalog.test_pictures import encoded, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client, artisan, shop):
    client.force_login(artisan)
    return client


ADD = "/sell/products/add/peace-basket/"


def said(**other):
    return {
        "written_in": "rw",
        "name": "Agaseke gato",
        "description": "Kaboshywe n'intoki i Huye mu minsi ine.",
        "fact-material": ["sisal", "sweetgrass"],
        "fact-technique": "coiled",
        "rows": "1",
        **row(0, **{"opt-height": "22"}),
        **other,
    }


def row(place, **other):
    """What is typed into one row of sizes and colours."""
    typed = {
        "receive": "15000",
        "stock": "5",
        "weight": "190",
        "length": "22,5",
        "width": "11",
        "height": "11",
        **other,
    }
    return {f"v{place}-{name}": value for name, value in typed.items()}


def stock_of(product, units, **other):
    """What the stock form sends, as it stood on the page."""
    typed = {"lead_days": str(product.lead_days)}
    for variant in product.variants.all():
        typed |= {f"count-{variant.pk}": units, f"was-{variant.pk}": str(variant.on_hand)}
    return {**typed, **other}


def file(name="a.jpg", content=None, kind="image/jpeg"):
    return SimpleUploadedFile(name, encoded(photo()) if content is None else content, kind)


def test_the_kind_is_chosen_from_pictures_and_says_whether_it_may_be_sent(seller):
    HsCode.objects.filter(code="0901210000").update(access=HsCode.Access.BLOCKED)
    assert "?shelf=basketry" in seller.get("/sell/products/add/").content.decode()
    page = seller.get("/sell/products/add/?shelf=basketry").content.decode()
    assert f'href="{ADD}"' in page and "status is-ok" in page and "sprite" not in page
    page = seller.get("/sell/products/add/?shelf=coffee").content.decode()
    assert "status is-err" in page and "/sell/products/add/roasted-coffee/" not in page
    for strange in ("?shelf=nothing", "?shelf=%00"):
        assert "?shelf=basketry" in seller.get(f"/sell/products/add/{strange}").content.decode()
    assert seller.get("/sell/products/add/spaceship/").status_code == 404


def test_from_nothing_to_buyers(seller, client, moderator):
    assert "/sell/products/add/" in seller.get("/sell/products/").content.decode()
    answer = seller.post(ADD, said())
    product = Product.objects.get()
    assert answer["Location"] == f"/sell/products/{product.pk}/photos/"
    assert product.variants.get().length_mm == 225
    assert (product.category.slug, product.facts["height"]) == ("basketry", 22)
    answer = seller.post(answer["Location"], {"photos": [file(), file("b.jpg", encoded(photo(seed=2)))]})
    assert answer.status_code == 302 and Picture.objects.count() == 2
    preview = seller.get(f"/sell/products/{product.pk}/preview/").content.decode()
    assert "剑麻" in preview and 'lang="zh-Hans"' in preview and "Agaseke gato" in preview
    assert seller.post(f"/sell/products/{product.pk}/send/").status_code == 302
    product.refresh_from_db()
    assert product.status == Product.Status.SUBMITTED and product.customs_description


def cast_superuser():
    return cast.person("Head", language="en", is_staff=True, is_superuser=True)


def test_mistakes_are_told_in_plain_words_and_nothing_typed_is_lost(seller):
    wrong = row(0, weight="", length="x", **{"opt-height": "22"})
    answer = seller.post(ADD, said(description="Turi i Huye", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422 and not Product.objects.exists()
    assert "Turi i Huye" in page and 'value="15000"' in page and 'value="22"' in page
    assert page.count("checked") == 4, "both materials, the technique, and no pattern"
    assert "This field is required" not in page and "Ensure" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"v0-receive": "-5"}, {"v0-receive": "1e9"}, {"v0-receive": "15000.5"}, {"v0-receive": "9" * 20},
        {"v0-weight": "0"}, {"v0-weight": "31000"}, {"v0-length": "NaN"}, {"v0-length": "Infinity"},
        {"v0-length": "1.234"}, {"v0-stock": "-1"}, {"v0-stock": "1000001"},
        {"v0-opt-height": "0"}, {"v0-opt-height": "1e9"}, {"v0-opt-height": "x"}, {"v0-opt-colour": "no such colour"},
        {"fact-material": ["sisal", "plutonium"]}, {"fact-technique": "magic"}, {"fact-work_days-low": "-3"},
        {"written_in": "zh-hans"}, {"name": "x" * 101}, {"name": "a\0b"}, {"lead_days": "61"}, {"lead_days": "-1"},
        {"maker": "999"}, {"maker": "x"}, {"district": "Paris"}, {"rows": "500"}, {"rows": "2"},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_right_is_refused(seller, wrong):
    assert seller.post(ADD, said(**wrong)).status_code == 422
    assert not Product.objects.exists()


def test_another_shop_s_maker_is_not_hers(seller, other_shop):
    theirs = Maker.objects.create(seller=other_shop, name="Uwase", craft="coffee", district="Huye")
    assert seller.post(ADD, said(maker=theirs.pk)).status_code == 422
    assert "Uwase" not in seller.get(ADD).content.decode()


def test_a_draft_may_be_put_down_half_written(seller):
    answer = seller.post(ADD, said(**{"fact-material": [], "fact-technique": "", "name": "", "description": ""}))
    assert answer.status_code == 302
    page = seller.get(f"/sell/products/{Product.objects.get().pk}/").content.decode()
    assert str(vocabulary.attributes()["material"].name.rw) in page


def test_another_size_is_one_button_and_keeps_what_was_typed(seller):
    answer = seller.post(ADD, {**said(description="Turi i Huye"), "add_row": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and not Product.objects.exists()
    assert 'name="v1-receive" value="15000"' in page and "Turi i Huye" in page and 'name="rows" value="2"' in page
    assert page.count('value="22"') == 1, "its own size is still to be said"
    both = said(rows="2", **row(1, receive="28000", stock="2", **{"opt-height": "30"}))
    page = seller.post(ADD, {**both, "remove_row": "0"}).content.decode()
    assert 'name="v0-receive" value="28000"' in page and 'name="rows" value="1"' in page
    assert seller.post(ADD, both).status_code == 302
    assert [v.option_key for v in Product.objects.get().variants.order_by("pk")] == ["height:22", "height:30"]


def test_a_size_is_changed_added_and_taken_off(seller):
    seller.post(ADD, said(rows="2", **row(1, receive="28000", **{"opt-height": "30"})))
    product = Product.objects.get()
    small, large = product.variants.order_by("pk")
    about = f"/sell/products/{product.pk}/about/"
    page = seller.get(about).content.decode()
    assert f'name="v0-known" value="{small.pk}"' in page and "v0-stock" not in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    changed = said(
        rows="2",
        seen=seen,
        **row(0, known=large.pk, receive="29000", **{"opt-height": "30"}),
        **{name.replace("v0", "v1"): value for name, value in row(0, stock="1", **{"opt-height": "40"}).items()},
    )
    assert seller.post(about, changed).status_code == 302
    small.refresh_from_db()
    large.refresh_from_db()
    assert small.retired_at and large.receive == Money(29000, "RWF")
    assert product.variants.get(option_key="height:40").on_hand == 1


def test_two_windows_that_save_at_once_lose_nothing_silently(seller):
    seller.post(ADD, said())
    product = Product.objects.get()
    about = f"/sell/products/{product.pk}/about/"
    seen = re.search(r'name="seen" value="(\w+)"', seller.get(about).content.decode())[1]
    known = {"v0-known": str(product.variants.get().pk), "seen": seen}
    assert seller.post(about, said(name="Agaseke keza", **known)).status_code == 302
    answer = seller.post(about, said(description="Ibindi byose.", **known))
    page = answer.content.decode()
    assert answer.status_code == 409 and "Ibindi byose." in page
    assert Product.objects.get().name_rw == "Agaseke keza"
    again = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert again != seen
    assert seller.post(about, said(description="Ibindi byose.", **{**known, "seen": again})).status_code == 302
    assert Product.objects.get().description_rw == "Ibindi byose."


def test_it_may_turn_out_to_be_another_kind(seller):
    seller.post(ADD, said())
    product = Product.objects.get()
    page = seller.get(f"/sell/products/{product.pk}/kind/?shelf=coffee").content.decode()
    about = f"/sell/products/{product.pk}/about/?kind=roasted-coffee"
    assert about in page
    assert 'name="v0-opt-net_weight"' in seller.get(about).content.decode()
    known = {"v0-known": str(product.variants.get().pk), "v0-opt-net_weight": "250", "fact-roast": "medium"}
    assert seller.post(about, said(**known)).status_code == 302
    product = Product.objects.get()
    assert (product.product_type, product.facts) == ("roasted-coffee", {"roast": "medium", "net_weight": 250})


def test_the_price_is_worked_out_before_saving(seller):
    page = seller.post(ADD, {"v0-receive": "28000", "name": "Ag", "reckon": "0"})
    assert page.status_code == 200 and "159.00 CNY" in page.content.decode() and 'value="Ag"' in page.content.decode()
    for typed in ("", "abc", "0", "9" * 40):
        for asked in ("0", "7", "x", "-1", "٣"):
            assert seller.post(ADD, {"v0-receive": typed, "reckon": asked}).status_code == 200


def test_a_maker_is_written_down_on_the_way(seller, shop):
    answer = seller.post(ADD, {**said(), "add_maker": "1"})
    product = Product.objects.get()
    assert answer["Location"] == f"/sell/makers/add/?product={product.pk}"
    maker = {"name": "Mukamana Claudine", "craft": "weaving", "district": "Huye", "people": "1", "since_year": "1998"}
    assert seller.post(answer["Location"], maker)["Location"] == f"/sell/products/{product.pk}/"
    assert Product.objects.get().maker == Maker.objects.get(seller=shop)
    assert seller.post("/sell/makers/add/", maker).status_code == 409
    assert "Mukamana Claudine" in seller.get("/sell/makers/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"craft": "thief"}, {"district": "x"}, {"people": "0"}, {"people": "9" * 9}, {"since_year": "3000"}],
    ids=str,
)
def test_a_maker_is_somebody(seller, wrong):
    maker = {"name": "Mukamana", "craft": "weaving", "district": "Huye", "people": "1", **wrong}
    assert seller.post("/sell/makers/add/", maker).status_code == 422
    assert not Maker.objects.exists()


def test_a_batch_gets_a_code_for_its_tags(seller, basket, coffee):
    path = f"/sell/products/{basket.product_id}/batches/"
    assert "best_before" not in seller.get(path).content.decode()
    batch = {"number": "2026-07", "made_on": "2026-07-01", "units": "12"}
    assert seller.post(path, batch)["Location"] == path
    code = Batch.objects.get().code
    page = seller.get(path).content.decode()
    assert f"/origin/{code}/" in page and code[:4] in page
    assert seller.post(path, batch).status_code == 409
    for wrong in ({"made_on": "2999-01-01"}, {"made_on": "x"}, {"units": "0"}, {"units": "1e3"}, {"number": ""}):
        assert seller.post(path, {**batch, "number": "other", **wrong}).status_code == 422
    assert Batch.objects.count() == 1
    assert seller.get(f"/sell/products/{coffee.product_id}/batches/").status_code == 404


def test_good_photos_are_kept_when_another_is_bad(seller, basket):
    path = f"/sell/products/{basket.product_id}/photos/"
    answer = seller.post(path, {"photos": [file(), file("../../<b>.php.jpg", b"<?php"), file("c.svg", b"<svg/>")]})
    assert answer.status_code == 422 and Picture.objects.count() == 1
    assert "<b>.php" not in answer.content.decode()
    assert seller.post(path, {}).status_code == 422
    assert seller.post(path, {"photos": file(content=b"")}).status_code == 422
    assert seller.post(path, {"photos": [file() for _n in range(9)]}).status_code == 422


def test_photos_are_moved_and_deleted(seller, basket):
    path = f"/sell/products/{basket.product_id}/photos/"
    seller.post(path, {"photos": [file(), file("b.jpg", encoded(photo(seed=2)))]})
    first, second = basket.product.ordered_pictures
    seller.post(f"{path}{second.pk}/up/")
    assert Product.objects.get().cover == second
    seller.post(f"{path}{second.pk}/delete/")
    assert Product.objects.get().cover == first


def test_sending_too_early_says_what_is_missing(seller, shop):
    seller.post(ADD, said())
    product = Product.objects.get()
    assert seller.post(f"/sell/products/{product.pk}/send/").status_code == 422


def test_stock_and_pause_need_no_review(seller, basket):
    path = f"/sell/products/{basket.product_id}/"
    assert seller.post(f"{path}stock/", stock_of(basket.product, "3", lead_days="14")).status_code == 302
    basket.refresh_from_db()
    assert (basket.on_hand, Product.objects.get().lead_days) == (3, 14)
    for wrong in (stock_of(basket.product, "x"), stock_of(basket.product, "4", lead_days="400"), {}):
        assert seller.post(f"{path}stock/", wrong).status_code == 422
    Variant.objects.update(on_hand=2)
    late = {**stock_of(basket.product, "4"), f"was-{basket.pk}": "3"}
    assert seller.post(f"{path}stock/", late).status_code == 409, "one was sold while she counted"
    assert Product.objects.get().lead_days == 14 and Variant.objects.get().on_hand == 2
    for deed, status in (("pause", "paused"), ("sell-again", "published"), ("put-away", "archived")):
        assert seller.post(f"{path}{deed}/").status_code == 302
        assert Product.objects.get().status == status


def test_a_changed_product_goes_back_to_review(seller, basket):
    seller.post(f"/sell/products/{basket.product_id}/about/", said(name="Agaseke kanini", **{"v0-known": basket.pk}))
    assert Product.objects.get().status == Product.Status.SUBMITTED


def test_a_no_is_shown_with_what_to_do(seller, basket, moderator):
    Product.objects.update(status=Product.Status.SUBMITTED)
    moderation.request_changes(
        basket.product, reason_code="LST-PHOTO-QUALITY", statement="Ifoto irijimye.", by=moderator, now=cast.NOW
    )
    assert "Ifoto irijimye." in seller.get(f"/sell/products/{basket.product_id}/").content.decode()
    HsCode.objects.update(access=HsCode.Access.UNKNOWN)
    assert seller.get(f"/sell/products/{basket.product_id}/").status_code == 200


DEEDS = ["about/", "kind/", "photos/", "preview/", "batches/", "send/", "stock/", "pause/", "sell-again/", "put-away/"]


@pytest.mark.parametrize("deed", DEEDS)
def test_another_s_product_is_not_found(seller, other_shop, deed):
    theirs = cast.coffee(other_shop)
    path = f"/sell/products/{theirs.product_id}/{deed}"
    assert seller.post(path, said()).status_code in {404, 405}
    assert seller.get(path).status_code in {404, 405}
    assert seller.get(f"/sell/products/{theirs.product_id}/").status_code == 404
    theirs.product.refresh_from_db()
    assert theirs.product.status == Product.Status.PUBLISHED


def test_another_s_photo_is_not_found(seller, basket, other_shop):
    theirs = cast.coffee(other_shop)
    photo_of_theirs = pictures.add(theirs.product, encoded(photo()))
    for product in (basket.product_id, theirs.product_id):
        for deed in ("delete", "up"):
            path = f"/sell/products/{product}/photos/{photo_of_theirs.pk}/{deed}/"
            assert seller.post(path).status_code == 404
    assert Picture.objects.count() == 1


def test_strangers_go_to_sign_in(client, basket):
    for path in (
        "/sell/products/",
        "/sell/products/add/",
        ADD,
        "/sell/makers/",
        f"/sell/products/{basket.product_id}/",
    ):
        assert "/sign-in/" in client.get(path)["Location"]


@pytest.mark.parametrize("language", ["rw", "en", "fr"])
def test_pages_speak_the_seller_s_language(seller, artisan, basket, language):
    artisan.language = language
    artisan.save()
    words = {"rw": "Ibicuruzwa byanjye", "en": "My products", "fr": "Mes produits"}
    page = seller.get("/sell/products/")
    assert words[language] in page.content.decode() and f'lang="{language}"' in page.content.decode()
    assert page["Cache-Control"].startswith("private")


def test_the_moderator_s_other_buttons(client, basket, run_jobs):
    client.force_login(cast_superuser())
    form = f"/admin/catalog/product/{basket.product_id}/change/"
    product = basket.product
    fields = {
        "category": product.category_id, "hs_code": product.hs_code_id, "customs_description": "Basket",
        **{f"{rows}-{count}_FORMS": 0 for rows in ("pictures", "variants") for count in ("TOTAL", "INITIAL")},
    }  # fmt: skip
    client.post(form, {**fields, "_suspend": "1"})
    assert Product.objects.get().status == Product.Status.PUBLISHED
    client.post(form, {**fields, "_suspend": "1", "reason_code": "LST-OTHER", "statement": "Why"})
    assert Product.objects.get().status == Product.Status.SUSPENDED
    client.post(form, {**fields, "_approve_access": "1", "evidence": "ruling 9"})
    assert Product.objects.get().access_evidence == "ruling 9"
    for path in ("product", "hscode", "category", "exchangerate", "pricerule"):
        assert client.get(f"/admin/catalog/{path}/").status_code == 200
