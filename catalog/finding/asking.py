"""What a buyer's words ask of the index: each thing wanted, under all its names. Pure: text in, a tsquery as text out.

The index (`catalog.finding.indexing`) holds lexemes of five sorts, which never meet each other: words as they stand,
`=` and a meaning, `~` and pinyin, `#` and a measure, `@` and a word of the shop's or maker's name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .. import segments
from . import phrases, slips

# Everything here is from Rwanda.
EVERYWHERE = frozenset({"word:卢旺达", "word:非洲"})
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Wish:
    """One thing asked for: words that mean something together, or a word. `exact` is the tsquery that finds it."""

    pieces: tuple[str, ...]
    means: frozenset[str]
    exact: str

    @property
    def text(self) -> str:
        """The words as one would write them."""
        return segments.join(self.pieces).lstrip("#")

    @cached_property
    def loose(self) -> str:
        """Finds also what may have been meant: a slip of the keyboard, the same sound, the main part of a word."""
        also = _meanings(_parts(self.pieces) - self.means) if self.means else _guesses(self.text)
        return _any([self.exact, *also])


@dataclass(frozen=True)
class Asked:
    """A whole query: its wishes, and what it may be as a whole (`other`). All its forms are tsqueries as text."""

    wishes: tuple[Wish, ...]
    other: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wishes)

    @cached_property
    def exact(self) -> str:
        """All wishes at once."""
        return _any([_all(wish.exact for wish in self.wishes), *self.other]) if self.wishes else ""

    @cached_property
    def loose(self) -> str:
        """All wishes at once, each as it may have been meant."""
        return _any([_all(wish.loose for wish in self.wishes), *self.other]) if self.wishes else ""

    @cached_property
    def typed(self) -> str:
        """Any wish: for ranking what `exact` found."""
        return _any(wish.exact for wish in self._telling) if self.wishes else ""

    @cached_property
    def some(self) -> str:
        """Any wish, as it may have been meant."""
        return _any(wish.loose for wish in self._telling) if self.wishes else ""

    @property
    def _telling(self) -> Sequence[Wish]:
        """The wishes that tell goods from each other; all, where none does."""
        return [wish for wish in self.wishes if not wish.means & EVERYWHERE] or self.wishes

    def without_one(self) -> list[str]:
        """The query less one thing each, to try where nothing has them all."""
        if len(self.wishes) < 2:
            return []
        texts = [wish.text for wish in self.wishes]
        return [" ".join(text for text in texts if text != left_out) for left_out in texts]


@functools.lru_cache(maxsize=2_000)
def understand(query: str) -> Asked:
    """What a query asks for. A query without a letter or digit asks for nothing."""
    wishes = tuple(_wish(tuple(pieces)) for pieces in phrases.of(segments.asked(query)))
    if len(wishes) < 2:
        return Asked(wishes, tuple(_spelt(query)) if wishes and not wishes[0].means else ())
    if phrases.is_spelt(query):
        return Asked((Wish((segments.query(query),), frozenset(), _any(_spelt(query))),))
    return Asked(wishes, (*_shop(query), *_spelt(query)))


def _wish(pieces: tuple[str, ...]) -> Wish:
    means = phrases.meanings_of(segments.join(pieces))
    exact = [_all(_literal(piece) for piece in pieces), *_meanings(means)]
    if not means:
        exact += [alternative for piece in pieces for alternative in _unknown(piece)]
    return Wish(pieces, means, _any(exact))


def _literal(piece: str) -> str:
    """The word, and anything that begins with it where that says the same: no `c` for coffee, no `25` for 250."""
    if piece.startswith("#") or piece.isdigit() or (not segments.is_han(piece) and len(piece) < 3):
        return quoted(piece)
    if _LETTERS.fullmatch(piece):
        return f"{quoted(phrases.singular(piece))}:*"
    return f"{quoted(piece)}:*"


def _unknown(piece: str) -> list[str]:
    """What else a word may be that means nothing here: a name, or Chinese in Latin letters."""
    found = [] if piece.startswith("#") else [quoted(f"@{piece}")]
    if _LETTERS.fullmatch(piece) and len(piece) > 1:
        found.append(f"{quoted(f'~{piece}')}:*")
        found += _meanings(phrases.by_pinyin().get(piece, frozenset()))
    return found


def _parts(pieces: tuple[str, ...]) -> frozenset[str]:
    """What the parts of a known phrase mean: of black tea the tea, of 辣椒酱 the 辣椒."""
    if len(pieces) == 1:
        return phrases.parts_of(pieces[0]) if segments.is_han(pieces[0]) else frozenset()
    either = phrases.meanings_of(pieces[0]) | phrases.meanings_of(pieces[-1])
    return frozenset(meaning for meaning in either if meaning.startswith(("word:", "type:", "category:")))


def _guesses(text: str) -> list[str]:
    """What a word may have been meant to be: by its sound in Chinese, by its letters in Latin, by a part of it."""
    if segments.is_han(text):
        spelt = segments.pinyin(text)[0] if len(text) > 1 else ""
        found = [f"{quoted(f'~{spelt}')}:*"] if spelt else []
        return found + _meanings(phrases.parts_of(text))
    found = []
    for word in slips.near(text):
        found += [f"{quoted(word)}:*", f"{quoted(f'~{word}')}:*"]
        found += _meanings(phrases.known().get(word, frozenset()) | phrases.by_pinyin().get(word, frozenset()))
    return found


def _shop(query: str) -> list[str]:
    """The whole query as the name of a shop or maker."""
    words = segments.asked(query)
    return [_all(quoted(f"@{word}") for word in words)] if len(words) > 1 else []


def _spelt(query: str) -> list[str]:
    """The whole query as Chinese in Latin letters: with spaces between syllables, or several words without."""
    words = segments.query(query).split()
    if not words or not all(_LETTERS.fullmatch(word) for word in words):
        return []
    whole = "".join(words)
    meant = _meanings(phrases.by_pinyin().get(whole, frozenset()))
    found = [f"{quoted(f'~{whole}')}:*", *meant] if len(words) > 1 else []
    if parts := phrases.split(whole):
        found.append(_all(_any([f"{quoted(f'~{part}')}:*", *_meanings(phrases.by_pinyin()[part])]) for part in parts))
    return found


def _meanings(means: frozenset[str]) -> list[str]:
    return [quoted(f"={meaning}") for meaning in sorted(means)]


def quoted(lexeme: str) -> str:
    """A lexeme as tsquery and tsvector read it."""
    if "'" in lexeme or "\\" in lexeme:
        lexeme = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{lexeme}'"


def _all(parts: Iterable[str]) -> str:
    return _joined(parts, " & ")


def _any(parts: Iterable[str]) -> str:
    return _joined(parts, " | ")


def _joined(parts: Iterable[str], with_: str) -> str:
    found = list(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else "(" + with_.join(found) + ")"
