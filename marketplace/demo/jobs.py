"""Work that the demonstration needs at once. Everything else waits for the workers, which start after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from catalog import pictures
from kernel import work
from kernel.models import Job

THREADS = 2


class Undone(Exception):
    """A job that the demonstration rests on failed; what it said is on the job."""


def run(*tasks: Callable[..., Any]) -> int:
    """Run what is due of these tasks, in order; says how many ran. Raises Undone."""
    names = [f"{task.__module__}.{task.__qualname__}" for task in tasks]
    waiting = Job.objects.filter(task__in=names, state=Job.State.WAITING, due_at__lte=timezone.now())
    numbers = list(waiting.order_by("id").values_list("id", flat=True))
    for number in numbers:
        work.run(number)
    failed = Job.objects.filter(pk__in=numbers, state__in=[Job.State.WAITING, Job.State.PARKED]).exclude(last_error="")
    if trouble := failed.first():
        raise Undone(f"{trouble.task}: {trouble.last_error}")
    return len(numbers)


def derive(picture_ids: list[UUID]) -> None:
    """Make the small files of these pictures now, two at a time: the work is Pillow's, outside Python's lock."""
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(_derive, picture_ids))


def _derive(picture_id: UUID) -> None:
    try:
        pictures.derive(picture_id=picture_id)
    finally:
        connection.close()
