"""What carriers say about a parcel, as plain values. Pure: 17TRACK's words in, our states out, by the data file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TRACK17 = json.loads((Path(__file__).parent / "data" / "track17_status.json").read_text(encoding="utf-8"))
# On the way between the two countries, at a place that nobody names.
BETWEEN = "-"


@dataclass(frozen=True)
class Scan:
    """One event of a parcel. `state` is empty where its meaning is not known or it moves nothing."""

    source: str
    code: str
    state: str
    occurred_at: datetime
    country: str
    location: str
    description: str
    raw: dict[str, Any]
    attention: str = ""

    @property
    def digest(self) -> str:
        """The same event told twice has the same digest, whoever's clock or layout changed around it."""
        parts = (self.source, self.code, self.occurred_at.astimezone(UTC).isoformat(), self.location, self.description)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def meaning(code: str, *, country: str, origin: str, destination: str) -> tuple[str, str]:
    """The state a 17TRACK sub-status stands for in a country, and what staff should know; either may be empty."""
    known = TRACK17["statuses"].get(code)
    if known is None:
        return "", ""
    where = {origin: "at_origin", destination: "at_destination"}.get(country, "elsewhere")
    return known.get(where, known["state"]), known.get("attention", "")


def of_track17(track_info: dict[str, Any], *, origin: str, destination: str) -> list[Scan]:
    """The events of a `track_info`, oldest first. What has no time or is no event is left out."""
    told = [event for event in _events(track_info) if _moment(event) is not None]
    told.sort(key=lambda event: str(event.get("time_utc")))
    places = _places(track_info, origin, destination)
    scans, passed = [], origin
    for event in told:
        country, passed = _country(event, places, passed, origin=origin, destination=destination)
        code = str(event.get("sub_status") or "")
        state, attention = meaning(code, country=country, origin=origin, destination=destination)
        scans.append(
            Scan(
                source="17track",
                code=code[:60],
                state=state,
                occurred_at=_moment(event) or datetime.now(UTC),
                country="" if country == BETWEEN else country[:2],
                location=str(event.get("location") or "")[:80],
                description=str(event.get("description") or "")[:200],
                raw=event,
                attention=attention,
            )
        )
    return scans


def _events(track_info: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Every carrier's events; the latest one too, which some answers give only by itself."""
    tracking = track_info.get("tracking")
    providers = tracking.get("providers") if isinstance(tracking, dict) else None
    told = [
        event
        for provider in providers or []
        if isinstance(provider, dict)
        for event in provider.get("events") or []
        if isinstance(event, dict)
    ]
    latest = track_info.get("latest_event")
    if isinstance(latest, dict) and not any(_same(event, latest) for event in told):
        told.append(latest)
    return told


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(name) == other.get(name) for name in ("time_utc", "sub_status", "description"))


def _moment(event: dict[str, Any]) -> datetime | None:
    for name in ("time_utc", "time_iso"):
        try:
            moment = datetime.fromisoformat(str(event.get(name) or ""))
        except ValueError:
            continue
        if moment.tzinfo is not None:
            return moment
    return None


def _places(track_info: dict[str, Any], origin: str, destination: str) -> dict[str, str]:
    """Countries of places that this answer names with an address."""
    shipping = track_info.get("shipping_info")
    shipping = shipping if isinstance(shipping, dict) else {}
    known = {}
    for name, fallback in (("shipper_address", origin), ("recipient_address", destination)):
        address = shipping.get(name)
        if isinstance(address, dict) and address.get("city"):
            known[str(address["city"]).upper()] = str(address.get("country") or fallback)
    return known


def _country(
    event: dict[str, Any], places: dict[str, str], passed: str, *, origin: str, destination: str
) -> tuple[str, str]:
    """Where an event was: by its address, by its place's name, or by what came before; and where the parcel is next.

    Lists of events often come without addresses. A parcel is in the origin until it departs and in the destination
    from its arrival; in between it is nowhere in particular.
    """
    address = event.get("address")
    told = str(address.get("country") or "") if isinstance(address, dict) else ""
    code = event.get("sub_status")
    if code == "InTransit_Arrival" and event.get("stage") == "Arrival":
        passed = destination
    country = told or places.get(str(event.get("location") or "").upper(), "") or passed
    if country == destination:
        passed = destination
    if code == "InTransit_Departure" and country == origin:
        passed = BETWEEN
    return country, passed
