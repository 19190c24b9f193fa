"""Where a district lies on our own map of Rwanda, `static/img/rwanda.svg`. Pure.

The map is drawn by eye and true to a few kilometres: it shows a buyer which part of the country a thing is from. Its
units are 150 to a degree both ways, which two degrees from the equator distorts nothing that one could see. Centres of
districts are approximate, in degrees, in `data/districts.csv`.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

from .vocabulary import DATA

WIDTH, HEIGHT = 320, 280
WEST, NORTH, UNITS_PER_DEGREE = 28.82, -1.02, 150
# Names nearer to Kigali than this would be written over the capital's.
NEAR = 34


@dataclass(frozen=True)
class Spot:
    """A point of the map in its units, from its upper left corner."""

    x: int
    y: int

    @property
    def reads_left(self) -> bool:
        """Whether a name beside it must stand on its left to stay on the map."""
        return self.x > WIDTH * 0.58

    @property
    def by_kigali(self) -> bool:
        """Whether it is the capital, or so near that only one of the two can be named."""
        return abs(self.x - KIGALI.x) < 2 * NEAR and abs(self.y - KIGALI.y) < NEAR / 2


def spot(district: str) -> Spot | None:
    """The centre of a district by its English name; None for a name that is no district."""
    return _spots().get(district)


@functools.cache
def _spots() -> dict[str, Spot]:
    with (DATA / "districts.csv").open(encoding="utf-8", newline="") as rows:
        return {row["name_en"]: _at(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(rows)}


def _at(latitude: float, longitude: float) -> Spot:
    return Spot(round((longitude - WEST) * UNITS_PER_DEGREE), round((NORTH - latitude) * UNITS_PER_DEGREE))


KIGALI = _at(-1.95, 30.06)
