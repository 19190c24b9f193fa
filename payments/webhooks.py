"""Where payment companies call us: verify, store, answer. The work is a task's."""

from __future__ import annotations

import json
import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kernel import work

from . import gateway, inbox, payouts
from .models import Payout

log = logging.getLogger(__name__)
LARGEST = 512 * 1024


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """Stripe's events. 200 once stored, repeats included; 400 for what Stripe did not sign; 413 beyond 512 KiB."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        event = gateway.read_webhook(request.body, request.headers.get("Stripe-Signature", ""))
    except gateway.BadSignature:
        log.warning("a Stripe webhook was not signed by Stripe")
        return HttpResponse(status=400)
    inbox.receive(event, now=timezone.now())
    return HttpResponse()


@csrf_exempt
@require_http_methods(["POST", "PUT"])
def momo(request: HttpRequest) -> HttpResponse:
    """MTN's callback about a transfer. It is not signed, so it only makes us ask; unknown references are 200 too."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        reference = UUID(str(json.loads(request.body).get("externalId")))
    except (ValueError, AttributeError, RecursionError):
        return HttpResponse(status=400)
    if Payout.objects.filter(pk=reference).exists():
        work.later(payouts.ask, once=str(reference), payout_id=reference)
    return HttpResponse()
