"""Where tracking companies call us: verify, store, answer. The work is a task's."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from . import inbox, track17

log = logging.getLogger(__name__)
LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def track17_notice(request: HttpRequest) -> HttpResponse:
    """17TRACK's notices. 200 once stored, repeats included; 401 for what 17TRACK did not sign; 413 beyond 256 KiB."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    if not track17.signed_by_us(request.body, request.headers.get("sign", "")):
        log.warning("a 17TRACK notice was not signed by 17TRACK")
        return HttpResponse(status=401)
    inbox.receive(request.body)
    return HttpResponse()
