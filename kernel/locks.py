"""Named advisory locks of Postgres: held by a live session, let go by the database when that session dies."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held(name: str) -> Iterator[bool]:
    """Try for a lock on a name for as long as the block runs; yields whether we got it, and never waits.

    It belongs to the session, so no transaction need stay open. A session that holds it may take it again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number(name)])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine:
            _let_go(name)


def free_until_commit(name: str) -> bool:
    """Try for the lock until this transaction ends. Says False when somebody alive holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number(name)])
        return bool(cursor.fetchone()[0])


def wait_until_commit(name: str) -> None:
    """Take the lock until this transaction ends, waiting for whoever holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number(name)])


def number(name: str) -> int:
    """The 64-bit key that stands for a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _let_go(name: str) -> None:
    # A session that broke off has lost its locks already; one in a failed transaction cannot be asked.
    if connection.connection is None or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number(name)])
