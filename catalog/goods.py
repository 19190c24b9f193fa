"""The thirty-nine goods we start with, as data. Prices and texts are drafts that a native reader has yet to see."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "products.csv"


@dataclass(frozen=True)
class Good:
    """One of them. Money in francs, weight in grams, sizes in millimetres; `district` is where it is made."""

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
    materials_zh: str
    materials_en: str
    customs_description: str
    needs_native_review: bool


def rows() -> Iterator[Good]:
    """Every good of the file."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Good(**{field.name: _read(row[field.name], str(field.type)) for field in fields(Good)})


def _read(text: str, kind: str) -> Any:
    if kind == "int":
        return int(text)
    return text == "yes" if kind == "bool" else text
