"""A real order taken as far along its way as a test needs, and what 17TRACK would say about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Address, User
from catalog.models import Variant
from kernel import work
from logistics import parcels, quotes, track17
from logistics.models import ExportDocument, Parcel
from logistics.parcels import BoxMeasure
from orders import placing, progress
from orders.models import Consignment
from tests import cast

NOW = cast.NOW
SELLER, CARRIER = "user:seller", "carrier"


def accepted(buyer: User, lines: list[tuple[Variant, int]], *, recipient: str = "", now: datetime = NOW) -> Consignment:
    """Quoted, placed, paid and accepted: ready to pack."""
    address = Address.objects.of(buyer)[0]
    if recipient:
        address.recipient = recipient
        address.save(update_fields=["recipient"])
    quote = quotes.quote(buyer, lines, province_code="330000", now=now)
    terms = quotes.terms(quote)
    order = placing.place(buyer, terms=terms, address=address, orderer="张三", notes={}, language="zh-hans", now=now)
    progress.mark_paid(order, actor="stripe", now=now)
    consignment = order.consignments.get()
    progress.accept(consignment, actor=SELLER, now=now)
    consignment.refresh_from_db()
    return consignment


def boxes(consignment: Consignment, *, extra_g: int = 0) -> list[BoxMeasure]:
    """Every planned parcel as the scale would have it if it weighed what was planned."""
    return [
        BoxMeasure(planned_id=box.pk, weight_g=box.weight_g + extra_g, length_mm=320, width_mm=220, height_mm=180)
        for box in consignment.planned_parcels.order_by("position")
    ]


def packed(consignment: Consignment, *, extra_g: int = 0, now: datetime = NOW) -> Parcel:
    """Packed, with papers promised but not made."""
    return parcels.pack(consignment, boxes=boxes(consignment, extra_g=extra_g), actor=SELLER, now=now)[0]


def papers(parcel: Parcel) -> dict[str, ExportDocument]:
    """The parcel's papers by kind."""
    return {paper.kind: paper for paper in parcel.documents.current()}


def handed_over(consignment: Consignment, *, now: datetime = NOW) -> Parcel:
    """Packed, papers made, at the post. What follows from it is promised, not done."""
    parcel = packed(consignment, now=now)
    work.run_due(datetime.now(UTC) + timedelta(minutes=1))
    parcels.hand_over(consignment, actor=SELLER, now=now)
    consignment.refresh_from_db()
    parcel.refresh_from_db()
    return parcel


def event(
    code: str, hours: float, *, country: str = "", place: str = "", says: str = "", start: datetime = NOW
) -> dict[str, Any]:
    """One event in 17TRACK's words, so many hours after the order."""
    at = start + timedelta(hours=hours)
    told = {
        "time_iso": at.isoformat(),
        "time_utc": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": says or code,
        "location": place or {"RW": "KIGALI", "CN": "HANGZHOU"}.get(country, ""),
        "stage": None,
        "sub_status": code,
    }
    return {**told, "address": {"country": country}} if country else told


ROAD = [
    ("InTransit_PickedUp", 3, "RW"),
    ("InTransit_CustomsProcessing", 20, "RW"),
    ("InTransit_CustomsReleased", 24, "RW"),
    ("InTransit_Departure", 60, "RW"),
    ("InTransit_Other", 70, "ET"),
    ("InTransit_Arrival", 120, "CN"),
    ("InTransit_CustomsProcessing", 130, "CN"),
    ("InTransit_CustomsReleased", 140, "CN"),
    ("OutForDelivery_Other", 160, "CN"),
    ("Delivered_Other", 164, "CN"),
]


def way(upto: int = len(ROAD)) -> list[dict[str, Any]]:
    """The first events of an ordinary way, oldest first."""
    return [event(code, hours, country=country) for code, hours, country in ROAD[:upto]]


def info(events: list[dict[str, Any]]) -> dict[str, Any]:
    """A `track_info` of events, newest first as 17TRACK sorts them."""
    newest_first = sorted(events, key=lambda one: one["time_utc"], reverse=True)
    return {
        "latest_event": newest_first[0] if newest_first else None,
        "tracking": {"providers": [{"provider": {"key": 18041}, "events": newest_first}]},
    }


def notice(parcel: Parcel, events: list[dict[str, Any]]) -> tuple[bytes, str]:
    """A webhook body and its signature."""
    body = json.dumps(
        {"event": "TRACKING_UPDATED", "data": {"number": parcel.waybill, "carrier": 18041, "track_info": info(events)}}
    ).encode()
    return body, track17.signature(body, key=settings.TRACK17_KEY)
