"""Which language a page speaks.

Buyers' pages say it in their address: Chinese at `/`, others under `/en/`, `/fr/`, `/rw/`; so they can be cached for
everybody. Sellers' and staff's pages have one address, and speak the language their reader chose.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from .models import Language

COOKIE_AGE = 60 * 60 * 24 * 365
# Addresses that are no buyers' pages, and what they speak to somebody who said nothing.
SPOKEN_TO_STRANGERS = {
    "/sell/": Language.KINYARWANDA,
    "/admin/": Language.ENGLISH,
    "/api/": Language.ENGLISH,
    "/verify/": Language.ENGLISH,
    "/webhooks/": Language.ENGLISH,
    "/media/": Language.ENGLISH,
    "/demo/": Language.ENGLISH,
}
_PREFIX = re.compile(r"/(en|fr|rw)(?=/|$)")


class LanguageMiddleware:
    """Sets the language of the answer. On buyers' pages it looks at nothing but the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.MEDIA_URL):
            return self.get_response(request)  # a picture has no language, and is kept for everybody
        stranger = _stranger_speaks(request.path_info)
        language = by_path(request.path_info) if stranger is None else by_reader(request, stranger)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", str(language))
        if stranger is not None:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def by_path(path: str) -> str:
    """The language of a buyers' page."""
    found = _PREFIX.match(path)
    return found[1] if found else Language.CHINESE.value


def by_reader(request: HttpRequest, otherwise: str) -> str:
    """The reader's own language: as kept for a signed-in person, else the cookie, else what the browser asks for."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        if not hasattr(request, "_cached_user"):
            request._cached_user = get_user(request)  # type: ignore[attr-defined]  # where AuthenticationMiddleware looks
        kept = getattr(request._cached_user, "language", None)  # type: ignore[attr-defined]
        if kept in Language.values:
            return str(kept)
    return chosen(request) or _asked_for(request) or otherwise


def chosen(request: HttpRequest) -> str | None:
    """The language in the cookie, if it is one of ours."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in Language.values else None


def localised(path: str, language: str) -> str:
    """The same page in another language: buyers' pages change their prefix, other pages keep their address."""
    bare = _PREFIX.sub("", path, count=1) or "/"
    if _stranger_speaks(bare) is not None or language not in Language.values:
        return path
    return bare if language == Language.CHINESE else f"/{language}{bare}"


def _stranger_speaks(path: str) -> str | None:
    return next((language for start, language in SPOKEN_TO_STRANGERS.items() if path.startswith(start)), None)


def _asked_for(request: HttpRequest) -> str | None:
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        try:
            language = get_supported_language_variant(wanted)
        except LookupError:
            continue
        if language in Language.values:
            return language
    return None
