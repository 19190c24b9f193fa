"""Following parcels: every event is stored once, the parcel's state follows from all of them, orders hear of the end.

Order of arrival does not matter: the state is worked out anew from everything stored (see `logistics.states`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts import messages
from kernel import audit, work
from kernel.formatting import KIGALI
from kernel.lifecycle import IllegalMove
from orders import progress
from orders.models import Consignment, Order

from . import holds, scans, states, track17
from .models import Parcel, TrackingEvent
from .scans import Scan

log = logging.getLogger(__name__)

QUIET_FOR = timedelta(hours=12)
SILENT_FOR = timedelta(days=7)
BATCH = 200
# What the buyer is told of a parcel besides what orders tell (sent, delivered).
TOLD = {"arrived_destination": "parcel_arrived", "out_for_delivery": "parcel_out_for_delivery"}
_BEFORE_THE_POST = (
    Consignment.Status.AWAITING_PAYMENT,
    Consignment.Status.TO_ACCEPT,
    Consignment.Status.ACCEPTED,
    Consignment.Status.PACKED,
)


@work.task
def follow(*, parcel_id: int) -> None:
    """Register a handed-over parcel with 17TRACK, once; then take in what was reported before that."""
    parcel = Parcel.objects.select_related("consignment", "service").get(pk=parcel_id)
    if parcel.registered_at is None:
        sent = parcel.consignment.handed_over_at or timezone.now()
        wanted = track17.Number(
            number=parcel.waybill,
            carrier=parcel.service.track17_carrier,
            tag=parcel.consignment.number,
            sent_on=sent.astimezone(KIGALI).date().isoformat(),
        )
        try:
            track17.register(wanted)
        except track17.Rejected as refused:
            # Asking again would be refused again: staff see it, and may clear it to have it tried anew.
            log.warning("%s", refused)
            Parcel.objects.filter(pk=parcel.pk).update(attention=Parcel.Attention.NOT_FOLLOWED)
            return
        Parcel.objects.filter(pk=parcel.pk, registered_at=None).update(registered_at=timezone.now())
    record(parcel, [], now=timezone.now())


@transaction.atomic
def record(parcel: Parcel, events: Sequence[Scan], *, now: datetime) -> bool:
    """Store events of a parcel and let it follow them; says whether it moved. Events already known change nothing.

    A parcel that its shop has not handed over stays where it is, and staff are told: somebody may be using its number.
    """
    related = ("consignment__order__buyer", "consignment__seller")
    parcel = Parcel.objects.select_for_update(of=("self",)).select_related(*related).get(pk=parcel.pk)
    fresh = _store(parcel, events)
    attention = next((event.attention for event in reversed(fresh) if event.attention), "")
    if parcel.consignment.status in _BEFORE_THE_POST:
        attention, moved = (Parcel.Attention.NOT_HANDED_OVER if fresh else ""), False
    else:
        moved = _advance(parcel, now=now)
        if parcel.status in states.TERMINAL and not moved and any(event.state for event in fresh):
            attention = _after_the_end(parcel, fresh)
    latest = parcel.events.order_by("-occurred_at").values_list("occurred_at", flat=True).first()
    parcel.last_event_at, parcel.polled_at = latest, now
    parcel.attention = attention or parcel.attention
    parcel.save(update_fields=["last_event_at", "polled_at", "attention"])
    return moved


@work.every(seconds=900)
def poll_due(*, now: datetime) -> int:
    """Ask for news of parcels quiet for twelve hours, in case a notice was lost; says how many had some."""
    quiet = _on_the_way().filter(registered_at__isnull=False)
    quiet = quiet.annotate(heard=Coalesce("polled_at", "registered_at")).filter(heard__lte=now - QUIET_FOR)
    asked = list(quiet.select_related("service").order_by("heard", "pk")[:BATCH])
    if not asked:
        return 0
    try:
        told = track17.news([(parcel.waybill, parcel.service.track17_carrier) for parcel in asked])
    except (track17.Unavailable, track17.Rejected) as trouble:
        log.warning("17TRACK gave no news: %s", trouble)
        return 0
    for parcel in asked:
        try:
            record(parcel, scans.of_track17(told.get(parcel.waybill, {}), origin="RW", destination="CN"), now=now)
        except Exception:  # one parcel's strange news must not keep the others waiting
            log.exception("the news of parcel %s was not taken in", parcel.pk)
    return len(told)


@work.every(seconds=3600)
def look_after(*, now: datetime) -> None:
    """Follow what nobody follows yet, and show staff what has been silent for seven days."""
    for parcel in _on_the_way().filter(registered_at=None).exclude(attention=Parcel.Attention.NOT_FOLLOWED)[:BATCH]:
        work.later(follow, once=f"follow:{parcel.pk}", parcel_id=parcel.pk)
    silent = Q(last_event_at__lte=now - SILENT_FOR) | Q(last_event_at=None, packed_at__lte=now - SILENT_FOR)
    _on_the_way().filter(silent, attention="").update(attention=Parcel.Attention.NO_NEWS)


def _on_the_way() -> QuerySet[Parcel]:
    return Parcel.objects.on_the_way()


def _store(parcel: Parcel, events: Sequence[Scan]) -> list[Scan]:
    """Keep what is new, under the parcel's lock; returns it."""
    known = set(parcel.events.filter(digest__in=[event.digest for event in events]).values_list("digest", flat=True))
    fresh = list({event.digest: event for event in events if event.digest not in known}.values())
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            parcel=parcel,
            source=event.source,
            digest=event.digest,
            status=event.state,
            code=event.code,
            occurred_at=event.occurred_at,
            country=event.country,
            location=event.location,
            description=event.description,
            raw=event.raw,
        )
        for event in fresh
    )
    return fresh


def _advance(parcel: Parcel, *, now: datetime) -> bool:
    """Move to the state that all stored events add up to, with what follows from it."""
    was = parcel.status
    if was in states.TERMINAL:
        return False
    seen = parcel.events.exclude(status="").order_by("occurred_at", "pk")
    to = states.derive(states.Sighting(event.status, event.occurred_at) for event in seen)
    last = seen.filter(status=to).last()
    if not parcel.move(to, actor="carrier", why=last.code if last else ""):
        return False
    if to == Parcel.Status.HELD_CUSTOMS:
        holds.open_for(parcel, now=now)
    elif was == Parcel.Status.HELD_CUSTOMS:
        holds.close(parcel, now=now)
    if kind := TOLD.get(to):
        _tell(parcel, kind)
    if to in states.TERMINAL:
        _end(parcel, now=now)
    return True


def _end(parcel: Parcel, *, now: datetime) -> None:
    """Tell orders when a consignment's last parcel has ended.

    The order's lock comes before the question, so that of two parcels that end at once the second sees the first.
    """
    consignment = parcel.consignment
    Order.objects.select_for_update().get(pk=consignment.order_id)
    ends = set(consignment.parcels.values_list("status", flat=True))
    try:
        if ends == {Parcel.Status.DELIVERED}:
            progress.mark_delivered(consignment, actor="carrier", now=now)
        elif ends == {Parcel.Status.RETURNED}:
            progress.mark_returned(consignment, actor="carrier", now=now)
        elif ends <= set(states.TERMINAL):
            parcel.attention = Parcel.Attention.MIXED_ENDS
    except IllegalMove:
        parcel.attention = Parcel.Attention.CONTRADICTION
        audit.record("carrier", "end_contradicts_order", parcel, order=consignment.status)


def _after_the_end(parcel: Parcel, fresh: Sequence[Scan]) -> str:
    """An end stands. What is reported to have happened later, or a different end, is a case for staff."""
    end = parcel.events.filter(status=parcel.status).order_by("occurred_at").first()
    for event in fresh:
        other_end = event.state in states.TERMINAL and event.state != parcel.status
        later = end is not None and event.occurred_at > end.occurred_at and event.state != parcel.status
        if event.state and (other_end or later):
            return Parcel.Attention.AFTER_THE_END
    return ""


def _tell(parcel: Parcel, kind: str) -> None:
    order = parcel.consignment.order
    messages.tell(
        order.buyer,
        kind,
        once=f"{kind}:{parcel.pk}",
        url=reverse("payments:order", args=[order.number]),
        number=order.number,
        waybill=parcel.waybill,
    )
