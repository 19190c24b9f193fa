"""How much one request may bring, judged before it is read; and how much of each file is kept, whatever it claims.

A body without a length is refused: no browser sends one, and a proxy in front gives it one. How slowly a body may come
is for the proxy to say, which takes it in whole before it troubles us: a thread that waits for bytes cannot be woken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from .http import View, wants_json
from .refusals import Refusal

# The largest file that anybody may send. What a form may bring in all is said by its view.
MOST_FILE: Final = 12 * 1024 * 1024
# Fields and the lines between files.
AROUND: Final = 64 * 1024

Marked = TypeVar("Marked", bound=Callable[..., Any])


class TooMuch(Refusal):
    code = "too_much_at_once"
    status = 413
    message = _("This is more than we take at once. Send fewer or smaller files.")


class NoLength(Refusal):
    code = "length_required"
    status = 411
    message = _("Say how long the request is.")


def takes_files(most: int) -> Callable[[Marked], Marked]:
    """Let a view take files from people who are signed in, of so many bytes together; other bodies stay small."""

    def mark(view: Marked) -> Marked:
        view.most_bytes = most + AROUND  # type: ignore[attr-defined]
        return view

    return mark


class BodySizeMiddleware:
    """Refuses a request for what its head says, before anybody reads its body; stands before CSRF, which does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        claimed = request.META.get("CONTENT_LENGTH") or ""
        if not claimed:
            return _refused(request, NoLength()) if "HTTP_TRANSFER_ENCODING" in request.META else None
        length = int(claimed) if claimed.isdecimal() and len(claimed) < 16 else None
        if length is not None and length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if length is None or length > getattr(view, "most_bytes", 0):
            return _refused(request, TooMuch())
        return None if request.user.is_authenticated else redirect_to_login(request.path)


class CutFiles(FileUploadHandler):
    """Keeps of each file a little more than any may have, so that it is seen to be too large and costs no room."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_FILE else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": refusal.code, "detail": str(refusal)}, status=refusal.status)
    context = {"text": str(refusal), "code": refusal.status}
    return render(request, "components/alone.html", context, status=refusal.status)
