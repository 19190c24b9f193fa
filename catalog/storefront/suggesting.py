"""What may be meant while somebody types: a list of links, which a script shows under the search field."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import pages, suggestions


@public_page
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for `?q=`: a list of links, or with `&format=json` the same for programs. Empty for an empty text.

    JSON: `{"suggestions": [{"text": "和平篮", "kind": "kind", "url": "/c/basketry/?type=peace-basket"}]}`.
    """
    pages.shows_lists(request)
    typed = request.GET.get("q", "")[: suggestions.LONGEST * 2]
    found = suggestions.suggest(typed, get_language() or "en", now=timezone.now())
    if request.GET.get("format") == "json":
        return JsonResponse({"suggestions": [asdict(suggestion) for suggestion in found]})
    return render(request, "storefront/catalog/_suggestions.html", {"suggestions": found})
