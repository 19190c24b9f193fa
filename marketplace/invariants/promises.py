"""Promises of work: what waits has a job that will do it, jobs move on, and people were told what happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from .base import Invariant, none_of, rows

# Table and condition of rows that wait for a worker -> the task that does it, its argument, and the row's column in it.
WAITING = (
    ("payments_refund", "status = 'promised'", "payments.refunds.send", "refund_id", "id"),
    ("payments_payout", "status = 'scheduled'", "payments.payouts.send", "payout_id", "id"),
    ("payments_stripeevent", "handled_at IS NULL", "payments.inbox.handle", "event_id", "id"),
    ("logistics_trackingnotice", "handled_at IS NULL", "logistics.inbox.handle", "digest", "digest"),
    ("accounts_message", "status = 'waiting'", "accounts.messages.send", "message_id", "id"),
    ("catalog_picture", "status = 'waiting'", "catalog.pictures.derive", "picture_id", "id"),
    (
        "logistics_exportdocument",
        """status = 'required' AND EXISTS (
            SELECT 1 FROM logistics_parcel p JOIN orders_consignment c ON c.id = p.consignment_id
            WHERE p.id = parcel_id AND c.status NOT IN ('declined', 'auto_cancelled', 'cancelled', 'returned')
        )""",
        "logistics.paperwork.issue",
        "parcel_id",
        "parcel_id",
    ),
    (
        "logistics_parcel",
        """registered_at IS NULL AND attention <> 'not_followed' AND EXISTS (
            SELECT 1 FROM orders_consignment c WHERE c.id = consignment_id AND c.status = 'handed_over'
        )""",
        "logistics.tracking.follow",
        "parcel_id",
        "id",
    ),
)


def _waits_for_nobody(now: datetime) -> Iterator[str]:
    for table, waits, task, argument, column in WAITING:
        name, key = connection.ops.quote_name(table), connection.ops.quote_name(column)
        found = rows(
            f"""
            SELECT {key} FROM {name} WHERE {waits} AND NOT EXISTS (
                SELECT 1 FROM kernel_job j WHERE j.state <> 'done' AND j.task = %(task)s
                    AND j.kwargs ->> %(argument)s = {name}.{key}::text
            ) ORDER BY 1
            """,  # noqa: S608
            task=task,
            argument=argument,
        )
        yield from (f"{table} {pk} waits, and no job of {task} will come for it" for (pk,) in found)


INVARIANTS = [
    Invariant("what_waits_has_a_job", "Every row that waits for a worker has an unfinished job.", _waits_for_nobody),
    none_of(
        "jobs_move_on",
        "A job that is due is sent, and one that was sent is finished or sent again, within a quarter of an hour.",
        """
        SELECT id, task, state, due_at FROM kernel_job
        WHERE (state = 'waiting' AND due_at < %(now)s - interval '15 minutes')
            OR (state = 'sent' AND sent_at < %(now)s - interval '15 minutes') ORDER BY id
        """,
        "job %s (%s) is %s and was due at %s",
    ),
    none_of(
        "jobs_park_only_when_spent",
        "A job is parked only when its attempts are used up, and says why.",
        """
        SELECT id, task, attempts, max_attempts FROM kernel_job
        WHERE state = 'parked' AND (attempts < max_attempts OR last_error = '') ORDER BY id
        """,
        "job %s (%s) is parked after %s of %s attempts",
    ),
    none_of(
        "sent_messages_say_when",
        "A message has a time of sending if and only if it was sent.",
        """
        SELECT id, kind, status FROM accounts_message WHERE (status = 'sent') <> (sent_at IS NOT NULL)
        ORDER BY created_at
        """,
        "message %s (%s) is %s, and its time does not fit that",
    ),
    none_of(
        "nobody_is_told_twice",
        "A message is one for its occasion, person and channel.",
        "SELECT once, count(*) FROM accounts_message GROUP BY once HAVING count(*) > 1 ORDER BY 1",
        "%s was told %s times",
    ),
    none_of(
        "buyers_know_that_they_paid",
        "The buyer of every paid order was told so.",
        """
        SELECT o.number FROM orders_order o WHERE o.paid_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_message m WHERE m.user_id = o.buyer_id AND m.kind = 'order_paid'
                AND m.once LIKE 'order_paid:' || o.number || ':%%'
        ) ORDER BY 1
        """,
        "the buyer of order %s was not told that it is paid",
    ),
    none_of(
        "shops_know_what_was_ordered",
        "Everybody of the shop was told of each consignment when its order was paid.",
        """
        SELECT c.number, m.user_id FROM orders_consignment c JOIN orders_order o ON o.id = c.order_id
        JOIN sellers_sellermember m ON m.seller_id = c.seller_id
        JOIN accounts_user u ON u.id = m.user_id AND u.is_active AND u.joined_at < o.paid_at
        WHERE o.paid_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM accounts_message told
            WHERE told.once LIKE 'consignment_new:' || c.number || ':%%' AND told.user_id = m.user_id
        ) ORDER BY 1
        """,
        "consignment %s: person %s of the shop was not told",
    ),
]
