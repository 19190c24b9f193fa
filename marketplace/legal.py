"""The texts people agree to, each version with its date and hash, for anyone to read and to compare."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import consents
from accounts.models import LegalText
from kernel.http import public_page


@public_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every text there is."""
    language = get_language() or "zh-hans"
    newest = [found[0] for kind in LegalText.Kind.values if (found := consents.versions(kind, language))]
    return render(request, "storefront/legal_index.html", {"texts": newest})


@public_page
@require_safe
def page(request: HttpRequest, kind: str, number: int | None = None) -> HttpResponse:
    """One legal text in the reader's language: the newest version, or the one asked for by its number."""
    language = get_language() or "zh-hans"
    versions = consents.versions(kind, language) if kind in LegalText.Kind.values else []
    if not versions:
        raise Http404
    newest = versions[0].version
    if number is not None and number not in {text.version for text in versions}:
        raise Http404
    text = consents.version(kind, number or newest, language)
    context = {"text": text, "versions": versions, "newest": newest, "superseded": text.version != newest}
    return render(request, "storefront/legal.html", context)
