"""Work that must happen is a row: it commits with its cause, it runs at least once, and it is never silently lost.

The relay (`manage.py relay`) hands due rows to the workers, and sends again what got lost on the way. The message
broker only carries hints: wipe it, and work is late, not gone. Every task must be safe to run twice.
"""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, overload
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from . import locks
from .models import Job

log = logging.getLogger(__name__)

CHANNEL = "isoko_jobs"
LOST_AFTER = timedelta(seconds=120)
MOST_SENT = 500
KEEP_DONE = timedelta(days=7)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
DIED = "the worker died at the last attempt"

_ID_WORD = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
_LONG_NUMBER = re.compile(r"\d{9,}[\dXx]?")

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Task:
    """A function that jobs may name."""

    name: str
    run: Callable[..., Any]
    max_attempts: int


@dataclass(frozen=True)
class Clock:
    """A function that the scheduler calls every so many seconds."""

    name: str
    run: Callable[..., Any]
    seconds: float


TASKS: dict[str, Task] = {}
CLOCKS: dict[str, Clock] = {}


def _name(fn: Callable[..., Any]) -> str:
    return f"{fn.__module__}.{fn.__qualname__}"


@overload
def task(fn: Function) -> Function: ...
@overload
def task(*, max_attempts: int = 8) -> Callable[[Function], Function]: ...
def task(fn: Function | None = None, *, max_attempts: int = 8) -> Function | Callable[[Function], Function]:
    """Make a function one that `later` can ask for. It takes ids by keyword only, and must be safe to run twice."""

    def register(function: Function) -> Function:
        if any(p.kind not in {p.KEYWORD_ONLY, p.VAR_KEYWORD} for p in inspect.signature(function).parameters.values()):
            raise TypeError(f"{function.__qualname__} must take keyword-only ids")
        TASKS[_name(function)] = Task(_name(function), function, max_attempts)
        return function

    return register if fn is None else register(fn)


def every(*, seconds: float) -> Callable[[Function], Function]:
    """Have the scheduler call `def sweep(*, now)` every so many seconds, never twice at once."""

    def register(function: Function) -> Function:
        CLOCKS[_name(function)] = Clock(_name(function), function, seconds)
        return function

    return register


def later(fn: Callable[..., Any], *, due: datetime | None = None, once: str | None = None, **ids: Any) -> None:
    """Promise that a task runs after this transaction commits, and not before `due`.

    With `once`, asking again while it is unfinished adds no second job: the earlier due time holds, and if it was on
    its way already it runs once more afterwards, so that it sees what the later caller wrote. A parked job stays
    parked until staff replay it. The arguments are ids only: whole numbers, UUIDs and short words. Raises TypeError,
    ValueError.
    """
    wanted = TASKS.get(_name(fn))
    if wanted is None:
        raise TypeError(f"{_name(fn)} is not a task")
    inspect.signature(fn).bind(**ids)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_job
                (task, kwargs, due_at, state, attempts, max_attempts, last_error, once, again, created_at)
            VALUES (%s, %s, %s, 'waiting', 0, %s, '', %s, false, %s)
            ON CONFLICT (task, once) WHERE state <> 'done'
            DO UPDATE SET again = true, due_at = least(kernel_job.due_at, excluded.due_at)
            """,
            [wanted.name, json.dumps(_only_ids(ids)), due or now, wanted.max_attempts, once, now],
        )
        if due is None or due <= now:
            cursor.execute(f"NOTIFY {CHANNEL}")


def run(job_id: int) -> bool:
    """Run one job unless a live worker is at it or it is finished; says whether it ran to its end.

    The task itself runs outside any transaction and opens its own. A failure is written on the job, not raised.
    """
    return _run(job_id) is None


def run_due(now: datetime | None = None, *, raise_errors: bool = True) -> int:
    """Run in this process whatever is due, and what that makes due, until nothing is; returns how many ran.

    For tests and consoles. The first failure is raised after it is recorded, unless told otherwise.
    """
    ran = 0
    while True:
        waiting = Job.objects.filter(state=Job.State.WAITING, due_at__lte=now or timezone.now())
        job_id = waiting.order_by("due_at", "id").values_list("id", flat=True).first()
        if job_id is None:
            return ran
        error = _run(job_id, now=now)
        if isinstance(error, Busy):
            return ran
        if error is not None and raise_errors:
            raise error
        ran += 1


class Busy(Exception):
    """Somebody else has this job, or it needs no running."""


def _run(job_id: int, *, now: datetime | None = None) -> Exception | None:
    with locks.held(f"job:{job_id}") as mine:
        job = _begin(job_id) if mine else None
        if job is None:
            return Busy()
        try:
            _call(job)
        except Exception as error:
            log.warning("job %s (%s) failed, attempt %s", job.pk, job.task, job.attempts, exc_info=error)
            _failed(job, error, now=now or timezone.now())
            return error
        _finish(job)
    return None


def _begin(job_id: int) -> Job | None:
    """Count the attempt before it starts, so that a job which kills its worker is parked in the end."""
    unfinished = Job.objects.filter(pk=job_id, state__in=[Job.State.WAITING, Job.State.SENT])
    if unfinished.filter(attempts__gte=F("max_attempts")).update(state=Job.State.PARKED, last_error=DIED):
        return None
    if not unfinished.update(attempts=F("attempts") + 1, again=False, state=Job.State.SENT, sent_at=timezone.now()):
        return None
    return Job.objects.get(pk=job_id)


def _call(job: Job) -> None:
    known = TASKS.get(job.task)
    if known is None:
        raise LookupError(f"no task is called {job.task}")
    if connection.in_atomic_block:  # a caller's own transaction, as in tests, survives a failed task
        with transaction.atomic():
            known.run(**job.kwargs)
    else:
        known.run(**job.kwargs)


def _finish(job: Job) -> None:
    """Done, unless it was asked for again meanwhile: then it waits for its next turn.

    An asker who has not committed yet holds the row, so the first update waits and then sees what was asked.
    """
    unfinished = Job.objects.filter(pk=job.pk).exclude(state=Job.State.DONE)
    if not unfinished.filter(again=False).update(state=Job.State.DONE, done_at=timezone.now(), last_error=""):
        unfinished.update(state=Job.State.WAITING, attempts=0, last_error="")


def _failed(job: Job, error: Exception, *, now: datetime) -> None:
    over = job.attempts >= job.max_attempts
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.PARKED if over else Job.State.WAITING,
        due_at=now + min(FIRST_WAIT * 2 ** min(job.attempts - 1, 20), LONGEST_WAIT),
        last_error=described(error),
    )
    if over:
        log.error("job %s (%s) is parked after %s attempts", job.pk, job.task, job.attempts)


def described(error: Exception) -> str:
    """What staff may read about a failure: long numbers are hidden, since one could be somebody's identity."""
    return _LONG_NUMBER.sub("…", f"{type(error).__name__}: {error}")[:500]


# The relay's part ----------------------------------------------------------------------------------------------------


@transaction.atomic
def claim(*, now: datetime, limit: int = 100) -> list[int]:
    """Take due jobs for sending, each by one relay only.

    A long backlog waits here and not at the broker, where it would grow stale and be taken for lost.
    """
    limit = min(limit, MOST_SENT - Job.objects.filter(state=Job.State.SENT).count())
    if limit <= 0:
        return []
    due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=now).order_by("due_at", "id")
    ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:limit])
    Job.objects.filter(pk__in=ids).update(state=Job.State.SENT, sent_at=now)
    return ids


def unsend(ids: list[int]) -> None:
    """Put back what could not be handed over."""
    Job.objects.filter(pk__in=ids, state=Job.State.SENT).update(state=Job.State.WAITING, sent_at=None)


@transaction.atomic
def sweep(*, now: datetime) -> int:
    """Find jobs sent long ago that no live worker holds: they wait again, or park when their attempts are used up."""
    lost = Job.objects.filter(state=Job.State.SENT, sent_at__lt=now - LOST_AFTER).order_by("id")
    gone = [job for job in lost.select_for_update(skip_locked=True)[:200] if locks.free_until_commit(f"job:{job.pk}")]
    for job in gone:
        if job.attempts >= job.max_attempts:
            job.state, job.last_error = Job.State.PARKED, DIED
        else:
            job.state, job.sent_at = Job.State.WAITING, None
        job.save(update_fields=["state", "sent_at", "last_error"])
    return len(gone)


def replay(job: Job, *, now: datetime) -> bool:
    """Give a parked job a fresh set of attempts, due now; says whether it was parked."""
    parked = Job.objects.filter(pk=job.pk, state=Job.State.PARKED)
    return bool(parked.update(state=Job.State.WAITING, attempts=0, due_at=now, sent_at=None))


def backlog(*, now: datetime) -> dict[str, Any]:
    """How work stands: counts of `due`, `sent` and `parked` jobs, and since when the oldest due one waits."""
    due = Q(state=Job.State.WAITING, due_at__lte=now)
    return Job.objects.exclude(state=Job.State.DONE).aggregate(
        due=Count("id", filter=due),
        sent=Count("id", filter=Q(state=Job.State.SENT)),
        parked=Count("id", filter=Q(state=Job.State.PARKED)),
        oldest=Min("due_at", filter=due),
    )


def tick(name: str) -> bool:
    """Call a clock task now, unless its previous call still runs; says whether it was called."""
    with locks.held(f"clock:{name}") as mine:
        if mine:
            CLOCKS[name].run(now=timezone.now())
        return mine


@every(seconds=3600)
def forget_done(*, now: datetime) -> None:
    """Delete jobs that were done a week ago."""
    Job.objects.filter(state=Job.State.DONE, done_at__lt=now - KEEP_DONE).delete()


def _only_ids(ids: dict[str, Any]) -> dict[str, Any]:
    return {name: _an_id(name, value) for name, value in ids.items()}


def _an_id(name: str, value: Any) -> int | str | None:
    """Jobs carry ids and words, never a person's data. Raises TypeError or ValueError."""
    if value is None or type(value) is int or isinstance(value, bool):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str):
        if not _ID_WORD.fullmatch(value):
            raise ValueError(f"{name} must be an id or a word of at most 64 plain characters")
        return str(value)
    raise TypeError(f"{name} must be a whole number, a UUID or a short word, not {type(value).__name__}")
