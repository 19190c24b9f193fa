"""A seller lists a product in the dashboard, in Kinyarwanda, on a bad phone, with mistakes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import moderation, pictures
from catalog.models import Category, HsCode, Picture, Product
from kernel import work
from tests import cast
from tests.catalog.test_pictures import encoded, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client, artisan, shop):
    client.force_login(artisan)
    return client


def said(**other):
    return {
        "category": Category.objects.get(slug="basketry").pk,
        "written_in": "rw",
        "name": "Agaseke gato",
        "description": "Kaboshywe n'intoki i Huye mu minsi ine.",
        "materials": "sisal",
        "receive": "15000",
        "stock": "5",
        "weight_g": "190",
        "length": "22.5",
        "width": "11",
        "height": "11",
        **other,
    }


def file(name="a.jpg", content=None, kind="image/jpeg"):
    return SimpleUploadedFile(name, encoded(photo()) if content is None else content, kind)


def test_from_nothing_to_buyers(seller, client, moderator):
    assert "/sell/products/add/" in seller.get("/sell/products/").content.decode()
    answer = seller.post("/sell/products/add/", said())
    product = Product.objects.get()
    assert answer["Location"] == f"/sell/products/{product.pk}/photos/"
    assert product.variants.get().length_mm == 225
    answer = seller.post(answer["Location"], {"photos": [file(), file("b.jpg", encoded(photo(seed=2)))]})
    assert answer.status_code == 302 and Picture.objects.count() == 2
    assert seller.post(f"/sell/products/{product.pk}/send/").status_code == 302
    client.force_login(cast_superuser())
    form = f"/admin/catalog/product/{product.pk}/change/"
    page = client.get(form).content.decode()
    assert "Kaboshywe" in page
    for field, body in (("title", "小和平篮"), ("description", "手工编织。")):
        text = f"/admin/catalog/producttext/{product.pk}/{field}/zh/"
        seen = client.get(text).context["desk"].seen
        assert text in page and client.post(text, {"body": body, "seen": seen}).status_code == 302
    texts = {
        "customs_description": "Small sisal basket",
        "category": product.category_id,
        "hs_code": product.hs_code_id,
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
        "variants-TOTAL_FORMS": 0,
        "variants-INITIAL_FORMS": 0,
    }
    assert client.post(form, {**texts, "_publish": "1"}).status_code == 302
    work.run_due()
    product.refresh_from_db()
    assert product.status == Product.Status.PUBLISHED and product.name_zh == "小和平篮"
    client.logout()
    assert "小和平篮" in client.get("/search/?q=和平篮").content.decode()


def cast_superuser():
    return cast.person("Head", language="en", is_staff=True, is_superuser=True)


def test_mistakes_are_told_in_plain_words_and_nothing_typed_is_lost(seller):
    answer = seller.post("/sell/products/add/", said(name="A", weight_g="", length="x", description="Turi i Huye"))
    page = answer.content.decode()
    assert answer.status_code == 422 and not Product.objects.exists()
    assert "Turi i Huye" in page and 'value="15000"' in page
    assert "This field is required" not in page and "Ensure" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"receive": "-5"}, {"receive": "1e9"}, {"receive": "15000.5"}, {"receive": "99999999999999999999"},
        {"weight_g": "0"}, {"weight_g": "31000"}, {"length": "NaN"}, {"length": "Infinity"}, {"length": "1.234"},
        {"category": "999"}, {"category": "x"}, {"written_in": "zh-hans"}, {"name": "x" * 101}, {"name": "a\0b"},
        {"stock": "-1"}, {"stock": "1000001"},
    ],
    ids=str,
)  # fmt: skip
def test_wrong_numbers_are_refused(seller, wrong):
    assert seller.post("/sell/products/add/", said(**wrong)).status_code == 422
    assert not Product.objects.exists()


def test_the_price_is_worked_out_before_saving(seller):
    page = seller.post("/sell/products/add/", {"receive": "28000", "name": "Ag", "reckon": "1"})
    assert page.status_code == 200 and "159.00 CNY" in page.content.decode() and 'value="Ag"' in page.content.decode()
    for typed in ("", "abc", "0", "9" * 40):
        assert seller.post("/sell/products/add/", {"receive": typed, "reckon": "1"}).status_code == 200


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
    seller.post("/sell/products/add/", said())
    product = Product.objects.get()
    assert seller.post(f"/sell/products/{product.pk}/send/").status_code == 422


def test_stock_and_pause_need_no_review(seller, basket):
    path = f"/sell/products/{basket.product_id}/"
    assert seller.post(f"{path}stock/", {"stock": "3"}).status_code == 302
    basket.refresh_from_db()
    assert basket.on_hand == 3
    assert seller.post(f"{path}stock/", {"stock": "x"}).status_code == 422
    for deed, status in (("pause", "paused"), ("sell-again", "published"), ("put-away", "archived")):
        assert seller.post(f"{path}{deed}/").status_code == 302
        assert Product.objects.get().status == status


def test_a_changed_product_goes_back_to_review(seller, basket):
    Product.objects.update(written_in="rw")
    seller.post(f"/sell/products/{basket.product_id}/", said(name="Agaseke kanini"))
    assert Product.objects.get().status == Product.Status.SUBMITTED


def test_a_no_is_shown_with_what_to_do(seller, basket, moderator):
    Product.objects.update(status=Product.Status.SUBMITTED)
    moderation.request_changes(
        basket.product, reason_code="LST-PHOTO-QUALITY", statement="Ifoto irijimye.", by=moderator, now=cast.NOW
    )
    assert "Ifoto irijimye." in seller.get(f"/sell/products/{basket.product_id}/").content.decode()
    HsCode.objects.update(access=HsCode.Access.UNKNOWN)
    assert seller.get(f"/sell/products/{basket.product_id}/").status_code == 200


DEEDS = ["", "photos/", "send/", "stock/", "pause/", "sell-again/", "put-away/"]


@pytest.mark.parametrize("deed", DEEDS)
def test_another_s_product_is_not_found(seller, other_shop, deed):
    theirs = cast.coffee(other_shop)
    path = f"/sell/products/{theirs.product_id}/{deed}"
    assert seller.post(path, said()).status_code == 404
    assert seller.get(path).status_code in {404, 405}
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
    for path in ("/sell/products/", "/sell/products/add/", f"/sell/products/{basket.product_id}/"):
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
