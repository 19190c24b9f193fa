"""`manage.py check_invariants`: everything that must hold, on one still picture of the database. Changes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from marketplace import invariants


class Command(BaseCommand):
    help = (
        "Checks what must always hold in money, stock, orders, papers, work and secrets; fails if something does not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        with still():
            for invariant, wrong in invariants.breaches():
                broken += 1
                self.stderr.write(f"{invariant.name}: {invariant.sentence}")
                for problem in wrong[: invariants.MOST_TOLD]:
                    self.stderr.write(f"    {problem}")
        if broken:
            raise CommandError(f"{broken} of {len(invariants.ALL)} invariants do not hold", returncode=1)
        self.stdout.write(f"{len(invariants.ALL)} invariants hold")


@contextlib.contextmanager
def still() -> Iterator[None]:
    """One snapshot for all questions, so that work going on meanwhile is seen whole or not at all; never writes."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # A large house takes its time; nobody waits for this one.
        cursor.execute("SET LOCAL statement_timeout = '10min'; SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
