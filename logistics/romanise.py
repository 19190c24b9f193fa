"""Chinese names and places in Latin letters, for the people in Rwanda who handle a parcel. Hanzi stay beside them."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

_HANZI = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]+")
_COMPOUND_NAMES = "欧阳 司马 诸葛 上官 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 端木 轩辕 长孙 宇文 百里 南宫 西门"
_COMPOUND = frozenset(_COMPOUND_NAMES.split())
# Family names that are read in their own way.
_READ_AS = {
    "曾": "zeng",
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "任": "ren",
    "区": "ou",
    "盖": "ge",
    "朴": "piao",
}
_PLACE_ENDINGS = re.compile(r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")


def person(name: str) -> str:
    """`张三` is `ZHANG San`, the family name in capitals as on envelopes; a name without hanzi stays as it is."""
    if not _HANZI.search(name):
        return name
    hanzi = name.strip()
    if not 2 <= len(hanzi) <= 4 or "·" in hanzi:
        return street(hanzi)
    length = 2 if hanzi[:2] in _COMPOUND else 1
    family = _READ_AS.get(hanzi[:length], "".join(lazy_pinyin(hanzi[:length])))
    return f"{family.upper()} {''.join(lazy_pinyin(hanzi[length:])).capitalize()}".strip()


def place(name: str) -> str:
    """`杭州市` is `Hangzhou`, `西湖区` is `Xihuqu`."""
    short = _PLACE_ENDINGS.sub("", name) or name
    return "".join(lazy_pinyin(short)).capitalize() if _HANZI.search(short) else short


def street(text: str) -> str:
    """`文三路138号` is `Wen San Lu 138 Hao`."""
    spaced = _HANZI.sub(
        lambda found: " " + " ".join(word.capitalize() for word in lazy_pinyin(found.group())) + " ", text
    )
    return re.sub(r"\s+", " ", spaced).strip()
