"""A page of ours for when there is no connection, and the script that keeps it in the browser.

Nothing else is kept: prices, stock and money are never shown from yesterday. Browsers without service workers (those
inside iOS's WeChat among them) show their own page instead.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.http import public_page

FILES = ("css/isoko.css", "js/early.js", "img/favicon.svg")


@public_page
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What a reader sees without a connection. It needs nothing but its own files."""
    problem = {
        "title": _("No connection"),
        "text": _("There is no connection. Nothing is lost: open the page again when you are back on the network."),
    }
    home = reverse("catalog:home")
    return render(request, "offline.html", {"problem": problem, "home": home, "language": translation.get_language()})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. `?lang=` is the language of the page to keep; one that we do not speak gets Chinese."""
    asked = request.GET.get("lang", "").lower()
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        facts = {"page": reverse("offline"), "files": [static(name) for name in FILES]}
    answer = render(request, "worker.js", facts, content_type="text/javascript; charset=utf-8")
    # Browsers ask anew by themselves; a kept copy would hold back the next one for a day.
    answer["Cache-Control"] = "no-cache"
    return answer
