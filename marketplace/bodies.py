"""How much one request may bring, judged by its head before anybody reads its body.

A body without a length is refused: no browser sends one, and a proxy in front gives it one. How slowly a body may come
is for the proxy to say, which takes it in whole before it troubles us: a thread that waits for bytes cannot be woken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kernel.http import View
from kernel.refusals import Refusal

from . import errors


class TooMuch(Refusal):
    code = "too_much_at_once"
    status = 413
    message = _("This is more than we take at once. Send fewer or smaller files.")


class NoLength(Refusal):
    code = "length_required"
    status = 411
    message = _("Say how long the request is.")


class BodySizeMiddleware:
    """Stands before CSRF, which reads the body. Files are taken from people who are signed in, by views that say so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        claimed = request.META.get("CONTENT_LENGTH") or ""
        if not claimed:
            return errors.refused(request, NoLength()) if "HTTP_TRANSFER_ENCODING" in request.META else None
        length = int(claimed) if claimed.isdecimal() and len(claimed) < 16 else None
        if length is not None and length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if length is None or length > getattr(view, "most_bytes", 0):
            return errors.refused(request, TooMuch())
        return None if request.user.is_authenticated else redirect_to_login(request.path)
