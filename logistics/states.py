"""Where a parcel is, worked out from what was seen of it. Pure: the same events in any order give the same answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_DATA = json.loads((Path(__file__).parent / "data" / "parcel_states.json").read_text(encoding="utf-8"))

INITIAL: str = _DATA["initial"]
SOFT: str = _DATA["soft"]
TERMINAL: tuple[str, ...] = tuple(_DATA["terminal"])
PHASE: dict[str, int] = {state: n for n, phase in enumerate(_DATA["phases"]) for state in phase}
_PLACE: dict[str, int] = {state: n for phase in _DATA["phases"] for n, state in enumerate(phase)}


def _moves() -> dict[str, set[str]]:
    """The map of the data file, and every later phase besides: a missed scan must not stop a parcel."""
    moves = {state: set(to) for state, to in _DATA["transitions"].items()}
    for state, phase in PHASE.items():
        moves[state] |= {later for later, its in PHASE.items() if its > phase} | set(TERMINAL)
    moves[SOFT] |= set(PHASE) - {INITIAL}
    return moves


MOVES: dict[str, set[str]] = _moves()


@dataclass(frozen=True)
class Sighting:
    """That a parcel was in a state at a moment."""

    state: str
    at: datetime


def derive(seen: Iterable[Sighting]) -> str:
    """The state that these sightings add up to.

    An end (delivered, returned) stands whatever else was seen. Lost counts only while nothing newer was seen. Otherwise
    the furthest phase counts, and in it the newest sighting: a late event never takes a parcel back, while a customs
    hold or a failed delivery may come and go.
    """
    known = [one for one in seen if one.state in MOVES]
    ends = [one for one in known if one.state in TERMINAL]
    if ends:
        return min(ends, key=lambda one: (one.at, one.state)).state
    if not known:
        return INITIAL
    if max(known, key=lambda one: (one.at, one.state != SOFT)).state == SOFT:
        return SOFT
    living = [one for one in known if one.state != SOFT]
    furthest = max(PHASE[one.state] for one in living)
    return max(
        (one for one in living if PHASE[one.state] == furthest), key=lambda one: (one.at, _PLACE[one.state])
    ).state
