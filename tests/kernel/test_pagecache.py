"""Public pages kept ready: who gets them, when they are made anew, and what a dead cache costs."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest
import time_machine
from django.contrib import messages
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from kernel import http, pagecache

NOW = "2026-11-23T08:00:00Z"
LONG = "basket " * 100
made: list[str] = []


@http.public_page
def shelf(request: HttpRequest) -> HttpResponse:
    made.append(request.get_full_path())
    pagecache.depends_on(request, "product:7")
    return HttpResponse(f"{LONG}{len(made)}")


@http.public_page
def noticed(request: HttpRequest) -> HttpResponse:
    made.append(request.path)
    return HttpResponse(" ".join(str(notice) for notice in messages.get_messages(request)) + LONG)


@http.private_page
def drawer(request: HttpRequest) -> HttpResponse:
    made.append(request.path)
    return HttpResponse(LONG)


def leave_notice(request: HttpRequest) -> HttpResponse:
    messages.success(request, "kept")
    return HttpResponse("left")


urlpatterns = [
    path("shelf/", shelf),
    path("noticed/", noticed),
    path("drawer/", drawer),
    path("leave/", leave_notice),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _a_cache(settings: Any) -> Any:
    settings.PAGE_CACHE_SECONDS = 60
    settings.MIDDLEWARE = [
        "kernel.pagecache.PageCacheMiddleware",
        "kernel.http.RequestIdMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    caches["pages"].clear()
    made.clear()
    pagecache._Rest.until = 0.0
    yield
    pagecache._Rest.until = 0.0


def test_a_public_page_is_made_once_for_everybody(client: Client) -> None:
    first, second = client.get("/shelf/"), Client().get("/shelf/")
    assert first.content == second.content
    assert made == ["/shelf/"]
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert "Set-Cookie" not in second


def test_every_address_has_its_own_page(client: Client) -> None:
    client.get("/shelf/?page=2")
    client.get("/shelf/?page=3")
    client.get("/shelf/", HTTP_HOST="localhost")
    assert len(made) == 3


def test_private_pages_are_made_each_time(client: Client) -> None:
    client.get("/drawer/")
    client.get("/drawer/")
    assert made == ["/drawer/"] * 2


def test_a_notice_is_shown_to_its_reader_alone(client: Client) -> None:
    client.get("/leave/")
    assert b"kept" in client.get("/noticed/").content
    assert b"kept" not in Client().get("/noticed/").content


def test_a_page_is_made_anew_after_what_it_is_made_of_changed(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client.get("/shelf/")
        clock.shift(5)
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            pagecache.touch("product:8")
        client.get("/shelf/")
        assert len(made) == 1
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            pagecache.touch("product:7")
        client.get("/shelf/")
        assert len(made) == 2
        clock.shift(pagecache.MARGIN + 1)
        client.get("/shelf/")
        assert len(made) == 3  # made while the change may still have been on its way: not answered again
        client.get("/shelf/")
        assert len(made) == 3


def test_a_change_that_is_rolled_back_touches_nothing(client: Client) -> None:
    client.get("/shelf/")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        pagecache.touch("product:7")
        raise ZeroDivisionError
    client.get("/shelf/")
    assert len(made) == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip;q=0.8", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("", "", bytes),
    ],
)
def test_the_page_is_packed_as_its_reader_can_unpack_it(
    client: Client, accepted: str, coding: str, unpack: Any
) -> None:
    for _turn in range(2):
        answer = client.get("/shelf/", headers={"accept-encoding": accepted})
        assert answer.headers.get("Content-Encoding", "") == coding
        assert unpack(answer.content).startswith(b"basket")
        assert int(answer["Content-Length"]) == len(answer.content)
        assert "Accept-Encoding" in answer["Vary"]


def test_whoever_has_the_page_is_told_so(client: Client) -> None:
    etag = client.get("/shelf/", headers={"accept-encoding": "br"})["ETag"]
    again = client.get("/shelf/", headers={"accept-encoding": "br", "if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/shelf/", headers={"accept-encoding": "gzip", "if-none-match": etag})
    assert other.status_code == 200


def test_a_question_about_a_page_not_kept_yet_is_answered_and_the_page_kept(client: Client) -> None:
    etag = client.get("/shelf/")["ETag"]
    caches["pages"].clear()
    made.pop()
    assert client.get("/shelf/", headers={"if-none-match": etag}).status_code == 304
    assert client.get("/shelf/").status_code == 200
    assert len(made) == 1


def test_head_has_the_headers_alone(client: Client) -> None:
    client.get("/shelf/")
    answer = client.head("/shelf/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_very_long_addresses_are_not_kept(client: Client) -> None:
    client.get("/shelf/?q=" + "x" * 400)
    client.get("/shelf/?q=" + "x" * 400)
    assert len(made) == 2


def test_a_dead_cache_costs_one_try_and_no_page(client: Client, settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        },
    }
    assert client.get("/shelf/").status_code == 200
    assert pagecache._Rest.until > 0
    assert client.get("/shelf/").status_code == 200
    assert len(made) == 2


def test_pages_can_be_made_each_time(client: Client, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    client.get("/shelf/")
    client.get("/shelf/")
    assert len(made) == 2


def test_a_piece_of_a_page_is_kept_apart_from_it(client: Client) -> None:
    client.get("/shelf/")
    for _ask in range(2):
        client.get("/shelf/", headers={"HX-Request": "true"})
    assert made == ["/shelf/"] * 2
