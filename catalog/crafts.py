"""The crafts of makers, in four languages. Pure: read once from `data/crafts.csv`, then only looked up."""

from __future__ import annotations

import csv
import functools

from .vocabulary import DATA, Words


@functools.cache
def all_of_them() -> dict[str, Words]:
    """Every craft by its slug, in the order in which makers are asked."""
    with (DATA / "crafts.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["slug"]: Words(*(row[f"name_{language}"] for language in ("zh", "en", "fr", "rw")))
            for row in csv.DictReader(rows)
        }


def name(slug: str) -> str:
    """A craft in the active language; empty for one that the list does not know."""
    words = all_of_them().get(slug)
    return str(words) if words else ""
