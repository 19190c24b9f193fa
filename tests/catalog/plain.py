"""A composer that tests can predict: it says the type and the material, in the words of the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog.facts import Fact


@dataclass(frozen=True)
class Said:
    title: str
    summary: str
    specification: tuple[tuple[str, str], ...]
    label: tuple[tuple[str, str], ...]


def compose(product_type: Any, facts: dict[str, Fact], about: Any, language: str) -> Said:
    name, materials = product_type.name.of(language), _materials(facts, language)
    rows = ((product_type.name.of(language), materials or name),)
    return Said(f"{name} {materials}".strip(), f"{name}, {about.place.of(language)}. {materials}", rows, rows)


def alt(product_type: Any, facts: dict[str, Fact], about: Any, language: str, **options: Any) -> str:
    return f"[{product_type.name.of(language)} {_materials(facts, language)}]"


def _materials(facts: dict[str, Fact], language: str) -> str:
    fact = facts.get("material")
    return " ".join(term.name.of(language) for term in fact.terms) if fact else ""
