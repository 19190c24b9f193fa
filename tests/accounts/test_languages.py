"""Which language a page speaks, and where a choice is remembered."""

import pytest

from accounts import languages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "zh-hans"), ("/en/", "en"), ("/fr/p/x/", "fr"), ("/rw", "rw"), ("/english/", "zh-hans")],
)
def test_a_buyers_page_says_its_language_in_its_address(path, language):
    assert languages.by_path(path) == language


def test_a_buyers_page_looks_at_nobody(client, artisan):
    client.force_login(artisan)
    client.cookies["isoko_language"] = "rw"
    page = client.get("/legal/terms/", headers={"Accept-Language": "fr"})
    assert page["Content-Language"] == "zh-hans"
    assert "public" in page["Cache-Control"]
    assert "Cookie" not in page.get("Vary", "")


@pytest.mark.parametrize(
    ("asks", "speaks"),
    [("fr-FR,fr;q=0.9", "fr"), ("sw", "rw"), ("", "rw"), ("../../", "rw"), ("x" * 10_000, "rw"), ("zh-CN", "zh-hans")],
)
def test_a_sellers_page_listens_to_the_browser(client, asks, speaks):
    assert client.get("/sell/help/", headers={"Accept-Language": asks})["Content-Language"] == speaks


def test_the_cookie_beats_the_browser_and_the_person_beats_the_cookie(client, artisan):
    client.cookies["isoko_language"] = "fr"
    assert client.get("/sell/help/", headers={"Accept-Language": "en"})["Content-Language"] == "fr"
    client.force_login(artisan)
    assert client.get("/sell/help/")["Content-Language"] == "rw"


def test_a_forged_cookie_is_no_language(client):
    client.cookies["isoko_language"] = "de"
    assert client.get("/sell/help/")["Content-Language"] == "rw"


def test_choosing_a_language_is_kept_with_the_person(client, artisan):
    client.force_login(artisan)
    page = client.post(
        "/language/", {"language": "fr", "next": "/sell/help/"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert (page["Location"], page.cookies["isoko_language"].value) == ("/sell/help/", "fr")
    artisan.refresh_from_db()
    assert artisan.language == "fr"


def test_other_sites_choose_nothing(client, artisan):
    client.force_login(artisan)
    assert client.post("/language/", {"language": "fr"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "language", "there"),
    [
        ("/", "en", "/en/"),
        ("/en/p/x/?q=1", "zh-hans", "/p/x/?q=1"),
        ("/fr/", "rw", "/rw/"),
        ("/sell/status/", "en", "/sell/status/"),
        ("/c/tea/", "fr", "/fr/c/tea/"),
        ("/c/tea/", "de", "/c/tea/"),
    ],
)
def test_the_same_page_in_another_language(path, language, there):
    assert languages.localised(path, language) == there
