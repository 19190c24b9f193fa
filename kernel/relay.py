"""The relay: hands due jobs to the workers. It alone talks to the message broker, and it may die at any line.

A job is marked as sent before it is published: dying in between leaves it to the sweep. A broker that is down sends
it back to wait. Two relays share the work, since each row is claimed by one.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import Celery
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from . import work

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
SWEEP_SECONDS = 10.0
PAUSE_SECONDS = 2.0


class Relay:
    """One relay: `forever` until `stop` is set, `once` for a single round."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.publisher = Celery("relay", set_as_current=False)
        self.publisher.config_from_object("django.conf:settings", namespace="CELERY")
        self._swept = 0.0

    def forever(self) -> None:
        """Relay until told to stop, through lost connections of either kind."""
        while not self.stop.is_set():
            try:
                self._listen()
                while not self.stop.is_set():
                    if not self.once():
                        self._wait()
            except DatabaseError as error:
                log.warning("the database is away: %s", error)
                close_old_connections()
                connection.close()
                self.stop.wait(PAUSE_SECONDS)

    def once(self) -> int:
        """Sweep if it is time, then send what is due; returns how many were sent."""
        now = timezone.now()
        if time.monotonic() - self._swept > SWEEP_SECONDS:
            self._swept = time.monotonic()
            while lost := work.sweep(now=now):
                log.warning("%s lost jobs were found", lost)
        ids = work.claim(now=now)
        for sent, job_id in enumerate(ids):
            try:
                self.publish(job_id)
            except Exception as error:
                log.warning("the broker is away, %s jobs wait: %s", len(ids) - sent, error)
                work.unsend(ids[sent:])
                self.stop.wait(PAUSE_SECONDS)
                return 0
        return len(ids)

    def publish(self, job_id: int) -> None:
        """Tell the workers of one job. The message carries its number and nothing else."""
        self.publisher.send_task("kernel.run_job", args=[job_id], ignore_result=True, retry=False)

    def _listen(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {work.CHANNEL}")

    def _wait(self) -> None:
        """Until a commit brings a job, or a second has gone by."""
        raw: Any = connection.connection
        for _note in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
            return
