"""What changed between two texts, word by word; letter by letter in Chinese. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECES = re.compile(r"[^\W\u2e80-\u9fff]+|\s+|.", re.DOTALL)
# Longer texts are compared line by line: the finest comparison of two long texts takes seconds.
MOST_PIECES = 2_000


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is in both (`same`), in the old one only (`gone`) or in the new one only (`new`)."""

    how: str
    text: str


def between(old: str, new: str) -> list[Piece]:
    """Both texts as one sequence, what is gone before what came in its place."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if len(before) + len(after) > MOST_PIECES:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[i:j])))
            continue
        found += [Piece("gone", "".join(before[i:j]))] if j > i else []
        found += [Piece("new", "".join(after[k:m]))] if m > k else []
    return found
