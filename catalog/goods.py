"""The thirty-nine goods we start with, as data. Prices and texts are drafts that a native reader has yet to see."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Choice:
    """What is bought where a good comes in several: `options` as `models.Variant` has them, the rest as a good's."""

    sku: str
    options: list[dict[str, Any]]
    receive_rwf: int
    stock: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True)
class Good:
    """One of them. Money in francs, weight in grams, sizes in millimetres; `district` is where it is made.

    `product_type` and `facts` are of the vocabulary, as `catalog.facts` reads them; what its choices differ in is no
    fact of the good.
    """

    slug: str
    sku: str
    category: str
    hs: str
    district: str
    receive_rwf: int
    stock: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    name_zh: str
    name_en: str
    name_fr: str
    name_rw: str
    description_zh: str
    description_en: str
    customs_description: str
    product_type: str
    facts: dict[str, Any]

    @property
    def choices(self) -> list[Choice]:
        """The variants it comes in; none where the good itself is what is bought. The first has the good's own SKU."""
        return _choices().get(self.slug, [])


def rows() -> Iterator[Good]:
    """Every good of the file."""
    for row in _lines("products.csv"):
        yield Good(**{field.name: _read(row[field.name], str(field.type)) for field in fields(Good)})


@functools.cache
def _choices() -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = {}
    for row in _lines("variants.csv"):
        choice = Choice(**{field.name: _read(row[field.name], str(field.type)) for field in fields(Choice)})
        found.setdefault(row["good"], []).append(choice)
    return found


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _read(text: str, kind: str) -> Any:
    if kind == "int":
        return int(text)
    if kind.startswith(("dict", "list")):
        return json.loads(text)
    return text
