"""The crafts of makers: terms of the vocabulary (attribute `craft`). Pure."""

from __future__ import annotations

from . import vocabulary
from .vocabulary import Words


def all_of_them() -> dict[str, Words]:
    """Every craft by its slug, in the order in which makers are asked."""
    return {slug: term.name for slug, term in vocabulary.terms("craft").items()}


def name(slug: str) -> str:
    """A craft in the active language, to stand alone; empty for one that the vocabulary does not know."""
    term = vocabulary.terms("craft").get(slug)
    words = str(term.name) if term else ""
    return words[:1].upper() + words[1:]
