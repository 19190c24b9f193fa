"""Columns that exist once per language, and which of them a reader gets."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

# Suffixes of the columns, in the order in which the house was built for them.
LANGUAGES = ("zh", "en", "fr", "rw")


def in_language(thing: models.Model, column: str, language: str | None = None) -> str:
    """A text column of the asked (or active) language, else English, else Chinese."""
    code = {"zh-hans": "zh"}.get(language or get_language() or "en", language or get_language() or "en")
    for suffix in (code, "en", "zh"):
        if value := getattr(thing, f"{column}_{suffix}", ""):
            return str(value)
    return ""
