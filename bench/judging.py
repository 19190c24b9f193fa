"""How good an order of results is, against what people judged: nDCG at ten. Pure.

A judgement is a whole number: 3 what was asked for, 2 very near it, 1 related, 0 (not judged) nothing to do with it.
"""

from __future__ import annotations

import csv
import fnmatch
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "judged_queries.csv"
DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """A query of a kind (`zh`, `typo`, `place` ...) and what each product is worth as an answer to it."""

    kind: str
    query: str
    grades: Mapping[str, int]


def ndcg(shown: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """The gain of the first results against the best order; each is worth 2^grade - 1, and less the lower it stands.

    1 is perfect, 0 useless. A query to which nothing is an answer is perfect when nothing is shown.
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    if not ideal:
        return 0.0 if shown else 1.0
    return _gain([grades.get(slug, 0) for slug in shown[:depth]]) / ideal


def judged(slugs: Iterable[str], file: Path = FILE) -> list[Judged]:
    """The judged queries for these products. `tea-*=2` judges all that begin so; a full address goes first."""
    known = sorted(slugs)
    with file.open(encoding="utf-8", newline="") as rows:
        return [Judged(row["kind"], row["query"], _grades(row["grades"], known)) for row in csv.DictReader(rows)]


def _grades(written: str, known: Sequence[str]) -> dict[str, int]:
    pairs = [pair.rpartition("=") for pair in written.split()]
    found: dict[str, int] = {}
    for pattern, _sign, grade in sorted(pairs, key=lambda pair: "*" in pair[0]):
        matched = fnmatch.filter(known, pattern)
        if not matched:
            raise ValueError(f"no product is called {pattern}")
        for slug in matched:
            found.setdefault(slug, int(grade))
    return found


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
