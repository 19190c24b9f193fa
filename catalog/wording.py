"""What a text about a product must look like to be kept: clean, not too long, one line a fact. Pure: no database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

# Letters at most, by what the text is; a title's place in lists is narrower in Chinese.
LONGEST = {"title": 100, "summary": 600, "description": 3000, "specification": 4000, "label": 4000, "alt": 200}
LONGEST_CHINESE_TITLE = 60
ONE_LINE = frozenset({"title", "summary", "alt"})
ONE_LINE_A_FACT = frozenset({"specification", "label"})
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff]")
_COLON = re.compile(r"\s*：\s*|\s*: +")


class TooLong(Refusal):
    """More letters than the place holds."""

    code = "text_too_long"
    status = 422
    message = _("Too long: at most %(limit_value)s letters.")


class BadLine(Refusal):
    """A line of a specification or label that names nothing, or says nothing about it."""

    code = "bad_line"
    status = 422
    message = _("Line %(line)s is no fact. Write a name, a tab or a colon, and a value.")


def longest(field: str, language: str) -> int:
    """How many letters a text may have."""
    return LONGEST_CHINESE_TITLE if (field, language) == ("title", "zh") else LONGEST[field]


def clean(field: str, language: str, body: str) -> str:
    """The text as it is kept. Raises TooLong, BadLine."""
    tidy = _UNSEEN.sub("", body.replace("\r\n", "\n").replace("\r", "\n"))
    if field in ONE_LINE:
        tidy = " ".join(tidy.split())
    elif field in ONE_LINE_A_FACT:
        tidy = written(_pairs(tidy))
    else:
        tidy = "\n".join(line.rstrip() for line in tidy.strip().split("\n"))
    if len(tidy) > longest(field, language):
        raise TooLong(limit_value=longest(field, language))
    return tidy


def lines(body: str) -> list[tuple[str, str]]:
    """A specification or label as names with their values."""
    return [(name, value) for name, tab, value in (line.partition("\t") for line in body.splitlines()) if tab]


def written(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values as one line a fact."""
    return "\n".join(f"{name}\t{value}" for name, value in pairs)


def fingerprint(*parts: Any) -> str:
    """A short word that differs when any part does."""
    said = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _pairs(text: str) -> list[tuple[str, str]]:
    """Names and values, parted by a tab or, as a tab is hard to type on a page, by a colon. Raises BadLine."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        parts = line.split("\t") if "\t" in line else _COLON.split(line, maxsplit=1)
        tidy = [" ".join(part.split()) for part in parts]
        if len(tidy) != 2 or not all(tidy):
            raise BadLine(line=number)
        found.append((tidy[0], tidy[1]))
    return found
