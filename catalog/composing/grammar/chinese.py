"""Chinese: no agreement, no spaces, its own punctuation and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from .base import Grammar, Noun, Word

_SPACES = re.compile(r" +")


class Chinese(Grammar):
    """`grammar` of a type is its measure word: 只, 幅, 条."""

    language = "zh"
    comma, last_comma, stop, cross = "、", "和", "。", "×"
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

    def joined(self, words: Sequence[Word], rule: str, noun: Noun) -> str:
        """`run` sets words side by side: 黑白."""
        return "".join(word.text for word in words) if rule == "run" else super().joined(words, rule, noun)

    def between(self, low: Decimal, high: Decimal, unit: str) -> str:
        written = self.number(low) if low == high else f"{self.number(low)}至{self.number(high)}"
        return self._with_unit(written, unit, is_one=False)

    def lower(self, text: str) -> str:
        return text

    def title(self, text: str) -> str:
        return _SPACES.sub(" ", text).strip(" ，、。；：")

    def paragraph(self, sentences: Sequence[str]) -> str:
        return "".join(f"{self.title(text)}。" for text in sentences)

    def aside(self, remarks: Sequence[str]) -> str:
        return f"（{'，'.join(remarks)}）" if remarks else ""
