"""Orders: whole, adding up at every level, and where their steps say they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection

from kernel.lifecycle import Lifecycle

from .base import Invariant, none_of, rows


def _with_a_life() -> dict[str, Any]:
    """Every model with a status, by the name under which its steps are written."""
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Lifecycle)}


def _stands_elsewhere(now: datetime) -> Iterable[str]:
    for name, model in _with_a_life().items():
        table, key = (connection.ops.quote_name(it) for it in (model._meta.db_table, model._meta.pk.column))
        found = rows(
            f"""
            SELECT t.{key}, t.status, s.now FROM {table} t JOIN LATERAL (
                SELECT now FROM kernel_step WHERE thing = %(thing)s AND thing_id = t.{key}::text
                ORDER BY id DESC LIMIT 1
            ) s ON true WHERE s.now <> t.status ORDER BY 1
            """,  # noqa: S608
            thing=name,
        )
        yield from (f"{name} {pk} is {status}, but its last step led to {last}" for pk, status, last in found)


def _leads_nowhere(now: datetime) -> Iterable[str]:
    kinds = _with_a_life()
    # All pairs that occur are few, whatever the number of steps.
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT thing, was, now FROM kernel_step ORDER BY 1, 2, 3")
        pairs = cursor.fetchall()
    for thing, was, to in pairs:
        if thing in kinds and to not in kinds[thing].MOVES.get(was, ()):
            yield f"{thing} went from {was} to {to}, which its map does not allow"


INVARIANTS = [
    none_of(
        "orders_are_whole",
        "An order has a consignment, a consignment lines and planned parcels, and each unit a parcel.",
        """
        SELECT o.number, count(DISTINCT c.id), count(DISTINCT l.id), count(DISTINCT p.id) FROM orders_order o
        LEFT JOIN orders_consignment c ON c.order_id = o.id
        LEFT JOIN orders_orderline l ON l.consignment_id = c.id
        LEFT JOIN orders_plannedparcel p ON p.consignment_id = c.id
        GROUP BY o.number, c.id HAVING count(l.id) = 0 OR count(p.id) = 0 ORDER BY 1
        """,
        "order %s: %s consignments, with %s lines and %s parcels",
    ),
    none_of(
        "orders_are_their_consignments",
        "Goods, freight, tax and total of an order are the sums over its consignments.",
        """
        SELECT o.number FROM orders_order o LEFT JOIN orders_consignment c ON c.order_id = o.id GROUP BY o.id
        HAVING (o.goods_minor, o.freight_minor, o.tax_minor)
            IS DISTINCT FROM (sum(c.goods_minor), sum(c.freight_minor), sum(c.tax_minor))
            OR o.total_minor <> o.goods_minor + o.freight_minor + o.tax_minor - o.discount_minor
            OR bool_or(c.currency <> o.currency)
        ORDER BY 1
        """,
        "order %s does not add up",
    ),
    none_of(
        "consignments_are_their_lines",
        "A consignment's goods are the sum of its lines, in yuan for the buyer and in francs for the seller.",
        """
        SELECT c.number, c.goods_minor, sum(l.unit_price_minor * l.quantity), c.receive_rwf_minor,
            sum(l.unit_receive_rwf_minor * l.quantity)
        FROM orders_consignment c JOIN orders_orderline l ON l.consignment_id = c.id GROUP BY c.id
        HAVING c.goods_minor <> sum(l.unit_price_minor * l.quantity)
            OR c.receive_rwf_minor <> sum(l.unit_receive_rwf_minor * l.quantity)
        ORDER BY 1
        """,
        "consignment %s: goods %s, lines %s; receives %s, lines %s",
    ),
    none_of(
        "consignments_are_their_parcels",
        "Goods, freight and tax of a consignment are the sums over its planned parcels.",
        """
        SELECT c.number FROM orders_consignment c LEFT JOIN orders_plannedparcel p ON p.consignment_id = c.id
        GROUP BY c.id HAVING (c.goods_minor, c.freight_minor, c.tax_minor)
            IS DISTINCT FROM (sum(p.goods_minor), sum(p.freight_minor), sum(p.tax_minor)) ORDER BY 1
        """,
        "consignment %s is not the sum of its parcels",
    ),
    none_of(
        "parcels_are_their_tax_lines",
        "Goods and tax of a planned parcel are the sums over what is in it.",
        """
        SELECT c.number, p.position FROM orders_plannedparcel p JOIN orders_consignment c ON c.id = p.consignment_id
        LEFT JOIN orders_taxline t ON t.planned_parcel_id = p.id GROUP BY c.number, p.id
        HAVING (p.goods_minor, p.tax_minor) IS DISTINCT FROM (sum(t.value_minor), sum(t.due_minor)) ORDER BY 1, 2
        """,
        "consignment %s, parcel %s is not the sum of what is in it",
    ),
    none_of(
        "every_unit_is_in_one_parcel",
        "The units of an order line are those of its tax lines.",
        """
        SELECT c.number, l.sku, l.quantity, coalesce(sum(t.quantity), 0) FROM orders_orderline l
        JOIN orders_consignment c ON c.id = l.consignment_id LEFT JOIN orders_taxline t ON t.line_id = l.id
        GROUP BY c.number, l.id HAVING l.quantity <> coalesce(sum(t.quantity), 0) ORDER BY 1, 2
        """,
        "consignment %s, %s: %s ordered, %s in parcels",
    ),
    none_of(
        "orders_cost_what_was_quoted",
        "An order's amounts are those of the quote that its buyer confirmed.",
        """
        SELECT o.number, o.total_minor, q.total_minor FROM orders_order o JOIN logistics_quote q ON q.id = o.quote_id
        WHERE (o.goods_minor, o.freight_minor, o.tax_minor, o.total_minor, o.currency, o.buyer_id)
            IS DISTINCT FROM (q.goods_minor, q.freight_minor, q.tax_minor, q.total_minor, q.currency, q.buyer_id)
        ORDER BY 1
        """,
        "order %s costs %s, its quote says %s",
    ),
    none_of(
        "orders_are_where_their_parts_are",
        "An order's status follows from those of its consignments.",
        """
        SELECT o.number, o.status, string_agg(c.status, ', ' ORDER BY c.number) FROM orders_order o
        JOIN orders_consignment c ON c.order_id = o.id GROUP BY o.id HAVING NOT CASE o.status
            WHEN 'awaiting_payment' THEN bool_and(c.status = 'awaiting_payment')
            WHEN 'expired' THEN bool_and(c.status = 'cancelled')
            WHEN 'paid' THEN bool_or(c.status IN ('to_accept', 'accepted', 'packed', 'handed_over', 'delivered'))
                AND NOT bool_or(c.status = 'awaiting_payment')
            WHEN 'closed' THEN bool_or(c.status = 'completed')
                AND bool_and(c.status IN ('completed', 'declined', 'auto_cancelled', 'cancelled', 'returned'))
            ELSE bool_and(c.status IN ('declined', 'auto_cancelled', 'cancelled', 'returned')) END
        ORDER BY 1
        """,
        "order %s is %s, its parts are %s",
    ),
    none_of(
        "paid_orders_say_when",
        "An order has a time of payment if and only if it was paid.",
        """
        SELECT number, status, paid_at FROM orders_order WHERE CASE
            WHEN status IN ('paid', 'closed') THEN paid_at IS NULL
            WHEN status IN ('awaiting_payment', 'expired') THEN paid_at IS NOT NULL ELSE false END
        ORDER BY 1
        """,
        "order %s is %s, paid at %s",
    ),
    none_of(
        "unpaid_orders_end",
        "An order that is not paid in time expires within five minutes.",
        """
        SELECT number, pay_by FROM orders_order
        WHERE status = 'awaiting_payment' AND pay_by < %(now)s - interval '5 minutes' ORDER BY 1
        """,
        "order %s should have expired at %s",
    ),
    none_of(
        "unaccepted_parts_end",
        "A consignment that is not accepted in time is called off within ten minutes.",
        """
        SELECT number, accept_by FROM orders_consignment
        WHERE status = 'to_accept' AND (accept_by IS NULL OR accept_by < %(now)s - interval '10 minutes') ORDER BY 1
        """,
        "consignment %s should have been called off at %s",
    ),
    Invariant("steps_lead_to_the_status", "Everything is where its last step led it.", _stands_elsewhere),
    Invariant("steps_follow_the_map", "Every step is one that its map allows.", _leads_nowhere),
    none_of(
        "steps_follow_each_other",
        "Each step begins where the one before it ended.",
        """
        SELECT thing, thing_id, was, before FROM (
            SELECT id, thing, thing_id, was, lag(now) OVER (PARTITION BY thing, thing_id ORDER BY id) AS before
            FROM kernel_step
        ) s WHERE before <> was ORDER BY id
        """,
        "%s %s stepped out of %s, after it had come to %s",
    ),
]
