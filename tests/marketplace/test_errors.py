"""What people see when something cannot be shown: the right status, their language, a way on, and no query for it."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from catalog.storefront import paging
from marketplace import errors

pytestmark = pytest.mark.django_db

TITLES = {"": "页面不存在", "/en": "Page not found", "/fr": "Page introuvable", "/rw": "Urupapuro ntirubonetse"}


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    """The front page fails, in the way given."""

    def fail(error):
        def page(request, *args, **kwargs):
            raise error

        monkeypatch.setattr(paging, "page", page)

    return fail


@pytest.mark.parametrize("prefix", TITLES)
def test_what_is_not_there_is_said_in_the_language_of_the_address(visitor, prefix):
    answer = visitor.get(f"{prefix}/p/no-such-thing/")
    page = answer.content.decode()
    assert answer.status_code == 404 and TITLES[prefix] in page
    assert f'href="{prefix}/"' in page and f'href="{prefix}/c/"' in page and f'action="{prefix}/search/"' in page
    assert 'name="robots" content="noindex"' in page and "canonical" not in page
    assert "public" not in answer.get("Cache-Control", "")


def test_an_address_that_nobody_knows_is_said_in_its_language_too(visitor):
    page = visitor.get("/rw/nothing/like/this").content.decode()
    assert '<html lang="rw"' in page and 'href="/rw/"' in page


def test_pages_of_sellers_lead_back_to_theirs(visitor, artisan):
    visitor.force_login(artisan)
    page = visitor.get("/sell/nothing/").content.decode()
    assert '<html lang="rw" data-ui="seller"' in page and 'href="/sell/"' in page


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "系统出现问题"), ("/en", "Something broke"), ("/rw", "Habaye ikibazo")]
)
def test_a_fault_of_ours_touches_nothing_and_gives_a_number(visitor, broken, buyer, prefix, words):
    visitor.force_login(buyer)
    broken(RuntimeError("broken"))
    with CaptureQueriesContext(connection) as queries:
        answer = visitor.get(f"{prefix}/")
    page = answer.content.decode()
    assert answer.status_code == 500 and words in page and len(queries) == 0
    assert answer["X-Request-Id"] in page and "broken" not in page


def test_a_request_that_nobody_can_read(visitor, broken):
    broken(SuspiciousOperation("no"))
    answer = visitor.get("/fr/")
    assert answer.status_code == 400 and '<html lang="fr"' in answer.content.decode()
    assert visitor.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_form_from_another_site_is_told_why(visitor, basket):
    answer = visitor.post(f"/en/cart/add/{basket.pk}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "not sent from our own page" in answer.content.decode()


def test_a_form_without_its_token_offers_the_page_again(buyer):
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(buyer)
    answer = visitor.post("/en/me/name/", {"name": "x"}, headers={"referer": "http://testserver/en/me/?a=1"})
    page = answer.content.decode()
    assert answer.status_code == 403 and "keeps no cookies" in page and 'href="/en/me/?a=1"' in page
    elsewhere = visitor.post("/en/me/name/", {"name": "x"}, headers={"referer": "http://evil.example/en/me/"})
    assert "evil.example" not in elsewhere.content.decode()


def test_programs_and_pieces_get_a_short_answer(visitor):
    answer = visitor.get("/en/p/nothing/", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and answer.json()["code"] == "not_found"
    piece = visitor.get("/en/favourites/1/", headers={"HX-Request": "true"})
    assert piece.status_code == 404 and piece["Content-Type"].startswith("text/plain")


def test_an_error_before_anything_is_settled_still_speaks():
    request = RequestFactory().get("/en/c/")
    for answer in (errors.bad_request(request), errors.page_not_found(request), errors.server_error(request)):
        assert b'<html lang="en"' in answer.content


def test_the_page_for_when_we_are_away_needs_nothing_else():
    page = Path("static/offline.html").read_text("utf-8")
    assert {"zh-Hans", "en", "fr", "rw"} <= set(re.findall(r'lang="([\w-]+)"', page))
    assert not re.findall(r'(?:src|href)="[^"]+"', page) and "url(" not in page and "<script" not in page
    assert len(page.encode()) < 3000
