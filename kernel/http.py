"""What every page owes the web: who may cache it, where it may send people, whom it hears, and a number to quote."""

from __future__ import annotations

import contextvars
import functools
import hashlib
import inspect
import logging
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from .refusals import Refusal

View = Callable[..., HttpResponseBase]

PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
PRIVATE = "private, no-cache"
SECRET = "no-store"  # noqa: S105
NOTICES = CookieStorage.cookie_name

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")


# Questions about a request -------------------------------------------------------------------------------------------


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page, rather than the whole page again for its history."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return "application/json" in request.headers.get("Accept", "") or request.content_type == "application/json"


def in_wechat(request: HttpRequest) -> bool:
    """Whether WeChat's own browser asks, where Alipay and downloads do not open. For private pages alone.

    A page that many share may not differ by it.
    """
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def safe_next(request: HttpRequest, default: str = "/", *, field: str = "next") -> str:
    """Where the form or link wants to go next, if that is a path of this house; else `default`."""
    wanted = request.POST.get(field) or request.GET.get(field) or ""
    return wanted if is_own_path(wanted, request) else default


def is_own_path(url: str, request: HttpRequest) -> bool:
    """Whether a URL is a plain path on this host, however often it was percent-encoded."""
    for _round in range(4):
        if not url.startswith("/") or url.startswith("//") or re.search(r"[\x00-\x20\x7f\\]", url):
            return False
        if not url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return False
        if url == (url := unquote(url)):
            return True
    return False


def from_our_pages(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this request; no page can forge it."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site and site != "same-origin":
        return False
    if origin and not (origin == "null" and site):
        return origin == _origin(request) or origin in settings.CSRF_TRUSTED_ORIGINS
    if site:
        return True
    referer = urlsplit(request.headers.get("Referer", ""))
    return f"{referer.scheme}://{referer.netloc}" == _origin(request)


# Decorators of views -------------------------------------------------------------------------------------------------


def same_origin_post(view: View) -> View:
    """A POST without a token, for forms on pages that caches share: only our own pages may send it, others get 403."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not from_our_pages(request):
            raise PermissionDenied(_("This form was not sent from our own page. Open the page again and retry."))
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def public_page(view: View) -> View:
    """A page that is the same for everybody: caches may keep it a minute, and browsers ask again by its ETag.

    A page that looked into the session or showed a notice was not the same for everybody, and becomes private by
    itself.
    """

    @functools.wraps(view)
    def shared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.streaming:
            return response
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        response["Cache-Control"] = PUBLIC
        return with_etag(request, response)

    return shared


def private_page(view: View) -> View:
    """A page of one person: kept by nobody else, and asked for again each time."""
    return _kept(view, PRIVATE)


def secret_page(view: View) -> View:
    """A page with an identity, a payment or a voucher: kept nowhere, not even for the back button."""
    return _kept(view, SECRET)


def with_etag(request: HttpRequest, response: Any) -> Any:
    """Stamp a finished response with a strong ETag of its bytes; answers 304 where the caller has them already."""
    etag = '"' + hashlib.sha256(response.content).hexdigest()[:32] + '"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


def _kept(view: View, how: str) -> View:
    @functools.wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = how
        return response

    return page


# Middleware ----------------------------------------------------------------------------------------------------------


class RequestIdMiddleware:
    """Numbers each request, in its answer and in every log line; outermost, so it has the last word on caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = request_id.set(uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            if response.headers.get("Cache-Control") == PUBLIC:
                _settle_caching(request, response)
            return response
        finally:
            request_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class RefusalMiddleware:
    """Turns a refusal that no view caught into a notice on the page they came from; programs get its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if wants_json(request):
            return JsonResponse({"code": error.code, "detail": str(error)}, status=error.status)
        back = _way_back(request)
        if wants_fragment(request) or back is None:
            return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
        return HttpResponse(status=303, headers={"Location": back})


def _settle_caching(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep a public page public only if nothing in it depends on who asked."""
    session = getattr(request, "session", None)
    touched = session is not None and (session.accessed or session.modified)
    notices = getattr(request, "_messages", None)
    noticed = notices is not None and (notices.added_new or (notices.used and bool(request.COOKIES.get(NOTICES))))
    if not noticed:
        response.cookies.pop(NOTICES, None)  # Django clears this cookie even where there is none to clear
    strange = set(response.cookies) - {NOTICES}
    if strange and settings.DEBUG:
        raise ImproperlyConfigured(f"a public page sets cookies: {', '.join(sorted(strange))}")
    if touched or noticed or response.cookies:
        response["Cache-Control"] = PRIVATE
        patch_vary_headers(response, ["Cookie"])
    elif "Vary" in response.headers:
        kept = [name for name in re.split(r"\s*,\s*", response["Vary"]) if name.lower() != "cookie"]
        if kept:
            response["Vary"] = ", ".join(kept)
        else:
            del response["Vary"]


def _way_back(request: HttpRequest) -> str | None:
    """The page for a notice: where the request came from if that can be opened, else home; None for a dead end."""
    referer = urlsplit(request.headers.get("Referer", ""))
    path = referer.path + (f"?{referer.query}" if referer.query else "")
    reading = request.method in {"GET", "HEAD"}
    ours = f"{referer.scheme}://{referer.netloc}" == _origin(request) and is_own_path(path, request)
    if ours and _opens(referer.path) and not (reading and referer.path == request.path):
        return path
    return None if reading and request.path == "/" else "/"


def _opens(path: str) -> bool:
    """Whether a path answers GET. `require_POST` leaves its methods in the closure of the view it wraps."""
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return False
    while view is not None:
        methods = (
            inspect.getclosurevars(view).nonlocals.get("request_method_list") if inspect.isfunction(view) else None
        )
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
