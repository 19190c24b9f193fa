"""Requests that no browser of ours would send: paths, hosts, headers, methods, ids and bodies."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access import walk
from tests.access.declared import DOORS

pytestmark = pytest.mark.django_db

PATHS = [
    *("/%2e%2e/", "//", "/admin/..;/", "/%00", "/p/%00/", "/p/\u0000/", "/%c0%ae%c0%ae/", "/%ff%fe/"),
    *("/media/%00", "/media/..%2f..%2fetc/passwd", "/media/../../etc/passwd", "/static/../manage.py"),
    *("/.git/config", "/.env", "/sell/papers/../../", "/" + "a" * 8000, "/c/" + "a" * 300 + "/"),
    *("/verify/" + "A" * 300 + "/", "/s/%F0%9F%92%A9/", "/legal/%2e%2e/", "/xx/", "/zh-hans/", "/rw/rw/"),
    *("/en//evil.example", "/?" + "&".join(f"k{n}={n}" for n in range(200)), "/search/?q=%00", "/search/?q=%ff"),
    *("/search/?page=-1", "/search/?page=999999", "/search/?q=a&sort=;drop", "/search/?q=" + "%E7%AF%AE" * 4000),
    *("/?page=%00", "/c/basketry/?page=1e9", "/orders/?tab=%00&page=x", "/checkout/?address=99999999999999999999"),
    *(
        "/verify/?code=%00",
        "/verify/?lang=%00&code=AAAA",
        "/estimate/cart/?province=%00",
        "/sell/orders/?tab=%00&page=%00",
    ),
]
QUERIES = [
    *(
        "'",
        '"',
        "%",
        "_",
        "\\",
        ":*",
        "&|!()",
        "' OR 1=1--",
        "   ",
        "👩🏿‍🌾",
        "手工编织篮子和咖啡",
        "咖啡 coffee ikawa",
    ),
    *("(" * 200, "<->", "a" * 160),
]
LANGUAGES = ["../../", "x" * 10_000, "zh-hans;q=abc", "*", "en-" * 500, "\x7f", "rw,fr;q=1e9", ",,,", "de-DE"]
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW"]
BIG = [2**31, 2**63, 2**64, 10**30]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_no_path_breaks_anything(lived_in, path):
    for user in (lived_in.buyer, lived_in.artisan, None):
        answer = walk.client_of(user).get(path)
        assert answer.status_code < 500, (path[:80], answer.status_code)
        assert "evil" not in answer.get("Location", "")
        assert not answer.get("Location", "").startswith("//")
        assert b"root:" not in walk.body_of(answer)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:20])
def test_search_takes_anything(lived_in, query):
    answer = walk.client_of(None).get("/search/", {"q": query})
    assert answer.status_code == 200
    assert "Canary" not in answer.content.decode()


def test_ids_beyond_every_column_are_not_found(lived_in):
    wrong = []
    people = [walk.client_of(user) for user in (lived_in.buyer, lived_in.artisan)]
    for address in walk.addresses():
        for big in BIG:
            given = {"UUIDConverter": uuid.uuid4(), "IntConverter": big}
            kinds = {name: type(it).__name__ for name, it in address.pattern.pattern.converters.items()}
            ids = {name: given.get(kind, f"x{big}") for name, kind in kinds.items()}
            for client in people if ids else []:
                url = reverse(address.name, kwargs=ids)
                for answer in (client.get(url), client.post(url, headers={"origin": walk.OUR_ORIGIN})):
                    if answer.status_code >= 500 or answer.status_code == 200:
                        wrong.append(f"{answer.request['REQUEST_METHOD']} {url}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_method_breaks_or_changes_anything(lived_in):
    wrong = []
    people = [walk.client_of(user) for user in (lived_in.buyer, lived_in.artisan)]
    before = walk.snapshot()
    for name, door in DOORS.items():
        url = walk.url_of(name, door.ids, lived_in)
        for client in people:
            for method in METHODS:
                status = client.generic(method, url, b"quantity=3", headers={"origin": walk.OUR_ORIGIN}).status_code
                if status >= 500 and status != 501:
                    wrong.append(f"{method} {name}: {status}")
        if moved := walk.changed(before) - door.writes:
            wrong.append(f"{name} changed {moved}")
        before = walk.snapshot()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language[:20])
def test_no_language_header_breaks_a_page(lived_in, language):
    for url in ("/", "/sell/", "/sell/apply/", "/verify/", "/sign-in/", "/admin/login/"):
        answer = walk.client_of(None).get(url, headers={"accept-language": language})
        assert answer.status_code < 400, (url, answer.status_code)
    cookie = walk.client_of(None)
    cookie.cookies["isoko_language"] = language[:3000].replace(";", "").replace(",", "").replace("\x7f", "")
    assert cookie.get("/sell/apply/").status_code < 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a@b", "", "testserver,evil"])
def test_another_host_is_refused(lived_in, host):
    for url in ("/", "/sign-in/", "/checkout/"):
        answer = walk.client_of(lived_in.buyer).get(url, headers={"host": host})
        assert answer.status_code == 400, (url, answer.status_code)


def test_a_proxy_that_is_not_there_is_not_believed(lived_in):
    client = walk.client_of(lived_in.buyer)
    lies = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-for": "<script>, " * 50}
    for url in ("/", "/me/", "/sign-in/", f"/orders/{lived_in.unpaid.number}/"):
        answer = client.get(url, headers=lies)
        assert answer.status_code == 200
        assert b"evil.example" not in answer.content


def test_bodies_that_are_no_forms_are_refused(lived_in):
    wrong = []
    for user in (lived_in.buyer, lived_in.artisan):
        client = walk.client_of(user)
        for name, door in DOORS.items():
            if set(door.post) == {"405"}:
                continue
            url = walk.url_of(name, door.ids, lived_in)
            for kind, body in (
                ("application/json", b'{"quantity": 1e999, "a": ' + b"[" * 5000),
                ("text/plain", b"\xff\xfe\x00"),
                ("multipart/form-data", b"no boundary"),
                ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
                ("application/x-www-form-urlencoded; charset=utf-7", b"a=+AGE-"),
                ("application/x-www-form-urlencoded; charset=nonsense", b"a=%ff"),
                ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1100))),
                ("application/x-www-form-urlencoded", b"a=" + b"x" * 3_000_000),
            ):
                with transaction.atomic():
                    answer = client.generic("POST", url, body, kind, headers={"origin": walk.OUR_ORIGIN})
                    transaction.set_rollback(True)
                if answer.status_code >= 500:
                    wrong.append(f"{name}: {kind} {body[:20]!r}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_session_that_was_closed_opens_nothing(lived_in):
    client = walk.client_of(lived_in.buyer)
    kept = client.cookies["session"].value
    client.post("/sign-out/", headers={"origin": walk.OUR_ORIGIN})
    thief = walk.client_of(None)
    thief.cookies["session"] = kept
    assert walk.word_for(thief.get("/me/")) == "sign-in"


@pytest.mark.parametrize("name", ["session", "csrf", "cart", "messages", "isoko_language"])
@pytest.mark.parametrize("value", ["x", "a.b.c", "A" * 4000, "é", "..%00"], ids=lambda value: value[:10])
def test_a_forged_cookie_is_no_cookie(lived_in, name, value):
    client = walk.client_of(None)
    client.cookies[name] = value
    for url in ("/", "/cart/", "/sign-in/", "/me/"):
        assert client.get(url).status_code in {200, 302}, url
