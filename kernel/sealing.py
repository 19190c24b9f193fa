"""Seals append-only rows into a hash chain, so that editing, deleting, reordering or cutting them off shows.

Writers only insert; a clock task seals afterwards, so nobody waits for a chain's head. The order of the chain is the
order of sealing: within one round by row id, and a row whose transaction committed late is sealed in a later round at
a later position. Each round looks for unsealed rows from where the chain stood an hour ago, and no transaction of
ours lives that long (the database ends them after seconds), so none is passed over; `verify` reports one that is. The
head of each chain is logged at every round: a head kept outside the database betrays a chain cut short.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from . import locks, work
from .models import AuditRecord, ChainLink, Step

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(hours=1)
GENESIS = "0" * 64
_AT_ONCE = 2000


@dataclass(frozen=True)
class Chain:
    """Rows to seal: where they are, and the bytes that stand for one."""

    name: str
    rows: Callable[[], models.QuerySet[Any]]
    row_bytes: Callable[[Any], bytes]


CHAINS: dict[str, Chain] = {}


def chain(name: str, rows: Callable[[], models.QuerySet[Any]], row_bytes: Callable[[Any], bytes]) -> None:
    """Have the rows of a queryset (with whole-number ids) sealed. `row_bytes` must cover every column that matters."""
    CHAINS[name] = Chain(name, rows, row_bytes)


def plainly(*values: Any) -> bytes:
    """Values as bytes that are always the same for the same values; times are written in UTC."""
    return json.dumps([_plain(value) for value in values], ensure_ascii=True, sort_keys=True).encode()


@work.every(seconds=60)
def seal_all(*, now: datetime) -> None:
    """Seal what is new in every chain, and log each head."""
    for name in CHAINS:
        seal(name, now=now)
        position, head = last(name)
        if position:
            log.info("chain %s stands at %s %s", name, position, head)


def seal(name: str, *, now: datetime) -> int:
    """Seal the unsealed rows of one chain, in batches; says how many. Leaves at once if another sealer is at it."""
    sealed = 0
    while count := _seal_some(CHAINS[name], now=now):
        sealed += count
    return sealed


def last(name: str) -> tuple[int, str]:
    """The position and hash of a chain's newest link; (0, zeros) for an empty chain."""
    return ChainLink.objects.filter(chain=name).order_by("-position").values_list("position", "hash").first() or (
        0,
        GENESIS,
    )


@transaction.atomic
def _seal_some(chain: Chain, *, now: datetime) -> int:
    if not locks.free_until_commit(f"seal:{chain.name}"):
        return 0
    position, head = last(chain.name)
    links = []
    for row in _unsealed(chain, now=now).order_by("pk")[:_AT_ONCE]:
        position += 1
        row_hash = _hash(chain.row_bytes(row))
        head = _next(head, row_hash)
        links.append(
            ChainLink(
                chain=chain.name, position=position, row_id=row.pk, row_hash=row_hash, hash=head, at=timezone.now()
            )
        )
    ChainLink.objects.bulk_create(links)
    return len(links)


def _unsealed(chain: Chain, *, now: datetime) -> models.QuerySet[Any]:
    links = ChainLink.objects.filter(chain=chain.name)
    mark = links.filter(at__lt=now - LOOK_BACK).order_by("-row_id").values_list("row_id", flat=True).first() or 0
    return chain.rows().filter(~Exists(links.filter(row_id=OuterRef("pk"))), pk__gt=mark)


def verify(name: str, *, head: tuple[int, str] | None = None) -> list[str]:
    """What is wrong with a chain, in sentences; an empty list when all is well.

    Give a `head` (position, hash) that was kept elsewhere to find a chain that was cut short or written anew.
    """
    chain = CHAINS[name]
    wrong: list[str] = []
    position, before = 0, GENESIS
    while links := list(ChainLink.objects.filter(chain=name, position__gt=position).order_by("position")[:_AT_ONCE]):
        rows = chain.rows().in_bulk([link.row_id for link in links])
        for link in links:
            wrong += _compare(chain, link, rows.get(link.row_id), position=position, before=before)
            position, before = link.position, link.hash
            if head and head[0] == position and head[1] != before:
                wrong.append(f"{name}: position {position} is not what the kept head says")
    if head and head[0] > position:
        wrong.append(f"{name}: the chain ends at {position}, but stood at {head[0]} before")
    wrong += [
        f"{name}: row {pk} was never sealed, though rows sealed long ago come after it" for pk in _passed_over(chain)
    ]
    return wrong


def _compare(chain: Chain, link: ChainLink, row: Any, *, position: int, before: str) -> list[str]:
    wrong = []
    if link.position != position + 1:
        wrong.append(f"{chain.name}: positions {position + 1} to {link.position - 1} are missing")
    if link.hash != _next(before, link.row_hash):
        wrong.append(f"{chain.name}: position {link.position} does not follow the one before it")
    if row is None:
        wrong.append(f"{chain.name}: row {link.row_id} was deleted")
    elif _hash(chain.row_bytes(row)) != link.row_hash:
        wrong.append(f"{chain.name}: row {link.row_id} was changed after it was sealed")
    return wrong


def _passed_over(chain: Chain) -> list[int]:
    """Rows without a seal although the chain had passed their id more than twice the look-back ago."""
    links = ChainLink.objects.filter(chain=chain.name)
    old = (
        links.filter(at__lt=timezone.now() - 2 * LOOK_BACK).order_by("-row_id").values_list("row_id", flat=True).first()
    )
    missing = chain.rows().filter(~Exists(links.filter(row_id=OuterRef("pk"))), pk__lt=old or 0)
    return list(missing.order_by("pk").values_list("pk", flat=True)[:100])


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _next(before: str, row_hash: str) -> str:
    return _hash(bytes.fromhex(before) + bytes.fromhex(row_hash))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value)


chain(
    "steps",
    Step.objects.all,
    lambda row: plainly(row.pk, row.thing, row.thing_id, row.was, row.now, row.actor, row.why, row.at),
)
chain(
    "audit",
    AuditRecord.objects.all,
    lambda row: plainly(row.pk, row.actor, row.deed, row.thing, row.thing_id, row.detail, row.at),
)
