"""Races against the real database: everybody starts at one barrier, and nobody leaves a connection behind."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def together(n: int, fn: Callable[[int], Any], *, patience: float = 30) -> list[Any]:
    """Call `fn(0)` to `fn(n - 1)` at the same instant in n threads; return what each gave, an exception as itself.

    Use it in a test marked `race` and `django_db(transaction=True)`: the threads see only committed rows.
    """
    gate = threading.Barrier(n)
    answers: list[Any] = [TimeoutError("this thread never finished")] * n

    def run(index: int) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait(patience)
            answers[index] = fn(index)
        except BaseException as error:
            answers[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
    return answers
