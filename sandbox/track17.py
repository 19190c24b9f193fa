"""17TRACK's tracking API v2.2 under /17track/track/v2.2: registration, reading, stopping, and its limits."""

import hmac
import re
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from . import parcels
from .store import Thing
from .web import Answer, Request, Route, as_json, read_json
from .world import World

MOST_NUMBERS = 40
NUMBER = re.compile(r"[A-Za-z0-9-]{5,50}")
S10 = re.compile(r"[A-Z]{2}[0-9]{9}([A-Z]{2})")
POSTS = {"RW": 18041, "CN": 3013, "ET": 5051, "MY": 13051, "BE": 2061, "KE": 11021, "UG": 21011}
"""17TRACK's key of the post whose letters end an S10 number."""
MESSAGES = {
    -18010002: "Invalid security key.",
    -18010010: "Missing data.",
    -18010012: "The format of '{field}' is invalid.",
    -18010013: "Invalid submitted data.",
    -18010014: "The number of tracking numbers exceeds 40 in one request.",
    -18019901: "The tracking number '{number}' has been registered, don't need to repeat registration.",
    -18019902: "The tracking number '{number}' does not register, please register first.",
    -18019903: "The carrier cannot be detected.",
    -18019904: "Only a stopped tracking number can be tracked again.",
}

recent: dict[int, deque[float]] = {}


class Rejected(Exception):
    """One number of a request is refused; the others go on."""

    def __init__(self, code: int, **words: str) -> None:
        """With 17TRACK's own code."""
        super().__init__(MESSAGES[code].format(**words))
        self.code = code


def endpoint(do: Callable[[World, Thing], Thing]) -> Callable[[World, Request], Answer]:
    """Make a handler out of what happens to one number; the answer sorts the numbers into accepted and rejected."""

    def handle(world: World, request: Request) -> Answer:
        if too_fast(world):
            return Answer(429, b"Too Many Requests")
        if not hmac.compare_digest(request.header("17token").encode(), world.keys.track17.encode()):
            return refused(-18010002, 401)
        numbers = read_json(request)
        if not isinstance(numbers, list) or not all(isinstance(each, dict) for each in numbers):
            return refused(-18010013)
        if not numbers:
            return refused(-18010010)
        if len(numbers) > MOST_NUMBERS:
            return refused(-18010014)
        return as_json(sort(world, numbers, do))

    return handle


def sort(world: World, numbers: list[Thing], do: Callable[[World, Thing], Thing]) -> Thing:
    """Do it for each number."""
    accepted, rejected = [], list[Thing]()
    with world.store.transaction():
        for asked in numbers:
            try:
                number = asked.get("number")
                if not isinstance(number, str) or not NUMBER.fullmatch(number):
                    raise Rejected(-18010012, field="number")
                accepted.append(do(world, asked))
            except Rejected as refusal:
                error = {"code": refusal.code, "message": str(refusal)}
                rejected.append({"number": asked.get("number"), "tag": asked.get("tag"), "error": error})
    return {"code": 0, "data": {"accepted": accepted, "rejected": rejected}}


def refused(code: int, status: int = 200) -> Answer:
    """The whole request is refused."""
    return as_json({"code": code, "data": {"errors": [{"code": code, "message": MESSAGES[code]}]}}, status)


def too_fast(world: World) -> bool:
    """More than so many requests within one second; 0 sets no limit."""
    if not world.track17_per_second:
        return False
    times, now = recent.setdefault(id(world), deque()), time.monotonic()
    while times and times[0] <= now - 1:
        times.popleft()
    if len(times) >= world.track17_per_second:
        return True
    times.append(now)
    return False


def register(world: World, asked: Thing) -> Thing:
    """/register. Its carrier is given, or read from the last letters of an S10 number."""
    number = asked["number"]
    s10 = S10.fullmatch(number)
    carrier = asked.get("carrier") or (POSTS.get(s10[1]) if s10 else None)
    if not carrier:
        raise Rejected(-18019903)
    if world.store.get("parcel", number):
        raise Rejected(-18019901, number=number)
    parcel = parcels.begin(world, asked, carrier=int(carrier))
    return {"origin": 1 if asked.get("carrier") else 2, **named(parcel)}


def gettrackinfo(world: World, asked: Thing) -> Thing:
    """/gettrackinfo."""
    parcel = registered(world, asked)
    return {**named(parcel), "param": None, "track_info": parcels.track_info(parcel)}


def stoptrack(world: World, asked: Thing) -> Thing:
    """/stoptrack."""
    return named(parcels.stop(world, registered(world, asked)))


def retrack(world: World, asked: Thing) -> Thing:
    """/retrack, once for a stopped number."""
    parcel = registered(world, asked)
    if not parcel["stopped"]:
        raise Rejected(-18019904)
    return named(parcels.keep(world, {**parcel, "stopped": False}))


def changeinfo(world: World, asked: Thing) -> Thing:
    """/changeinfo: another tag, under `items`."""
    parcel, items = registered(world, asked), asked.get("items")
    if not isinstance(items, dict):
        raise Rejected(-18010012, field="items")
    return named(parcels.keep(world, {**parcel, "tag": items.get("tag", parcel["tag"])}))


def deletetrack(world: World, asked: Thing) -> Thing:
    """/deletetrack."""
    parcel = registered(world, asked)
    world.store.delete("parcel", parcel["number"])
    return named(parcel)


def push(world: World, asked: Thing) -> Thing:
    """/push: send the latest news again."""
    parcel = registered(world, asked)
    parcels.tell(world, parcel)
    return named(parcel)


def registered(world: World, asked: Thing) -> Thing:
    """The parcel of that number, or a rejection."""
    parcel = world.store.get("parcel", asked["number"])
    if parcel is None:
        raise Rejected(-18019902, number=asked["number"])
    return parcel


def named(parcel: Thing) -> dict[str, Any]:
    """How an answer names a parcel."""
    return {"number": parcel["number"], "carrier": parcel["carrier"], "tag": parcel["tag"]}


CALLS = (register, gettrackinfo, stoptrack, retrack, changeinfo, deletetrack, push)
ROUTES: list[Route] = [("POST", f"/17track/track/v2.2/{call.__name__}", endpoint(call)) for call in CALLS]
