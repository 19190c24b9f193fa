"""Tracking notices: stored as they came, handled once by a worker. One that makes no sense is not tried again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kernel import audit, work

from . import scans, track17, tracking
from .models import Parcel, TrackingNotice


@transaction.atomic
def receive(body: bytes, *, source: str = track17.SOURCE) -> TrackingNotice:
    """Keep a notice whose signature was checked, under the hash of its bytes, and have it handled.

    A repeat is the same row.
    """
    digest = hashlib.sha256(body).hexdigest()
    text = body.decode("utf-8", "replace").replace("\x00", "�")
    notice, _is_new = TrackingNotice.objects.get_or_create(digest=digest, defaults={"source": source, "body": text})
    if notice.handled_at is None:
        work.later(handle, once=f"notice:{digest[:40]}", digest=digest)
    return notice


@work.task
@transaction.atomic
def handle(*, digest: str) -> None:
    """Take in one notice; a second worker waits for the row, then finds it handled."""
    notice = TrackingNotice.objects.select_for_update().get(pk=digest)
    if notice.handled_at:
        return
    now = timezone.now()
    notice.outcome = _take_in(notice.body, now=now)
    notice.handled_at = now
    notice.save(update_fields=["outcome", "handled_at"])


def _take_in(body: str, *, now: datetime) -> str:
    """What became of it, in a word for staff."""
    try:
        told: Any = json.loads(body)
        event, data = told["event"], told["data"]
        number = str(data["number"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unreadable"
    parcel = Parcel.objects.filter(waybill=number).first()
    if parcel is None:
        return "unknown number"
    if event != "TRACKING_UPDATED" or not isinstance(data.get("track_info"), dict):
        return "nothing to do"
    moved = tracking.record(parcel, scans.of_track17(data["track_info"], origin="RW", destination="CN"), now=now)
    return "moved" if moved else "noted"


@transaction.atomic
def reopen(notice: TrackingNotice, *, actor: str) -> None:
    """Have a notice handled once more; what it told is stored once however often that happens."""
    TrackingNotice.objects.filter(pk=notice.pk).update(handled_at=None, outcome="")
    audit.record(actor, "notice_again", notice)
    work.later(handle, once=f"notice:{notice.pk[:40]}", digest=notice.pk)
