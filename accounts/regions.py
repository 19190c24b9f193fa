"""Provinces, cities and districts of mainland China by their GB/T 2260 codes. Read once from a file."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "cn_divisions.json"

Named = tuple[str, str]


@dataclass(frozen=True)
class District:
    """A district with everything above it, as written in an address."""

    province_code: str
    province: str
    city_code: str
    city: str
    code: str
    name: str


@functools.cache
def tree() -> list[Any]:
    """`[[code, province, [[code, city, [[code, district], ...]], ...]], ...]`."""
    read: list[Any] = json.loads(FILE.read_text("utf-8"))
    return read


def provinces() -> list[Named]:
    """Every province as (code, name)."""
    return [(code, name) for code, name, _cities in tree()]


def cities(province_code: str) -> list[Named]:
    """The cities of a province; empty for an unknown code."""
    return [(code, name) for code, name, _districts in _below(tree(), province_code)]


def districts(province_code: str, city_code: str) -> list[Named]:
    """The districts of a city in a province; empty if it is not there."""
    return [(code, name) for code, name in _below(_below(tree(), province_code), city_code)]


def district(code: str) -> District | None:
    """The district with a code."""
    return _districts().get(code)


def _below(level: list[Any], code: str) -> list[Any]:
    return next((children for found, _name, children in level if found == code), [])


@functools.cache
def _districts() -> dict[str, District]:
    return {
        code: District(province_code, province, city_code, city, code, name)
        for province_code, province, cities in tree()
        for city_code, city, districts in cities
        for code, name in districts
    }
