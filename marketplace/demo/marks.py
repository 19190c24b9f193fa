"""What the demonstration data has made already, so that a second run leaves everything as people have left it since.

Marks are audit records: they live and die with the data they speak of. A killed run goes on after the last one.
"""

from __future__ import annotations

from functools import cache

from kernel import audit
from kernel.models import AuditRecord
from orders.models import Order

ACTOR = "demo"
MADE, PLACED = "demo_made", "demo_placed"


@cache
def _seen() -> set[str]:
    return {detail["what"] for detail in AuditRecord.objects.filter(deed=MADE).values_list("detail", flat=True)}


def made(what: str) -> bool:
    """Whether this was finished by an earlier run."""
    return what in _seen()


def mark(what: str) -> None:
    """This is finished, for ever."""
    audit.record(ACTOR, MADE, what=what)
    _seen().add(what)


def forget() -> None:
    """Read the marks anew; for tests, whose database changes under the same process."""
    _seen.cache_clear()


def placed(order: Order, *, story: str) -> None:
    """Which story an order belongs to, written with the order."""
    audit.record(ACTOR, PLACED, order, story=story)


def order_of(story: str) -> Order | None:
    """The order that an earlier run placed for a story and did not bring to its end."""
    last = AuditRecord.objects.filter(deed=PLACED, detail__story=story).order_by("-pk").first()
    return Order.objects.filter(pk=last.thing_id).first() if last else None
