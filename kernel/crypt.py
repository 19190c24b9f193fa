"""Secrets of people at rest: AES-256-GCM bound to table, row and column, so a ciphertext opens only where it was put.

A stored value is: version byte, length of the key's id, the key's id, 12 random bytes, ciphertext with its tag. The
key's id lets keys change while rows are read. To look a value up, store its `blind` beside it: a keyed hash, useless
without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

VERSION = 1
_NONCE = 12


class Unreadable(Exception):
    """A ciphertext that does not open here: altered, moved from another row, or its key is not the one that made it."""


class KeyGone(Unreadable):
    """The key that made this ciphertext is not among FIELD_KEYS."""


class Encrypted:
    """A text kept as ciphertext: `id_number = Encrypted("id_number_cipher")` over `BinaryField(null=True)`.

    The row must have its primary key before the text is set, so use a UUID key. Reading decrypts and gives a plain str.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, model: type) -> Encrypted: ...
    @overload
    def __get__(self, row: models.Model, model: type) -> str: ...
    def __get__(self, row: models.Model | None, model: type) -> Any:
        if row is None:
            return self
        stored = getattr(row, self.column)
        return None if stored is None else decrypt(bytes(stored), bound=_place(row, self.column))

    def __set__(self, row: models.Model, text: str | None) -> None:
        if row.pk is None:
            raise ValueError("a row needs its primary key before it can keep a secret")
        setattr(row, self.column, None if text is None else encrypt(text, bound=_place(row, self.column)))


def encrypt(text: str, *, bound: str) -> bytes:
    """Seal a text under the current key, bound to its place."""
    key_id = settings.FIELD_KEY_CURRENT.encode()
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(settings.FIELD_KEYS[settings.FIELD_KEY_CURRENT]).encrypt(nonce, text.encode(), bound.encode())
    return bytes([VERSION, len(key_id)]) + key_id + nonce + sealed


def decrypt(stored: bytes, *, bound: str) -> str:
    """Open a text where it was put. Raises Unreadable, or KeyGone."""
    if len(stored) < 2 or stored[0] != VERSION:
        raise Unreadable("not a ciphertext of this house")
    start = 2 + stored[1]
    nonce, sealed = stored[start : start + _NONCE], stored[start + _NONCE :]
    key = settings.FIELD_KEYS.get(_key_id(stored))
    if key is None:
        raise KeyGone(f"the key {_key_id(stored)!r} is gone")
    try:
        return AESGCM(key).decrypt(nonce, sealed, bound.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("a ciphertext does not belong here, or was altered") from error


def blind(value: str, *, purpose: str) -> str:
    """A keyed hash to find a value by, different for each purpose; the same value gives the same hash."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()


def masked(value: str) -> str:
    """What may be shown of a secret: its first and last character."""
    return "*" * len(value) if len(value) < 3 else value[0] + "*" * (len(value) - 2) + value[-1]


def declared() -> Iterator[tuple[type[models.Model], str]]:
    """Every (model, column) that holds ciphertext."""
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        columns = {
            kept.column for parent in model.__mro__ for kept in vars(parent).values() if isinstance(kept, Encrypted)
        }
        for column in sorted(columns):
            yield model, column


def keys_in_use(model: type[models.Model], column: str) -> set[str]:
    """The ids of the keys under which rows of this column are sealed."""
    table, name = _quoted(model, column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT substring({name} FROM 3 FOR get_byte({name}, 1)) FROM {table}"  # noqa: S608
            f" WHERE octet_length({name}) > 2"
        )
        return {bytes(row[0]).decode("utf-8", "replace") for row in cursor.fetchall()}


@transaction.atomic
def rotate(model: type[models.Model], column: str, *, limit: int = 500) -> int:
    """Seal anew, under the current key, up to `limit` rows of older keys; returns how many. Raises KeyGone."""
    table, name = _quoted(model, column)
    current = settings.FIELD_KEY_CURRENT.encode()
    pk = _column(model, "pk")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk} FROM {table} WHERE substring({name} FROM 3 FOR get_byte({name}, 1)) <> %s"  # noqa: S608
            f" AND octet_length({name}) > 2 ORDER BY {pk} LIMIT %s FOR UPDATE SKIP LOCKED",
            [current, limit],
        )
        keys = [row[0] for row in cursor.fetchall()]
    rows = model._base_manager.filter(pk__in=keys)
    for row in rows:
        place = _place(row, column)
        text = decrypt(bytes(getattr(row, column)), bound=place)
        model._base_manager.filter(pk=row.pk).update(**{column: encrypt(text, bound=place)})
    return len(keys)


def _place(row: models.Model, column: str) -> str:
    return f"{row._meta.db_table}|{row.pk}|{column}"


def _key_id(stored: bytes) -> str:
    return stored[2 : 2 + stored[1]].decode("utf-8", "replace")


def _quoted(model: type[models.Model], column: str) -> tuple[str, str]:
    return connection.ops.quote_name(model._meta.db_table), _column(model, column)


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return connection.ops.quote_name(field.column)
