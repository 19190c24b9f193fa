"""Stock: no unit is sold twice. Judged by receipts and order lines: the counter looks right after an oversell."""

from __future__ import annotations

from .base import none_of

INVARIANTS = [
    none_of(
        "stock_counters_are_sane",
        "No counter is negative, and no more is held than is there.",
        """
        SELECT sku, on_hand, reserved FROM catalog_variant
        WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand ORDER BY sku
        """,
        "%s: %s on hand, %s held",
    ),
    none_of(
        "held_units_have_a_holder",
        "What a variant says is held is the sum of its live reservations.",
        """
        SELECT v.sku, v.reserved, coalesce(sum(r.quantity), 0) FROM catalog_variant v
        LEFT JOIN catalog_reservation r ON r.variant_id = v.id AND r.status = 'active'
        GROUP BY v.id HAVING v.reserved <> coalesce(sum(r.quantity), 0) ORDER BY v.sku
        """,
        "%s: %s held, live reservations of %s",
    ),
    none_of(
        "stock_is_its_movements",
        "Units on hand are the sum of all movements.",
        """
        SELECT v.sku, v.on_hand, coalesce(sum(m.quantity), 0) FROM catalog_variant v
        LEFT JOIN catalog_stockmovement m ON m.variant_id = v.id
        GROUP BY v.id HAVING v.on_hand <> coalesce(sum(m.quantity), 0) ORDER BY v.sku
        """,
        "%s: %s on hand, movements of %s",
    ),
    none_of(
        "nothing_is_oversold",
        "Units in paid orders that stand, with those held, never exceed what was received.",
        """
        WITH sold AS (
            SELECT l.variant_id, sum(l.quantity) AS sum FROM orders_orderline l
            JOIN orders_consignment c ON c.id = l.consignment_id JOIN orders_order o ON o.id = c.order_id
            WHERE o.paid_at IS NOT NULL
                AND c.status NOT IN ('declined', 'auto_cancelled', 'cancelled', 'returned') GROUP BY 1
        ), held AS (
            SELECT variant_id, sum(quantity) AS sum FROM catalog_reservation WHERE status = 'active' GROUP BY 1
        ), had AS (
            SELECT variant_id, sum(quantity) AS sum FROM catalog_stockmovement
            WHERE kind IN ('receipt', 'adjustment') GROUP BY 1
        )
        SELECT v.sku, coalesce(sold.sum, 0), coalesce(held.sum, 0), coalesce(had.sum, 0) FROM catalog_variant v
        LEFT JOIN sold ON sold.variant_id = v.id LEFT JOIN held ON held.variant_id = v.id
        LEFT JOIN had ON had.variant_id = v.id
        WHERE coalesce(sold.sum, 0) + coalesce(held.sum, 0) > coalesce(had.sum, 0) ORDER BY v.sku
        """,
        "%s: %s sold and %s held of %s received",
    ),
    none_of(
        "sales_are_order_lines",
        "Each line of a paid order left the shelf once, and nothing else did.",
        """
        WITH ordered AS (
            SELECT 'order:' || o.number AS holder, l.variant_id, sum(l.quantity) AS sum FROM orders_orderline l
            JOIN orders_consignment c ON c.id = l.consignment_id JOIN orders_order o ON o.id = c.order_id
            WHERE o.paid_at IS NOT NULL GROUP BY 1, 2
        ), left_shelf AS (
            SELECT holder, variant_id, -sum(quantity) AS sum FROM catalog_stockmovement
            WHERE kind = 'sale' GROUP BY 1, 2
        )
        SELECT holder, variant_id, coalesce(ordered.sum, 0), coalesce(left_shelf.sum, 0)
        FROM ordered FULL JOIN left_shelf USING (holder, variant_id)
        WHERE coalesce(ordered.sum, 0) <> coalesce(left_shelf.sum, 0) ORDER BY 1, 2
        """,
        "%s, variant %s: %s ordered and paid, %s left the shelf",
    ),
    none_of(
        "fallen_units_came_back",
        "Each line of a paid consignment that fell came back to the shelf once, and nothing else did.",
        """
        WITH fallen AS (
            SELECT 'order:' || o.number AS holder, l.variant_id, sum(l.quantity) AS sum FROM orders_orderline l
            JOIN orders_consignment c ON c.id = l.consignment_id JOIN orders_order o ON o.id = c.order_id
            WHERE o.paid_at IS NOT NULL AND c.status IN ('declined', 'auto_cancelled', 'cancelled', 'returned')
            GROUP BY 1, 2
        ), back AS (
            SELECT holder, variant_id, sum(quantity) AS sum FROM catalog_stockmovement
            WHERE kind = 'return' GROUP BY 1, 2
        )
        SELECT holder, variant_id, coalesce(fallen.sum, 0), coalesce(back.sum, 0)
        FROM fallen FULL JOIN back USING (holder, variant_id)
        WHERE coalesce(fallen.sum, 0) <> coalesce(back.sum, 0) ORDER BY 1, 2
        """,
        "%s, variant %s: %s fell, %s came back",
    ),
    none_of(
        "reservations_follow_their_order",
        "An order holds its units while it waits for money, has bought them once paid, and holds none otherwise.",
        """
        SELECT r.holder, r.status, o.status FROM catalog_reservation r
        JOIN orders_order o ON r.holder = 'order:' || o.number
        WHERE (r.status = 'active') <> (o.status = 'awaiting_payment')
            OR (r.status = 'converted') <> (o.paid_at IS NOT NULL) ORDER BY 1
        """,
        "%s: the reservation is %s, the order %s",
    ),
    none_of(
        "orders_hold_what_they_ordered",
        "Each line of an order has a reservation of as many units.",
        """
        SELECT o.number, l.sku, l.quantity, coalesce(r.quantity, 0) FROM orders_orderline l
        JOIN orders_consignment c ON c.id = l.consignment_id JOIN orders_order o ON o.id = c.order_id
        LEFT JOIN catalog_reservation r ON r.holder = 'order:' || o.number AND r.variant_id = l.variant_id
        WHERE l.quantity <> coalesce(r.quantity, 0) ORDER BY 1, 2
        """,
        "order %s, %s: %s ordered, %s reserved",
    ),
    none_of(
        "holds_end_in_time",
        "A hold whose time is over is let go within five minutes.",
        """
        SELECT holder, expires_at FROM catalog_reservation
        WHERE status = 'active' AND expires_at < %(now)s - interval '5 minutes' ORDER BY 1
        """,
        "%s still holds units that it could keep until %s",
    ),
]
