"""Words out of Chinese and Latin text, for the search index and for what buyers type. No database here."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import rjieba
from pypinyin import Style, lazy_pinyin

DATA = Path(__file__).parent / "data"
LONGEST_QUERY = 80
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HAN_RUN = re.compile(f"{_HAN.pattern}+")
# Particles that say nothing about goods.
_EMPTY = {*"的了和与及在是有也或等一个", "the", "a", "an", "of", "and", "in", "for", "de", "la", "le", "du", "et"}


@functools.cache
def segmenter() -> rjieba.Jieba:
    """The segmenter, which also knows this shop's words."""
    jieba = rjieba.Jieba()
    for word in _lines("words.txt"):
        jieba.add_word(word, 99_999, "nz")
    return jieba


@functools.cache
def synonyms() -> dict[str, frozenset[str]]:
    """A word and all that it may also be called."""
    known: dict[str, set[str]] = {}
    for line in _lines("synonyms.txt"):
        group = {fold(word) for word in line.split()}
        for word in group:
            known.setdefault(word, set()).update(group)
    return {word: frozenset(others) for word, others in known.items()}


@functools.cache
def simplified() -> dict[int, str]:
    """Traditional characters to simplified ones: those that words of this shop need, for `str.translate`."""
    return {ord(pair[0]): pair[1] for pair in _lines("traditional.txt")}


def fold(text: str) -> str:
    """One writing for all: full width and the like undone, simplified, lower case, no accents on Latin letters."""
    folded = unicodedata.normalize("NFKC", text).translate(simplified()).casefold()
    decomposed = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def query(text: str) -> str:
    """What a buyer typed, made safe and plain: at most 80 characters, letters, digits and single spaces."""
    return " ".join(_WORD.findall(fold(text[: LONGEST_QUERY * 2]))).replace("_", " ")[:LONGEST_QUERY].strip()


def words(text: str) -> list[str]:
    """The words of a text, in order; longer Chinese words are followed by the shorter ones in them."""
    found = []
    for chunk in _WORD.findall(fold(text)):
        pieces = segmenter().cut_for_search(chunk) if _HAN.search(chunk) else [chunk]
        found += [piece for piece in pieces if piece.strip("_") and piece not in _EMPTY]
    return found


def asked(text: str) -> list[str]:
    """The words that goods must have for a query, each once, without those that a longer one contains."""
    found = []
    for chunk in query(text).split():
        pieces = segmenter().cut(chunk) if _HAN.search(chunk) else [chunk]
        found += [piece for piece in pieces if piece not in _EMPTY]
    return list(dict.fromkeys(found))[:12]


def typed(*texts: str) -> str:
    """What is typed without a Chinese keyboard: pinyin whole, in syllables and as initials; Latin as it is."""
    out: list[str] = []
    for text in texts:
        folded = fold(text)
        for han in _HAN_RUN.findall(folded):
            syllables = lazy_pinyin(han)
            initials = lazy_pinyin(han, style=Style.FIRST_LETTER)
            out += ["".join(syllables), " ".join(syllables), "".join(initials)]
        out.append(" ".join(re.findall(r"[a-z0-9]+", folded)))
    return " ".join(dict.fromkeys(part for part in out if part))


def _lines(name: str) -> list[str]:
    read = (DATA / name).read_text("utf-8").splitlines()
    return [line.strip() for line in read if line.strip() and not line.startswith("#")]
