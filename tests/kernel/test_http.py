import json
import logging
from typing import Any

import pytest
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.response import Response

from kernel import http
from kernel.refusals import Refusal

HOME = "http://testserver"


class Shut(Refusal):
    code = "shut"
    message = _("This cannot be done now.")


@http.public_page
def shelf(request: HttpRequest) -> HttpResponse:
    if "look" in request.GET:
        request.session.get("who")
    if "cookie" in request.GET:
        response = HttpResponse("shelf")
        response.set_cookie("strange", "1")
        return response
    if "vary" in request.GET:
        return HttpResponse("shelf", headers={"Vary": "Cookie, HX-Request"})
    if "refuse" in request.GET:
        raise Shut()
    notices = " ".join(str(notice) for notice in messages.get_messages(request))
    return HttpResponse(f"shelf {notices}".strip())


@http.private_page
def drawer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("drawer")


@http.secret_page
def safe(request: HttpRequest) -> HttpResponse:
    return HttpResponse("safe")


@require_POST
@http.same_origin_post
def put(request: HttpRequest) -> HttpResponse:
    if "shut" in request.POST:
        raise Shut()
    return HttpResponse("put")


def home(request: HttpRequest) -> HttpResponse:
    if "refuse" in request.GET:
        raise Shut()
    return HttpResponse("home")


class Named(serializers.Serializer[Any]):
    name = serializers.CharField()


@api_view(["GET", "POST"])
@authentication_classes([])
@permission_classes([])
def api(request: Any) -> Response:
    wanted = request.GET.get("raise") or request.data
    if wanted == "refusal":
        raise Shut()
    if wanted == "404":
        raise Http404
    if wanted == "throttled":
        raise exceptions.Throttled(wait=7)
    if wanted == "form":
        Named(data={}).is_valid(raise_exception=True)
    return Response({})


urlpatterns = [
    path("", home),
    path("shelf/", shelf),
    path("drawer/", drawer),
    path("safe/", safe),
    path("put/", put),
    path("api/", api),
]
MIDDLEWARE = [
    "kernel.http.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kernel.http.RefusalMiddleware",
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _only_what_matters(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if "locale" not in name]
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture
def checked() -> Client:
    """A client that checks tokens, as a browser's requests are checked."""
    return Client(enforce_csrf_checks=True)


class TestSameOrigin:
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": HOME},
            {"origin": HOME, "sec-fetch-site": "same-origin"},
            {"sec-fetch-site": "same-origin"},
            {"origin": "null", "sec-fetch-site": "same-origin"},
            {"referer": HOME + "/shelf/"},
        ],
    )
    def test_our_own_pages_may_post_without_a_token(self, checked: Client, headers: dict[str, str]) -> None:
        assert checked.post("/put/", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://evil.example"},
            {"origin": "https://testserver"},
            {"origin": HOME + ":8080"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"origin": HOME, "sec-fetch-site": "cross-site"},
            {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
            {"origin": "https://evil.example", "referer": HOME + "/"},
            {"referer": "https://evil.example/?http://testserver/"},
            {"referer": HOME + ".evil.example/"},
        ],
    )
    def test_others_may_not(self, checked: Client, headers: dict[str, str]) -> None:
        assert checked.post("/put/", headers=headers).status_code == 403

    def test_a_trusted_origin_may(self, checked: Client) -> None:
        with override_settings(CSRF_TRUSTED_ORIGINS=["https://shop.example"]):
            assert checked.post("/put/", headers={"origin": "https://shop.example"}).status_code == 200


class TestCaching:
    def test_a_public_page_is_shared_and_asked_for_by_its_etag(self, client: Client) -> None:
        first = client.get("/shelf/")
        assert first["Cache-Control"] == http.PUBLIC
        assert first["ETag"].startswith('"')
        again = client.get("/shelf/", headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert client.get("/shelf/", headers={"if-none-match": '"other"'}).status_code == 200

    def test_a_public_page_sets_no_cookie_and_varies_by_none(self, client: Client) -> None:
        response = client.get("/shelf/?vary")
        assert not response.cookies
        assert not client.get("/shelf/").cookies
        assert response["Vary"] == "HX-Request"

    def test_a_page_that_looked_into_the_session_is_private(self, client: Client) -> None:
        response = client.get("/shelf/?look")
        assert response["Cache-Control"] == http.PRIVATE
        assert "Cookie" in response["Vary"]

    def test_a_page_with_a_strange_cookie_is_private_and_a_mistake(self, client: Client, settings: Any) -> None:
        assert client.get("/shelf/?cookie")["Cache-Control"] == http.PRIVATE
        settings.DEBUG = True
        with pytest.raises(ImproperlyConfigured, match="strange"):
            client.get("/shelf/?cookie")

    def test_a_page_with_a_notice_is_private_once(self, client: Client, settings: Any) -> None:
        settings.DEBUG = True
        client.post("/put/", {"shut": 1}, headers={"origin": HOME, "referer": HOME + "/shelf/"})
        noticed = client.get("/shelf/")
        assert noticed.content != b"shelf"
        assert noticed["Cache-Control"] == http.PRIVATE
        assert client.get("/shelf/")["Cache-Control"] == http.PUBLIC

    def test_a_refused_public_page_is_not_kept(self, client: Client) -> None:
        assert "Cache-Control" not in client.get("/shelf/?refuse").headers

    def test_private_and_secret_pages_say_so(self, client: Client) -> None:
        assert client.get("/drawer/")["Cache-Control"] == "private, no-cache"
        assert client.get("/safe/")["Cache-Control"] == "no-store"


class TestRefusals:
    def test_the_person_is_sent_back_with_a_notice(self, client: Client) -> None:
        answer = client.post("/put/", {"shut": 1}, headers={"origin": HOME, "referer": HOME + "/shelf/?page=2"})
        assert (answer.status_code, answer["Location"]) == (303, "/shelf/?page=2")
        assert client.get("/shelf/").content != b"shelf"

    @pytest.mark.parametrize("referer", ["https://evil.example/shelf/", HOME + "/put/", HOME + "/nowhere/", "", "junk"])
    def test_or_home_when_there_is_no_way_back(self, client: Client, referer: str) -> None:
        answer = client.post("/put/", {"shut": 1}, headers={"origin": HOME, "referer": referer})
        assert (answer.status_code, answer["Location"]) == (303, "/")

    def test_a_refusing_page_never_leads_to_itself(self, client: Client) -> None:
        answer = client.get("/shelf/?refuse", headers={"referer": HOME + "/shelf/?refuse"})
        assert answer["Location"] == "/"
        assert client.get("/?refuse", headers={"referer": HOME + "/"}).status_code == 409

    def test_a_fragment_or_a_program_gets_the_status(self, client: Client) -> None:
        asked = {"origin": HOME, "referer": HOME + "/shelf/"}
        fragment = client.post("/put/", {"shut": 1}, headers={**asked, "hx-request": "true"})
        assert (fragment.status_code, fragment["Content-Type"]) == (409, "text/plain; charset=utf-8")
        answer = client.post("/put/", {"shut": 1}, headers={**asked, "accept": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (409, "shut")

    def test_other_errors_are_not_swallowed(self, client: Client) -> None:
        assert (
            http.RefusalMiddleware(lambda _request: HttpResponse()).process_exception(HttpRequest(), ValueError())
            is None
        )


class TestNext:
    @pytest.mark.parametrize(
        "hostile",
        [
            "//evil.example",
            "///evil.example",
            "https:evil.example",
            "https://evil.example/",
            r"\/evil.example",
            r"/\evil.example",
            r"\\evil.example",
            "javascript:alert(1)",
            "%2F%2Fevil.example",
            "/%2Fevil.example",
            "/%252Fevil.example",
            "/%255Cevil.example",
            "/%25252525252Fevil.example",
            "/\t/evil.example",
            "/%09/evil.example",
            " /shelf/",
            "/shelf/\r\nSet-Cookie: a=b",
            "http://testserver/shelf/",
            "shelf/",
            "",
        ],
    )
    def test_a_hostile_next_goes_home(self, rf: RequestFactory, hostile: str) -> None:
        assert http.safe_next(rf.get("/", {"next": hostile})) == "/"
        assert http.safe_next(rf.post("/", {"next": hostile}), "/cart/") == "/cart/"

    @pytest.mark.parametrize(
        "good", ["/", "/shelf/", "/shelf/?page=2&q=%E8%8C%B6", "/en/shelf/#row-3", "/search/?q=100%25"]
    )
    def test_a_path_of_ours_is_kept(self, rf: RequestFactory, good: str) -> None:
        assert http.safe_next(rf.get("/", {"next": good})) == good

    def test_the_field_may_be_named(self, rf: RequestFactory) -> None:
        assert http.safe_next(rf.get("/", {"back": "/shelf/"}), field="back") == "/shelf/"


class TestRequestId:
    def test_each_answer_has_its_own(self, client: Client) -> None:
        one, other = client.get("/"), client.get("/", headers={"x-request-id": "forged\n"})
        assert len(one["X-Request-Id"]) == 32
        assert other["X-Request-Id"] not in {one["X-Request-Id"], "forged\n"}

    def test_log_lines_carry_it(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "x", 1, "x", None, None)
        token = http.request_id.set("abc")
        assert http.RequestIdFilter().filter(record)
        http.request_id.reset(token)
        assert vars(record)["request_id"] == "abc"


def test_a_fragment_is_wanted_by_htmx_but_not_by_its_history(rf: RequestFactory) -> None:
    assert http.wants_fragment(rf.get("/", headers={"hx-request": "true"}))
    assert not http.wants_fragment(rf.get("/", headers={"hx-request": "true", "hx-history-restore-request": "true"}))
    assert not http.wants_fragment(rf.get("/"))


class TestProblems:
    def problem(self, client: Client, query: str, status: int) -> dict[str, Any]:
        answer = client.get(f"/api/?raise={query}", headers={"accept": "application/json"})
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
        body = json.loads(answer.content)
        assert body["status"] == status
        assert {"type", "title", "code", "detail"} <= set(body)
        return body

    def test_a_refusal(self, client: Client) -> None:
        assert self.problem(client, "refusal", 409)["code"] == "shut"

    def test_a_missing_thing(self, client: Client) -> None:
        assert self.problem(client, "404", 404)["code"] == "not_found"

    def test_a_bad_form_names_its_fields(self, client: Client) -> None:
        body = self.problem(client, "form", 422)
        assert body["code"] == "invalid"
        assert list(body["errors"]) == ["name"]
        assert body["detail"] == body["errors"]["name"][0]

    def test_too_many_requests_say_when_to_come_back(self, client: Client) -> None:
        assert self.problem(client, "throttled", 429)["code"] == "throttled"
        assert client.get("/api/?raise=throttled")["Retry-After"] == "7"

    def test_a_broken_body(self, client: Client) -> None:
        answer = client.post("/api/", "{", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")

    def test_a_method_that_is_not_there(self, client: Client) -> None:
        answer = client.delete("/api/")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        assert answer["Allow"]
