"""The texts people agree to, each with its version and hash, for anyone to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts import consents
from accounts.models import LegalText
from kernel.http import public_page


@public_page
@require_safe
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest version of one legal text in the reader's language."""
    if kind not in LegalText.Kind.values:
        raise Http404
    text = consents.text(kind, get_language() or "zh-hans")
    return render(request, "storefront/legal.html", {"text": text})
