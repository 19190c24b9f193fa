"""What people see when something cannot be shown: in the language of the address they asked for, with a way on.

Pages of the shop stand in its frame, with the search and the shelves. Whatever may itself be broken (a request nobody
could read, a fault of ours) and pages of sellers and staff stand alone: no query, no session.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.languages import by_path
from kernel.http import is_own_path, request_id, wants_fragment, wants_json
from kernel.refusals import Refusal

# Where the way on leads from pages that are not the shop's.
OWN_FRAMES = ("/sell/", "/admin/")


@dataclass(frozen=True)
class Problem:
    """What went wrong, for people; `back` is the page to open again, `number` what to quote to us."""

    status: HTTPStatus
    title: str
    text: str
    back: str = ""
    number: str = ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request that nobody could read."""
    with translation.override(_language(request)):
        text = _("We could not read that request. Go back and try again.")
        return _alone(request, Problem(HTTPStatus.BAD_REQUEST, _("That did not arrive well"), text))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What a request is refused for before anybody reads it: no length (411), too long (413)."""
    with translation.override(_language(request)):
        return _alone(request, Problem(HTTPStatus(refusal.status), _("That did not arrive well"), str(refusal)))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not theirs. Says what the code says, if it says something."""
    with translation.override(_language(request)):
        text = str(exception or "") or _("You may not open this page. Sign in with the account it belongs to.")
        return _answer(request, Problem(HTTPStatus.FORBIDDEN, _("Not allowed"), text))


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing for this reader."""
    with translation.override(_language(request)):
        text = _("There is nothing at this address. It may have moved, or it belongs to someone else.")
        return _answer(request, Problem(HTTPStatus.NOT_FOUND, _("Page not found"), text))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token: opened long ago, or the browser keeps no cookies."""
    with translation.override(_language(request)):
        text = _("The form was open too long, or your browser keeps no cookies. Open the page again and send it anew.")
        back = _own_page_before(request)
        return _answer(request, Problem(HTTPStatus.FORBIDDEN, _("The form was not accepted"), text, back=back))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Touches nothing that may be broken."""
    with translation.override(_language(request)):
        text = _("Something broke on our side. We have been told. Please try again in a few minutes.")
        problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, _("A problem"), text, number=request_id.get())
        return _alone(request, problem)


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    if _home(request) != "/":
        return _alone(request, problem)
    return _spoken(request, problem) or render(
        request, "storefront/problem.html", {"problem": problem}, status=problem.status
    )


def _alone(request: HttpRequest, problem: Problem) -> HttpResponse:
    plain = _spoken(request, problem)
    if plain is not None:
        return plain
    facts: dict[str, Any] = {"problem": problem, "home": _home(request), "language": translation.get_language()}
    return HttpResponse(render_to_string("alone.html", facts), status=problem.status)


def _spoken(request: HttpRequest, problem: Problem) -> HttpResponse | None:
    """The answer for a program or for a piece of a page; None for a reader."""
    if wants_json(request):
        return JsonResponse({"code": problem.status.name.lower(), "detail": problem.text}, status=problem.status)
    if wants_fragment(request):
        return HttpResponse(problem.text, status=problem.status, content_type="text/plain; charset=utf-8")
    return None


def _home(request: HttpRequest) -> str:
    return next((start for start in OWN_FRAMES if request.path_info.startswith(start)), "/")


def _language(request: HttpRequest) -> str:
    """The language that was settled for this request; by the address if it failed before."""
    return getattr(request, "LANGUAGE_CODE", None) or by_path(request.path_info)


def _own_page_before(request: HttpRequest) -> str:
    before = urlsplit(request.headers.get("Referer", ""))
    path = before.path + (f"?{before.query}" if before.query else "")
    ours = f"{before.scheme}://{before.netloc}" == f"{request.scheme}://{request.get_host()}"
    return path if ours and is_own_path(path, request) else ""
