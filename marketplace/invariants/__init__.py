"""What must always hold, whatever was killed, lost or repeated: checked after every fault, after a restore, and hourly.

The database enforces what it can; these find what it cannot say, and what somebody did behind its back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from . import money, orders, papers, privacy, promises, reviews, stock
from .base import MOST_TOLD, Invariant

__all__ = ["ALL", "MOST_TOLD", "Invariant", "breaches", "find"]

ALL: list[Invariant] = [
    invariant for theme in (money, stock, orders, reviews, papers, promises, privacy) for invariant in theme.INVARIANTS
]


def find(name: str) -> Invariant:
    """The invariant of that name. Raises KeyError."""
    return {invariant.name: invariant for invariant in ALL}[name]


def breaches(*, now: datetime | None = None) -> Iterator[tuple[Invariant, list[str]]]:
    """Every invariant that does not hold, with what breaks it."""
    for invariant in ALL:
        if wrong := list(invariant.find(now or timezone.now())):
            yield invariant, wrong
