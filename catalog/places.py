"""Where goods come from, as buyers read it: Rwanda's thirty districts in Chinese, Latin letters elsewhere."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sellers.models import Seller

FILE = Path(__file__).parent / "data" / "districts.csv"


@functools.cache
def in_chinese() -> dict[str, str]:
    """District names, English to Chinese. Transliterations; a native reader should look at them."""
    with FILE.open(encoding="utf-8", newline="") as rows:
        return {row["name_en"]: row["name_zh"] for row in csv.DictReader(rows)}


def district(seller: Seller) -> str:
    """The shop's district in the active language."""
    return named(seller.district)


def named(district: str) -> str:
    """A district, given by its English name, in the active language."""
    return in_chinese().get(district, district) if (get_language() or "").startswith("zh") else district


def listed(words: Iterable[Any]) -> str:
    """Several words in a row, with the comma of the active language."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(map(str, words))


def badge(seller: Seller) -> str:
    """Country and district, for the origin badge: 卢旺达 · 胡耶."""
    return f"{_('Rwanda')} · {district(seller)}"
