"""Public pictures from local storage, for the demo and small houses. Elsewhere a web server or S3 serves them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg", "png": "image/png"}
PIECE = 64 * 1024
# One range; browsers and players ask for no more, and more only makes work.
RANGE = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))")


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """One stored picture, or a range of it. A file never changes under its name: a browser may keep it for ever."""
    kind = TYPES.get(name.rpartition(".")[2])
    if kind is None:
        raise Http404
    etag = '"' + hashlib.sha256(name.encode(errors="replace")).hexdigest()[:32] + '"'
    response = get_conditional_response(request, etag=etag) or _whole_or_part(request, _opened(name), etag)
    if response.status_code in {200, 206}:
        response["Content-Type"] = kind
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _opened(name: str) -> File[Any]:
    try:
        return default_storage.open(name)
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404 from error


def _whole_or_part(request: HttpRequest, file: File[Any], etag: str) -> HttpResponseBase:
    """The file, or the one range that is asked for; what is no single range of bytes is not heard."""
    asked = RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return FileResponse(file)
    size = file.size
    first, last = _bounds(asked, size)
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_pieces(file, first, last), status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _bounds(asked: re.Match[str], size: int) -> tuple[int, int]:
    """The first and last byte; the first lies behind the last where there is nothing to give."""
    first, last, tail = asked.groups()
    if tail is not None:
        return (max(0, size - int(tail)), size - 1) if int(tail) else (size, size - 1)
    return int(first), min(int(last), size - 1) if last else size - 1


def _pieces(file: File[Any], first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
