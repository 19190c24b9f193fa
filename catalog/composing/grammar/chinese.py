"""Chinese: no agreement, no spaces, its own punctuation and units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .base import Grammar

_SPACES = re.compile(r" +")


class Chinese(Grammar):
    """`grammar` of a type is its measure word: 只, 幅, 条."""

    language = "zh"
    comma, last_comma, stop, cross = "、", "、", "。", "×"
    units = {
        unit: (f"#{word}", f"#{word}")
        for unit, word in {
            "cm": "厘米",
            "m": "米",
            "g": "克",
            "kg": "千克",
            "ml": "毫升",
            "l": "升",
            "gsm": "克/平方米",
            "percent": "%",
            "days": "天",
            "months": "个月",
            "points": "分",
            "pieces": "件",
            "yards": "码",
            "strings": "弦",
        }.items()
    }

    def lower(self, text: str) -> str:
        return text

    def title(self, text: str) -> str:
        return _SPACES.sub(" ", text).strip(" ，、。")

    def paragraph(self, sentences: Sequence[str]) -> str:
        return "".join(f"{self.title(text)}。" for text in sentences)

    def aside(self, remarks: Sequence[str]) -> str:
        return f"（{'，'.join(remarks)}）" if remarks else ""
