"""What is around the browsers: the workers as a thread, and the sandbox as the world outside."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connections
from django.utils import timezone

from kernel import work
from sandbox.testing import Sandbox

PATIENCE = 20.0
PAUSE = 0.15
# The seller asks for her money herself, so that her page can be read before it is gone.
ASLEEP = {"payments.payouts.schedule_ready"}

Answer = TypeVar("Answer")


class Workers:
    """Relay, workers and scheduler in one thread: every due job, and every clock task, a few times a second."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="workers", daemon=True)

    def __enter__(self) -> Workers:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        try:
            while not self._over.wait(PAUSE):
                self._turn()
        finally:
            connections.close_all()

    def _turn(self) -> None:
        work.run_due(raise_errors=False)
        for name in work.CLOCKS.keys() - ASLEEP:
            try:
                work.CLOCKS[name].run(now=timezone.now())
            except Exception as error:
                self.troubles.append(f"{name}: {error!r}")


def eventually(question: Callable[[], Answer]) -> Answer:
    """The first true answer to a question about the world outside. AssertionError when there is none in time."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.05)
    return answer


def code_sent_to(outside: Sandbox, phone: str) -> str:
    """The six digits of the newest message to a phone."""
    text = eventually(lambda: outside.sms_to(phone))[-1]["text"]
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found, text
    return found[0]
