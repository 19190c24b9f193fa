"""The stored files of pictures: written once under a name that begins with their original's hash, never changed.

`pictures/ab/ab12…-360.webp` is the original whose SHA-256 begins with ab12…, 360 pixels wide: whoever shows the same
photo shares the file, and one hash stands for a dozen addresses on a page, which compress to one. Making files in
another way needs another ending.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel import locks

FOLDER: Final = "pictures"
TYPES: Final = {"avif": "image/avif", "jpg": "image/jpeg", "webp": "image/webp"}
HASH_LENGTH: Final = 32


class Content(ContentFile):
    """Bytes with their type, which object stores would guess from the name, and not know for AVIF."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.content_type = TYPES[name.rpartition(".")[2]]


def keep(sha256: str, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Store files of one original by their endings, like `-360.webp`; gives the name of each. Needs a transaction.

    Until it ends nobody else stores or removes files of this original (`strays`), so a row written in it names files
    that are there.
    """
    stem = stem_of(sha256)
    locks.wait_until_commit(stem)
    return {ending: _keep(stem + ending, content) for ending, content in contents.items()}


def content(name: str) -> bytes:
    """What is stored under a name. Raises FileNotFoundError."""
    with default_storage.open(name) as file:
        return file.read()


def stem_of(sha256: str) -> str:
    """With what the names of an original's files begin."""
    return f"{FOLDER}/{sha256[:2]}/{sha256[:HASH_LENGTH]}"


def stem_in(name: str) -> str:
    """With what a stored name begins: what `stem_of` gave when it was made."""
    folder, _slash, last = name.rpartition("/")
    return f"{folder}/{last[:HASH_LENGTH]}"


def _keep(name: str, content: bytes) -> str:
    return name if default_storage.exists(name) else default_storage.save(name, Content(content, name))
