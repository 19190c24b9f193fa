"""Who runs this, what we check, and how to reach us."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel.http import public_page


@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The page about us, with the evidence behind each promise of the front page."""
    context = {
        "operator": settings.OPERATOR_NAME,
        "registration": settings.OPERATOR_REGISTRATION,
        "support": settings.SUPPORT_EMAIL,
    }
    return render(request, "storefront/about.html", context)
