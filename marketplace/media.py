"""Public pictures from local storage, for the demo and small houses. Elsewhere a web server or S3 serves them."""

import mimetypes

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

ALLOWED = {"image/webp", "image/jpeg", "image/png", "image/avif"}


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """One stored picture. Names are content hashes, so a browser may keep it for ever."""
    kind = mimetypes.guess_type(name)[0]
    try:
        file = default_storage.open(name) if kind in ALLOWED else None
    except (OSError, SuspiciousFileOperation) as error:
        raise Http404 from error
    if file is None:
        raise Http404
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
