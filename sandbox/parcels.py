"""Parcels on their way: each moves a stop when told to, or by itself every few seconds, and 17TRACK tells of it."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .route import ENDS, INCIDENTS, LAST, RELEASED, ROAD, Stop
from .store import Thing
from .web import words
from .webhooks import compact, owe
from .world import World

CARRIERS = {
    18041: ("Rwanda Post", "RW"),
    3011: ("China Post", "CN"),
    3013: ("China EMS", "CN"),
    5051: ("Ethiopian Post", "ET"),
    100001: ("DHL Express", "DE"),
}
STAGES = words("InfoReceived PickedUp Departure Arrival AvailableForPickup OutForDelivery Delivered Returning Returned")
NOWHERE = {"longitude": None, "latitude": None}


def begin(world: World, asked: Thing, *, carrier: int) -> Thing:
    """A parcel nobody has seen yet. Its timetable starts on the order's day where one is given."""
    return keep(
        world,
        {
            "id": asked["number"],
            "number": asked["number"],
            "carrier": carrier,
            "tag": asked.get("tag"),
            "order_time": asked.get("order_time"),
            "city": asked.get("destination_city") or "Hangzhou",
            "postcode": asked.get("destination_postal_code"),
            "registered": time.time(),
            "passed": -1,
            "events": [],
            "withheld": [],
            "stopped": False,
        },
    )


def keep(world: World, parcel: Thing) -> Thing:
    """Store the parcel."""
    return world.store.put("parcel", parcel)


def advance(world: World, number: str, *, at: datetime | None = None, quietly: bool = False) -> Thing:
    """Let the next thing happen. After the last stop, and for a stopped parcel, nothing does."""
    with world.store.transaction():
        parcel = world.store.get("parcel", number) or {}
        if not parcel or ended(parcel):
            return parcel
        if newest(parcel).get("sub_status") == "Exception_Returning":
            return happen(world, parcel, INCIDENTS["returned"][1], at=at, quietly=quietly)
        parcel["passed"] += 1
        return happen(world, parcel, ROAD[parcel["passed"]], at=at, quietly=quietly)


def deliver(world: World, number: str) -> Thing:
    """All stops that are left, one message for each."""
    with world.store.transaction():
        parcel = world.store.get("parcel", number) or {}
        while parcel and not ended(parcel):
            parcel = advance(world, number)
        return parcel


def incident(world: World, number: str, what: str) -> Thing:
    """Something of INCIDENTS happens; the parcel first passes the stops that must come before."""
    after, stop = INCIDENTS[what]
    with world.store.transaction():
        parcel = world.store.get("parcel", number) or {}
        if not parcel or ended(parcel):
            return parcel
        while parcel["passed"] < after:
            parcel = advance(world, number)
        if what in {"missed", "refused"}:
            parcel["passed"] = LAST - 2
        if what == "hold":
            parcel["passed"] = RELEASED - 1
        return happen(world, parcel, stop)


def withhold(world: World, number: str) -> Thing:
    """The next stop happens, but its news will come late: after other news."""
    with world.store.transaction():
        parcel = advance(world, number, quietly=True)
        if parcel and parcel["events"]:
            parcel["withheld"].append(parcel["events"].pop(0))
            keep(world, parcel)
        return parcel


def release_late(world: World, number: str) -> Thing:
    """The withheld news comes now, with the times at which it happened."""
    with world.store.transaction():
        parcel = world.store.get("parcel", number) or {}
        if parcel and parcel["withheld"]:
            parcel["events"] = by_time([*parcel["events"], *parcel["withheld"]])
            parcel["withheld"] = []
            keep(world, parcel)
            tell(world, parcel)
        return parcel


def happen(world: World, parcel: Thing, stop: Stop, *, at: datetime | None = None, quietly: bool = False) -> Thing:
    """One scan, and 17TRACK's message about it."""
    event = stop.at(at or moment_of(parcel, stop), city=parcel["city"])
    parcel["events"] = by_time([event, *parcel["events"]])
    keep(world, parcel)
    if not quietly and not parcel["stopped"]:
        tell(world, parcel)
    return parcel


def moment_of(parcel: Thing, stop: Stop) -> datetime:
    """By the timetable where that lies in the past, else now; always a second after the last scan at least."""
    now = datetime.now(UTC).replace(microsecond=0)
    planned = starts(parcel) + timedelta(hours=stop.hours) if stop in ROAD else now
    scans = [datetime.fromisoformat(event["time_iso"]) for event in [*parcel["events"], *parcel["withheld"]]]
    moment = min(planned, now)
    return max(moment, max(scans) + timedelta(seconds=1)) if scans else moment


def starts(parcel: Thing) -> datetime:
    """When the timetable begins: the morning of the order's day in Kigali, or the moment of registration."""
    try:
        day = date.fromisoformat(str(parcel["order_time"])[:10])
        return datetime(day.year, day.month, day.day, 9, 2, tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(parcel["registered"], UTC).replace(microsecond=0)


def by_time(events: list[Thing]) -> list[Thing]:
    """Newest first; of two at the same time, the one known later."""
    return sorted(events, key=lambda event: str(event["time_utc"]), reverse=True)


def newest(parcel: Thing) -> Thing:
    """The latest event, or an empty one."""
    return parcel["events"][0] if parcel["events"] else {}


def ended(parcel: Thing) -> bool:
    """Whether nothing more will be scanned."""
    seen = {event["sub_status"] for event in [*parcel["events"], *parcel["withheld"]]}
    return bool(seen & ENDS)


def stop(world: World, parcel: Thing) -> Thing:
    """No more messages; one last one says so."""
    parcel = keep(world, {**parcel, "stopped": True})
    body = {"event": "TRACKING_STOPPED", "data": {name: parcel[name] for name in ("number", "carrier", "tag")}}
    owe(world, service="17track", about=parcel["number"], type="TRACKING_STOPPED", body=compact(body))
    return parcel


def tell(world: World, parcel: Thing) -> None:
    """TRACKING_UPDATED with everything known about the parcel."""
    names = {"number": parcel["number"], "carrier": parcel["carrier"], "param": None, "tag": parcel["tag"]}
    body = {"event": "TRACKING_UPDATED", "data": {**names, "track_info": track_info(parcel)}}
    latest = newest(parcel).get("sub_status", "NotFound_Other")
    owe(world, service="17track", about=parcel["number"], type=f"TRACKING_UPDATED {latest}", body=compact(body))


def track_info(parcel: Thing) -> Thing:
    """The whole of 17TRACK's `track_info`."""
    latest = newest(parcel)
    code = latest.get("sub_status", "NotFound_Other")
    name, country = CARRIERS.get(parcel["carrier"], ("Carrier", "RW"))
    provider = {
        "key": parcel["carrier"],
        "name": name,
        "alias": name,
        "tel": None,
        "homepage": None,
        "country": country,
    }
    journal = {
        "provider": provider,
        "service_type": None,
        "latest_sync_status": "Success" if latest else "NotFound",
        "latest_sync_time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "events_hash": 0,
        "events": [{name: each[name] for name in each if name != "country"} for each in parcel["events"]],
    }
    return {
        "shipping_info": {
            "shipper_address": address("RW", "Kigali"),
            "recipient_address": address("CN", parcel["city"], parcel["postcode"]),
        },
        "latest_status": {"status": code.split("_")[0], "sub_status": code, "sub_status_descr": None},
        "latest_event": {**event_shown(latest)} if latest else None,
        "time_metrics": metrics(parcel),
        "milestone": [milestone(parcel, stage) for stage in STAGES],
        "misc_info": {
            **dict.fromkeys(words("weight_raw weight_kg pieces dimensions customer_number reference_number")),
            "risk_factor": 0,
            "service_type": "EMS",
            "local_number": None,
            "local_provider": None,
            "local_key": 0,
        },
        "tracking": {"providers_hash": 0, "providers": [journal]},
    }


def event_shown(event: Thing) -> Thing:
    """An event with the address of its place."""
    public = {name: value for name, value in event.items() if name != "country"}
    return {**public, "address": address(event["country"], event["location"])}


def address(country: str, city: str, postcode: str | None = None) -> Thing:
    """17TRACK's address, mostly empty."""
    known = {"country": country, "state": None, "city": city, "street": None, "postal_code": postcode}
    return {**known, "coordinates": dict(NOWHERE)}


def milestone(parcel: Thing, stage: str) -> Thing:
    """When the parcel first reached a stage, or two nulls."""
    first: Thing = next((event for event in reversed(parcel["events"]) if event["stage"] == stage), {})
    return {"key_stage": stage, "time_iso": first.get("time_iso"), "time_utc": first.get("time_utc")}


def metrics(parcel: Thing) -> dict[str, Any]:
    """Days since the order, on the road, and since the last news."""
    times = [datetime.fromisoformat(event["time_iso"]) for event in parcel["events"]]
    done = newest(parcel).get("sub_status") == "Delivered_Other"
    days = (times[0] - times[-1]).days if times else 0
    return {
        "days_after_order": (datetime.now(UTC) - starts(parcel)).days,
        "days_of_transit": days,
        "days_of_transit_done": days if done else 0,
        "days_after_last_update": (datetime.now(UTC) - times[0]).days if times else 0,
        "estimated_delivery_date": {"source": None, "from": None, "to": None},
    }


def tick(world: World, now: float) -> None:
    """Where parcels move by themselves, each takes a step whenever the interval is over."""
    every = float(world.store.setting("auto") or 0)
    if not every or now < float(world.store.setting("auto_next") or 0):
        return
    world.store.set("auto_next", now + every)
    for parcel in world.store.newest("parcel", 500):
        if not parcel["stopped"] and not ended(parcel):
            advance(world, parcel["number"])
