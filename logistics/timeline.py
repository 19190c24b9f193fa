"""The way of a consignment as its buyer or its shop reads it: newest first, each place on its own clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel import formatting
from kernel.formatting import BEIJING, KIGALI
from orders.models import Consignment

from . import wording
from .models import Parcel, TrackingEvent

SILENT_FOR = timedelta(days=7)
ZONES = {"RW": KIGALI, "CN": BEIJING, "ET": ZoneInfo("Africa/Addis_Ababa")}
TROUBLE = ("held_customs", "delivery_failed", "returned", "lost")

# The stages of the way, by the parcel's state. Carriers' own words stand under them.
STAGES: dict[str, str | Promise] = {
    "placed": _("Order placed"),
    "accepted_by_shop": _("The maker accepted the order"),
    "packed": pgettext_lazy("timeline", "Packed"),
    "handed_over": _("The maker brought it to the post"),
    "label_created": _("Announced to the post"),
    "accepted": _("At the post office in Rwanda"),
    "export_customs": _("Export customs in Rwanda"),
    "export_released": _("Cleared for export"),
    "departed_origin": _("Left Kigali"),
    "in_transit": pgettext_lazy("timeline", "In transit"),
    "arrived_destination": _("Arrived at the border of China"),
    "import_customs": _("In customs"),
    "held_customs": _("Customs needs an answer"),
    "released": _("Through customs"),
    "out_for_delivery": pgettext_lazy("timeline", "Out for delivery"),
    "delivery_failed": _("Delivery failed"),
    "delivered": pgettext_lazy("timeline", "Delivered"),
    "returned": _("Sent back to Rwanda"),
    "lost": _("Reported lost"),
}


@dataclass(frozen=True)
class Node:
    """One step. `when` is written out on two clocks where the reader's is not the place's."""

    title: str
    text: str
    when: str
    where: str
    tone: str
    at: datetime | None


@dataclass(frozen=True)
class Summary:
    """The head of a timeline: when it should arrive, by whom, under which numbers."""

    eta: str
    carriers: list[str]
    waybills: list[str]


def of(
    consignment: Consignment, language: str | None = None, *, zone: ZoneInfo = BEIJING, now: datetime | None = None
) -> list[Node]:
    """What happened so far, newest first, in `language` or the active one. `zone` is the reader's clock.

    A word of a carrier that we do not know stands as it came, under the stage before it.
    """
    with translation.override(language or get_language()):
        parcels = list(consignment.parcels.order_by("pk"))
        nodes = list(_own(consignment, parcels, zone))
        for parcel in parcels:
            nodes += _of_parcel(parcel, zone, named=len(parcels) > 1)
        nodes.reverse()  # of two at the same moment, the later step stands above
        nodes.sort(key=lambda node: node.at or consignment.order.placed_at, reverse=True)
        if silent(parcels, consignment, now=now or timezone.now()):
            nodes.insert(0, Node(_t("No news for 7 days"), _t("We have asked the carrier."), "", "", "", None))
        return nodes


def silent(parcels: list[Parcel], consignment: Consignment, *, now: datetime) -> bool:
    """Whether something is on its way and nothing was heard of it for seven days."""
    if consignment.status != Consignment.Status.HANDED_OVER:
        return False
    heard = [parcel.last_event_at or consignment.handed_over_at or parcel.packed_at for parcel in parcels]
    return bool(heard) and now - max(heard) >= SILENT_FOR


def summary(consignment: Consignment, *, zone: ZoneInfo = BEIJING) -> Summary:
    """When it should arrive, and the numbers to follow it by."""
    parcels = list(consignment.parcels.select_related("service").order_by("pk"))
    return Summary(
        eta=_eta(consignment, zone),
        carriers=list(dict.fromkeys(parcel.service.carrier for parcel in parcels)),
        waybills=[parcel.waybill for parcel in parcels],
    )


def _eta(consignment: Consignment, zone: ZoneInfo) -> str:
    """Counted from the day the post had it; nothing before that and nothing after the end."""
    if consignment.status != Consignment.Status.HANDED_OVER or consignment.handed_over_at is None:
        return ""
    days = [(box.days_min, box.days_max) for box in consignment.planned_parcels.all()]
    if not days:
        return ""
    start = consignment.handed_over_at.astimezone(zone).date()
    first, last = max(low for low, _high in days), max(high for _low, high in days)
    return formatting.date_range(start + timedelta(days=first), start + timedelta(days=last), get_language())


def _own(consignment: Consignment, parcels: list[Parcel], zone: ZoneInfo) -> Iterator[Node]:
    """The steps that we know ourselves. An order is placed on the reader's clock; the rest happens in Rwanda."""
    packed = min((parcel.packed_at for parcel in parcels), default=None)
    for stage, at, place in (
        ("placed", consignment.order.placed_at, zone),
        ("accepted_by_shop", consignment.accepted_at, KIGALI),
        ("packed", packed, KIGALI),
        ("handed_over", consignment.handed_over_at, KIGALI),
    ):
        if at is not None:
            yield Node(str(STAGES[stage]), "", two_clocks(at, place, zone), "", "", at)


def _of_parcel(parcel: Parcel, zone: ZoneInfo, *, named: bool) -> Iterator[Node]:
    current = str(STAGES["handed_over"])
    for event in parcel.events.order_by("occurred_at", "pk"):
        stage = _stage(event)
        current = str(STAGES[stage]) if stage else current
        said = wording.spoken(event.description)
        text = f"{parcel.waybill}: {said}" if named else said
        yield Node(
            title=current,
            text=text,
            when=two_clocks(event.occurred_at, _zone(event), zone),
            where=event.location.title(),
            tone="err" if event.status in TROUBLE else "",
            at=event.occurred_at,
        )


def _stage(event: TrackingEvent) -> str:
    if event.status == "export_customs" and event.code.endswith("CustomsReleased"):
        return "export_released"
    return event.status


def _zone(event: TrackingEvent) -> ZoneInfo:
    return ZONES.get(event.country, BEIJING if event.status in ("arrived_destination", "released") else KIGALI)


def two_clocks(at: datetime, place: ZoneInfo, reader: ZoneInfo) -> str:
    """`2026-07-01 08:05 local time (14:05 in Beijing)`: the place's clock, and the reader's where it differs."""
    there, here = at.astimezone(place), at.astimezone(reader)
    local = f"{there:%Y-%m-%d %H:%M}"
    if there.utcoffset() == here.utcoffset():
        return local
    own = f"{here:%H:%M}" if here.date() == there.date() else f"{here:%Y-%m-%d %H:%M}"
    words = {"local": local, "own": own}
    if reader == BEIJING:
        return _t("%(local)s local time (%(own)s Beijing time)") % words
    return _t("%(local)s local time (%(own)s Kigali time)") % words
