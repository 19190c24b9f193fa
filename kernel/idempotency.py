"""Two requests under one key are one: at most one takes effect, and both get the same answer.

The effect and the kept answer commit together, so a crash leaves either both or neither; a lease then lets the next
attempt begin. An answer that asks to be tried again (409, 429, 5xx) is forgotten, with whatever it did.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import work
from .models import IdempotencyKey
from .refusals import Refusal

LEASE = timedelta(seconds=60)
KEEP = timedelta(days=30)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(Refusal):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    message = _("This Idempotency-Key was already used for a different request.")
    status = 422


class BadKey(Refusal):
    """No key that could be kept."""

    code = "idempotency_key_bad"
    message = _("An Idempotency-Key is 1 to 255 plain characters.")
    status = 422


class InFlight(Refusal):
    """The first request under this key is still being answered."""

    code = "idempotency_key_in_flight"
    message = _("The same request is still being worked on. Try again in a few seconds.")
    retry_after = 5


@dataclass(frozen=True)
class Answer:
    """What the first request was told, and whether this one only repeats it."""

    status: int
    body: Any
    repeated: bool


def once(*, actor: str, key: str, fingerprint: str, do: Callable[[], tuple[int, Any]], atomic: bool = True) -> Answer:
    """Run `do` at most once per actor and key; repeats get its answer.

    `do` returns a status and a body that JSON can carry. It runs in one transaction with the keeping of its answer, so
    it talks to nobody outside; a `do` that must is called with `atomic=False` and has to be safe to repeat by itself.
    Raises BadKey, InFlight, KeyReused (the key came with another `fingerprint` before), or whatever `do` raises.
    """
    if not _KEY.fullmatch(key):
        raise BadKey()
    holder = uuid.uuid4()
    row = _take(actor, key, hashlib.sha256(fingerprint.encode()).hexdigest(), holder)
    if row is not None:
        return Answer(row.status or 0, row.body, repeated=True)
    try:
        return _do_and_keep(actor, key, holder, do) if atomic else _keep(actor, key, holder, *do())
    except _Forget as told:
        _forget(actor, key, holder)
        return told.answer
    except BaseException:
        _forget(actor, key, holder)
        raise


class _Forget(Exception):
    """An answer not worth keeping; it carries the answer out of the transaction that it undoes."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def _take(actor: str, key: str, fingerprint: str, holder: uuid.UUID) -> IdempotencyKey | None:
    """Take the key for ourselves (None), or find the answer already kept."""
    now = timezone.now()
    keys = IdempotencyKey.objects.filter(actor=actor, key=key)
    try:
        with transaction.atomic():
            fresh = {"fingerprint": fingerprint, "holder": holder, "lease_until": now + LEASE}
            if not keys.exists():
                IdempotencyKey.objects.create(actor=actor, key=key, **fresh)
                return None
    except IntegrityError:
        pass
    row = keys.first()
    if row is None:  # its holder has just given it up
        raise InFlight()
    if row.fingerprint != fingerprint:
        raise KeyReused()
    if row.status is not None:
        return row
    if keys.filter(status=None, lease_until__lt=now).update(holder=holder, lease_until=now + LEASE):
        return None
    raise InFlight()


@transaction.atomic
def _do_and_keep(actor: str, key: str, holder: uuid.UUID, do: Callable[[], tuple[int, Any]]) -> Answer:
    return _keep(actor, key, holder, *do())


def _keep(actor: str, key: str, holder: uuid.UUID, status: int, body: Any) -> Answer:
    if status in {409, 429} or status >= 500:
        raise _Forget(Answer(status, body, repeated=False))
    if not IdempotencyKey.objects.filter(actor=actor, key=key, holder=holder).update(status=status, body=body):
        raise InFlight()  # we were too slow: the lease went to another, whose effect is the one that counts
    return Answer(status, body, repeated=False)


def _forget(actor: str, key: str, holder: uuid.UUID) -> None:
    IdempotencyKey.objects.filter(Q(actor=actor, key=key, holder=holder, status=None)).delete()


@work.every(seconds=3600)
def forget_old(*, now: datetime) -> None:
    """Delete keys that were first used thirty days ago."""
    IdempotencyKey.objects.filter(created_at__lt=now - KEEP).delete()
