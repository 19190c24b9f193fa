"""What an invariant is, and the two ways to state one: a query that must find nothing, or a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

MOST_TOLD = 20


@dataclass(frozen=True)
class Invariant:
    """Something that must always hold. `find(now)` gives a sentence for each place where it does not."""

    name: str
    sentence: str
    find: Callable[[datetime], Iterable[str]]


def none_of(name: str, sentence: str, query: str, says: str) -> Invariant:
    """An invariant as a query whose rows are its breaches; `says` is a sentence with a `%s` for each column.

    The query may use `%(now)s`. Only the first breaches are told: where there are more, there are enough.
    """

    def find(now: datetime) -> list[str]:
        return [says % row for row in rows(query, now=now)]

    return Invariant(name, sentence, find)


def rows(query: str, **values: Any) -> list[tuple[object, ...]]:
    """The first rows that a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"{query} LIMIT {MOST_TOLD}", values)
        return cursor.fetchall()
