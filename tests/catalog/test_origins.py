"""Where a thing comes from: batches under codes that nobody guesses, and a page for whoever holds the thing."""

import io
from datetime import date

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image

from catalog import origins, pages, rwanda_map
from catalog.models import Batch, Maker, Product
from kernel.models import AuditRecord
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def product(basket):
    """A basket that Ineza weaves with others in Nyanza, of sisal, in six days."""
    thing = basket.product
    maker = Maker.objects.create(
        seller=thing.seller, name="Ineza", craft="weaving", district="Nyanza", people=24, since_year=2009
    )
    Product.objects.filter(pk=thing.pk).update(
        maker=maker,
        district="Nyanza",
        product_type="peace-basket",
        facts={"material": ["sisal", "sweetgrass"], "work_days": 6},
    )
    thing.refresh_from_db()
    return thing


def opened(product, **said):
    said = {"number": "HB-2026-11", "made_on": date(2026, 11, 2), "units": 24, "actor": "user:1", "today": TODAY} | said
    return origins.open_batch(product, **said)


def test_a_batch_gets_a_code_that_nobody_guesses(product):
    batches = [opened(product, number=f"B-{n}") for n in range(20)]
    assert len({batch.code for batch in batches}) == 20
    assert all(set(batch.code) <= set(origins.LETTERS) and len(batch.code) == 14 for batch in batches)
    assert len(origins.LETTERS) ** origins.LENGTH >= 2**64
    assert not set(origins.LETTERS) & set("01ILOU")
    assert AuditRecord.objects.filter(deed="batch_opened").count() == 20


@pytest.mark.parametrize(
    "said",
    [
        {"number": "  "},
        {"number": "x" * 31},
        {"units": 0},
        {"units": -1},
        {"units": origins.MOST_UNITS + 1},
        {"made_on": date(2026, 11, 24)},
        {"best_before": date(2026, 11, 2)},
    ],
)
def test_a_batch_that_cannot_be_is_refused(product, said):
    with pytest.raises(origins.BadBatch):
        opened(product, **said)
    assert not Batch.objects.exists() and not AuditRecord.objects.filter(deed="batch_opened").exists()


def test_a_number_is_given_once_a_product(product):
    opened(product)
    with pytest.raises(origins.BatchExists):
        opened(product, number=" HB-2026-11 ", units=3)
    assert Batch.objects.get().units == 24


def test_the_passport_says_what_is_known(product):
    opened(product, number="old", made_on=date(2026, 5, 1))
    newest = opened(product)
    passport = origins.passport(product, origins.newest_batch(product))
    assert (passport.district, passport.spot) == ("尼扬扎", rwanda_map.spot("Nyanza"))
    assert (passport.by_whom, passport.craft) == ("Ineza", "编织")
    assert (passport.materials, passport.work_days) == ("剑麻、香蒲草", "6")
    assert passport.batch == newest


def test_days_of_work_may_be_from_to(product):
    product.facts = {**product.facts, "work_days": [4, 5]}
    assert origins.passport(product).work_days == "4–5"


def test_the_passport_leaves_out_what_is_not_known(basket):
    passport = origins.passport(cast.of_no_type(basket).product)
    assert (passport.district, passport.by_whom, passport.craft, passport.materials) == ("胡耶", "", "", "")
    assert passport.work_days == "" and passport.batch is None


def test_the_origin_page_tells_its_holder(client, product):
    batch = opened(product, best_before=date(2027, 11, 2))
    answer = client.get(f"/origin/{batch.code}/")
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("public") and not answer.cookies
    for word in ("HB-2026-11", "Ineza", "尼扬扎", "2026年11月2日", "2027年11月2日", origins.spaced(batch.code)):
        assert word in page
    assert product.seller.legal_name not in page and product.seller.phone not in page
    assert "noindex" in page


@pytest.mark.parametrize("language", ["", "/en", "/fr", "/rw"])
def test_every_language_has_the_origin_page_and_the_tag_leads_to_the_first(client, product, language):
    batch = opened(product)
    assert client.get(f"{language}/origin/{batch.code}/").status_code == 200
    with translation.override("rw"):
        assert origins.address(batch) == f"{settings.SITE_URL.rstrip('/')}/origin/{batch.code}/"


def test_a_code_is_found_however_it_is_typed(client, product):
    batch = opened(product)
    typed = "-".join(origins.spaced(batch.code).split()).lower()
    assert batch.number in client.get(f"/origin/{typed}/").content.decode()


@pytest.mark.parametrize("code", ["A", "2" * 14, "2" * 15, "_", "x" * 300])
def test_an_unknown_code_is_not_found_with_a_word_of_help(client, product, code):
    opened(product)
    answer = client.get(f"/origin/{code}/")
    assert answer.status_code == 404
    assert client.get(f"/origin/{code}.png").status_code == 404


@pytest.mark.parametrize("status", ["paused", "suspended", "archived", "submitted", "changes_requested"])
def test_what_was_taken_off_sale_still_has_its_origin(client, product, status):
    batch = opened(product)
    Product.objects.filter(pk=product.pk).update(status=status)
    page = client.get(f"/origin/{batch.code}/").content.decode()
    assert batch.number in page and f"/p/{product.slug}/" not in page


@pytest.mark.parametrize("status", ["submitted", "changes_requested", "suspended"])
def test_words_that_nobody_read_are_not_shown(client, product, status):
    batch = opened(product)
    Product.objects.filter(pk=product.pk).update(status=status, name_zh="治百病的篮子")
    page = client.get(f"/origin/{batch.code}/").content.decode()
    assert "治百病" not in page and "和平篮" in page


def test_what_was_never_on_sale_has_no_origin_page(client, product):
    batch = opened(product)
    Product.objects.filter(pk=product.pk).update(status="draft", published_at=None)
    assert client.get(f"/origin/{batch.code}/").status_code == 404


def test_the_code_is_a_picture_to_scan(client, product):
    answer = client.get(f"/origin/{opened(product).code}.png")
    assert answer["Content-Type"] == "image/png" and "max-age" in answer["Cache-Control"]
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == picture.height >= 300 and len(answer.content) < 2000


def test_a_new_batch_shows_on_the_page_at_once(client, product, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as told:
        opened(product)
    assert pages.of_product(product.pk) in [thing for one in told for thing in one.args[0]]
