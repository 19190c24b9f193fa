"""Words out of Chinese and Latin text, for the search index and for what buyers type. No database here."""

from __future__ import annotations

import functools
import re
import unicodedata

import opencc
import rjieba
from pypinyin import Style, lazy_pinyin

from .finding import meanings

LONGEST_QUERY = 80
MOST_ASKED = 12
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HAN_RUN = re.compile(f"{_HAN.pattern}+")
_THE = re.compile(r"\bthés?\b")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Forms of one character that the converter leaves apart, because one of them is right in some words.
_FORMS = str.maketrans("著籐盃甕", "着藤杯瓮")
# Measures as people write them: the unit they become, and by what they are multiplied.
_UNITS = {
    "g": "g 1", "gr": "g 1", "gram": "g 1", "grams": "g 1", "gramme": "g 1", "grammes": "g 1", "garama": "g 1",
    "kg": "g 1000", "kilo": "g 1000", "kilos": "g 1000", "公斤": "g 1000", "千克": "g 1000", "斤": "g 500",
    "克": "g 1", "两": "g 50",
    "ml": "ml 1", "毫升": "ml 1", "cl": "ml 10", "升": "ml 1000", "litre": "ml 1000", "litres": "ml 1000",
    "cm": "cm 1", "厘米": "cm 1", "公分": "cm 1", "mm": "cm 0.1", "毫米": "cm 0.1", "m": "cm 100", "米": "cm 100",
    "码": "yd 1", "yard": "yd 1", "yards": "yd 1", "yadi": "yd 1",
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d{1,6}(?:[.,]\d{1,2})?"
_TIMES = r"\s*[x×*]\s*"
_MEASURE = re.compile(rf"({_NUMBER}(?:{_TIMES}{_NUMBER}){{0,2}})\s*({_UNIT})(?![a-z])")
# Kinyarwanda puts the unit first: cm 30.
_MEASURE_AFTER = re.compile(rf"(?<![a-z0-9])({_UNIT})\s+({_NUMBER}(?:{_TIMES}{_NUMBER}){{0,2}})(?!\d)")
_CHINESE_NUMBERS = {"一": "1", "两": "2", "二": "2", "三": "3", "五": "5", "十": "10", "半": "0.5"}
_CHINESE_WEIGHT = re.compile("([一两二三五十半])(公斤|千克|斤)")


@functools.cache
def segmenter() -> rjieba.Jieba:
    """The segmenter, which also knows this shop's words."""
    jieba = rjieba.Jieba()
    said = {phrase for phrases in meanings.phrases().values() for phrase in phrases}
    for phrase in sorted({*meanings.lines("words.txt"), *meanings.empty_words(), *said}):
        for word in _HAN_RUN.findall(fold(phrase)):
            if 1 < len(word) < 9:
                jieba.add_word(word, 99_999, "nz")
    return jieba


def fold(text: str) -> str:
    """One writing for all: full width and the like undone, simplified, lower case, no accents on Latin letters."""
    folded = unicodedata.normalize("NFKC", text)
    if _HAN.search(folded):
        folded = _converter().convert(_SURROGATE.sub(" ", folded)).translate(_FORMS)
    folded = folded.casefold()
    if folded.isascii():
        return folded
    # Without its accent, French tea would be an English article.
    folded = _THE.sub("tea", folded)
    decomposed = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def is_han(word: str) -> bool:
    """Whether a word is Chinese, in whole or in part."""
    return bool(_HAN.search(word))


def query(text: str) -> str:
    """What a buyer typed, made safe and plain: at most 80 characters, letters, digits and single spaces."""
    return " ".join(_WORD.findall(fold(text[: LONGEST_QUERY * 2]))).replace("_", " ")[:LONGEST_QUERY].strip()


def words(text: str) -> list[str]:
    """The words of a text, in order, long Chinese ones after the shorter ones in them; then its measures as `#30cm`."""
    folded, measures = _measured(fold(text))
    found = []
    for chunk in _WORD.findall(folded):
        pieces = segmenter().cut_for_search(chunk) if is_han(chunk) else [chunk]
        found += [piece for piece in pieces if piece.strip("_") and piece not in meanings.empty_words()]
    return found + measures


def plain_words(text: str) -> list[str]:
    """The words of a text, in order, each as long as it is; no measures."""
    return [piece for run in _runs(_measured(fold(text))[0]) for piece in run]


def asked(text: str) -> list[str]:
    """The words that goods must have for a query, each once; measures as `#250g`. Empty words only if all are empty."""
    folded, measures = _measured(fold(text[: LONGEST_QUERY * 2])[:LONGEST_QUERY])
    pieces = [piece for chunk in _WORD.findall(folded) for piece in _cut(chunk) if piece.strip("_")]
    telling = [piece for piece in pieces if piece not in meanings.empty_words()]
    return list(dict.fromkeys([*(telling or ([] if measures else pieces)), *measures]))[:MOST_ASKED]


def join(pieces: list[str] | tuple[str, ...]) -> str:
    """Words put together again as one would write them: a space only between Latin words."""
    joined = ""
    for piece in pieces:
        apart = joined and not is_han(joined[-1]) and not is_han(piece[0])
        joined += f" {piece}" if apart else piece
    return joined


@functools.lru_cache(maxsize=50_000)
def pinyin(han: str) -> tuple[str, str]:
    """How Chinese is typed with Latin letters: whole, and the initials."""
    return "".join(lazy_pinyin(han)), "".join(lazy_pinyin(han, style=Style.FIRST_LETTER))


def typed_beginnings(text: str) -> set[str]:
    """What one types for a Chinese text from any of its words on: pinyin and initials up to the end of its clause."""
    found = set()
    for han in _HAN_RUN.findall(fold(text)):
        spelt = [pinyin(piece) for piece in segmenter().cut(han)]
        for start in range(len(spelt)):
            for way in (0, 1):
                whole = "".join(part[way] for part in spelt[start:])[:60]
                if len(whole) > 1:
                    found.add(whole)
    return found


def typed(*texts: str) -> str:
    """What is typed without a Chinese keyboard: pinyin whole, in syllables and as initials; Latin as it is."""
    out: list[str] = []
    for text in texts:
        folded = fold(text)
        for han in _HAN_RUN.findall(folded):
            syllables = lazy_pinyin(han)
            out += ["".join(syllables), " ".join(syllables), "".join(syllable[0] for syllable in syllables)]
        out.append(" ".join(re.findall(r"[a-z0-9]+", folded)))
    return " ".join(dict.fromkeys(part for part in out if part))


@functools.cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _runs(folded: str) -> list[list[str]]:
    """The words of each stretch without punctuation."""
    return [[piece for piece in _cut(chunk) if piece.strip("_")] for chunk in _WORD.findall(folded)]


def _cut(chunk: str) -> list[str]:
    return list(segmenter().cut(chunk)) if is_han(chunk) else [chunk]


def _measured(folded: str) -> tuple[str, list[str]]:
    """The text without its measures, and these in one writing: 250克, 250 g and 0.25 kg are `#250g`."""
    found: list[str] = []

    def note(numbers: str, unit: str) -> str:
        name, factor = _UNITS[unit].split()
        for number in re.split(_TIMES, numbers):
            found.append(f"#{float(number.replace(',', '.')) * float(factor):g}{name}")
        return " "

    text = _CHINESE_WEIGHT.sub(lambda got: _CHINESE_NUMBERS[got[1]] + got[2], folded)
    text = _MEASURE_AFTER.sub(lambda got: note(got[2], got[1]), text)
    text = _MEASURE.sub(lambda got: note(got[1], got[2]), text)
    return text, list(dict.fromkeys(found))
