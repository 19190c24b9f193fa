"""Public pages kept ready: rendered and compressed once, then answered without waking the rest of the house.

Only what `kernel.http.public_page` made the same for everybody is kept, for a minute, in the shared cache. A view says
what its page is made of (`depends_on`), whoever changes that says so (`touch`), and pages older than the change are
made anew. Where the cache is away or slow, pages are simply made each time.
"""

from __future__ import annotations

import functools
import gzip
import logging
import re
import time
import uuid
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from .http import NOTICES, PUBLIC, wants_fragment

log = logging.getLogger(__name__)

ALIAS = "pages"
LONGEST_ADDRESS = 300
LARGEST_PAGE = 300_000
SMALLEST_WORTH_PACKING = 200
# A change is known for longer than any page made before it is kept.
REMEMBER_CHANGES = 3600
# Clocks of two servers differ a little, and a page may be read while its change commits.
MARGIN = 2.0
REST_AFTER_FAILURE = 10.0
# Brotli 5 and gzip 6 cost about as much as they save on one slow phone; static files get the highest levels at build.
BROTLI, GZIP = 5, 6
CODINGS = ("br", "gzip")
QUESTIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
OWN_HEADERS = {"x-request-id", "content-length", "date"}


@dataclass(frozen=True)
class Page:
    """A finished answer: its headers, and its body plain and packed. `began` is when it began to be made.

    One that is not kept is packed only as its caller can read it.
    """

    began: float
    depends: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    etag: str
    plain: bytes
    gzip: bytes
    brotli: bytes

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The answer as this caller can read it; 304 where they have it already."""
        coding, body = self._coded(_accepted(request))
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=dict(self.headers))
        response["X-Request-Id"] = uuid.uuid4().hex
        response["ETag"] = f'"{self.etag}{"-" if coding else ""}{coding}"'
        response["Content-Length"] = str(len(body))
        if coding:
            response["Content-Encoding"] = coding
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    def _coded(self, accepted: Container[str]) -> tuple[str, bytes]:
        if "br" in accepted and self.brotli:
            return "br", self.brotli
        if "gzip" in accepted and self.gzip:
            return "gzip", self.gzip
        return "", self.plain


def depends_on(request: HttpRequest, *things: str) -> None:
    """Say what a page is made of, such as `product:7`: it is made anew when one of them is touched."""
    known: set[str] = request.__dict__.setdefault("_page_depends_on", set())
    known.update(things)


def touch(*things: str) -> None:
    """Say that things changed, once this transaction commits: pages made of them before are no longer answered."""
    transaction.on_commit(functools.partial(_note, things))


class PageCacheMiddleware:
    """Answers public pages from the cache, and keeps those it had to have made. Outermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_be_kept(request):
            return self.get_response(request)
        key = _key(request)
        if kept := _fresh(key):
            return kept.answer(request)
        began = time.time()
        # The page is wanted whole, so that it can be kept; the caller's question is answered from it.
        questions = {name: request.META.pop(name) for name in QUESTIONS if name in request.META}
        response = self.get_response(request)
        request.META.update(questions)
        if not _is_whole_public_page(response):
            return response
        keep = _is_awake() and request.method == "GET"
        made = _page(request, response, began=began, codings=CODINGS if keep else _accepted(request)[:1])
        if keep and len(made.plain) <= LARGEST_PAGE:
            _safely(lambda: caches[ALIAS].set(key, made, settings.PAGE_CACHE_SECONDS))
        return made.answer(request)


def _may_be_kept(request: HttpRequest) -> bool:
    """Notices in a cookie make a page private, and odd addresses would fill the cache.

    Files are no pages: they are asked about by their own ETag.
    """
    return (
        request.method in {"GET", "HEAD"}
        and not request.path.startswith((settings.MEDIA_URL, settings.STATIC_URL))
        and NOTICES not in request.COOKIES
        and len(request.META.get("QUERY_STRING", "")) + len(request.path) <= LONGEST_ADDRESS
    )


def _is_whole_public_page(response: Any) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.get("Cache-Control") == PUBLIC
        and not response.cookies
        and "Content-Encoding" not in response.headers
    )


def _accepted(request: HttpRequest) -> tuple[str, ...]:
    """The codings of ours that this caller reads, the smaller first."""
    offered = request.headers.get("Accept-Encoding", "").split(",")
    read = {word.partition(";")[0].strip() for word in offered if not _REFUSED.search(word)}
    return tuple(coding for coding in CODINGS if coding in read)


def _page(request: HttpRequest, response: Any, *, began: float, codings: Container[str]) -> Page:
    patch_vary_headers(response, ["Accept-Encoding"])
    body: bytes = response.content
    worth = len(body) >= SMALLEST_WORTH_PACKING
    return Page(
        began=began,
        depends=tuple(sorted(request.__dict__.get("_page_depends_on", ()))),
        headers=tuple((name, value) for name, value in response.items() if name.lower() not in OWN_HEADERS),
        etag=response.headers.get("ETag", "").strip('"'),
        plain=body,
        gzip=gzip.compress(body, GZIP, mtime=0) if worth and "gzip" in codings else b"",
        brotli=brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI) if worth and "br" in codings else b"",
    )


def _key(request: HttpRequest) -> str:
    """A page and the piece of it that a script asks for have one address, and are kept apart."""
    kind = "piece" if wants_fragment(request) else "page"
    return f"{kind}:{request.scheme}:{request.META.get('HTTP_HOST', '')}:{request.get_full_path()}"


def _fresh(key: str) -> Page | None:
    """The page as it was kept, unless something it is made of has changed since."""
    kept: Page | None = _safely(lambda: caches[ALIAS].get(key))
    if kept is None or not kept.depends:
        return kept
    changed = _safely(lambda: caches[ALIAS].get_many(_changes(kept.depends)))
    if changed is None or any(at + MARGIN > kept.began for at in changed.values()):
        return None
    return kept


def _note(things: Iterable[str]) -> None:
    now = time.time()
    _safely(lambda: caches[ALIAS].set_many(dict.fromkeys(_changes(things), now), REMEMBER_CHANGES))


def _changes(things: Iterable[str]) -> list[str]:
    return [f"changed:{thing}" for thing in things]


class _Rest:
    """When the cache may be asked again after it failed: a dead cache must not cost every request its time-out."""

    until = 0.0


def _is_awake() -> bool:
    return bool(settings.PAGE_CACHE_SECONDS) and time.monotonic() >= _Rest.until


def _safely(ask: Callable[[], Any]) -> Any:
    """The cache's answer; None where it is switched off, resting or failing."""
    if not _is_awake():
        return None
    try:
        return ask()
    except Exception as error:  # each cache backend has errors of its own, and no page may fail for them
        _Rest.until = time.monotonic() + REST_AFTER_FAILURE
        log.warning("the page cache is away: %s", error)
        return None
