"""Money: the books balance, every yuan taken has a home, and nobody is paid twice."""

from __future__ import annotations

from payments import ledger

from .base import Invariant, none_of

INVARIANTS = [
    Invariant(
        "ledger_balances",
        "The entries of a ledger transaction sum to zero in each currency.",
        lambda now: [f"ledger transaction {row} is off by {by} {code}" for row, code, by in ledger.out_of_balance()],
    ),
    none_of(
        "ledger_transactions_have_two_sides",
        "A ledger transaction has at least two entries, none of them zero.",
        """
        SELECT t.id, count(e.id) FROM payments_ledgertransaction t
        LEFT JOIN payments_ledgerentry e ON e.transaction_id = t.id AND e.amount_minor <> 0
        GROUP BY t.id HAVING count(e.id) < 2 ORDER BY 1
        """,
        "ledger transaction %s has %s entries",
    ),
    none_of(
        "ledger_entries_fit_their_account",
        "An entry has the currency of its account.",
        """
        SELECT e.id, e.currency, a.code, a.currency FROM payments_ledgerentry e
        JOIN payments_account a ON a.id = e.account_id WHERE a.currency <> e.currency ORDER BY 1
        """,
        "entry %s in %s stands on the account %s %s",
    ),
    none_of(
        "captures_are_booked",
        "What the provider captured is what the books say was captured, payment by payment.",
        """
        SELECT p.id, coalesce(f.sum, 0), coalesce(b.sum, 0) FROM payments_payment p
        LEFT JOIN LATERAL (
            SELECT sum(amount_minor) AS sum FROM payments_paymentfact WHERE payment_id = p.id AND kind = 'captured'
        ) f ON true
        LEFT JOIN LATERAL (
            SELECT sum(e.amount_minor) AS sum FROM payments_ledgertransaction t
            JOIN payments_ledgerentry e ON e.transaction_id = t.id JOIN payments_account a ON a.id = e.account_id
            WHERE t.cause = 'capture:' || p.id AND a.code = 'provider_cash' AND e.currency = p.currency
        ) b ON true
        WHERE coalesce(f.sum, 0) <> coalesce(b.sum, 0) ORDER BY p.created_at
        """,
        "payment %s: %s captured, %s booked",
    ),
    none_of(
        "refunds_are_booked",
        "A refund is in the books once it was sent, and not before, nor after a bank sent it back.",
        """
        SELECT r.id, r.status, r.amount_minor, coalesce(b.sum, 0) FROM payments_refund r
        LEFT JOIN LATERAL (
            SELECT -sum(e.amount_minor) AS sum FROM payments_ledgertransaction t
            JOIN payments_ledgerentry e ON e.transaction_id = t.id JOIN payments_account a ON a.id = e.account_id
            WHERE split_part(t.cause, ':', 1) IN ('refund', 'bounce') AND split_part(t.cause, ':', 2) = r.id::text
                AND a.code = 'provider_cash' AND e.currency = r.currency
        ) b ON true
        WHERE coalesce(b.sum, 0) <> CASE WHEN r.status IN ('sent', 'succeeded') THEN r.amount_minor ELSE 0 END
        ORDER BY r.created_at
        """,
        "refund %s (%s) of %s: %s booked",
    ),
    none_of(
        "sales_are_booked",
        "A consignment's sale is in the books from the release of its earning until it is taken back.",
        """
        SELECT c.number, s.status, count(sale.id), count(unsale.id) FROM orders_consignment c
        LEFT JOIN payments_earning s ON s.consignment_id = c.id AND s.kind = 'sale'
        LEFT JOIN payments_earning back ON back.consignment_id = c.id AND back.kind = 'clawback'
        LEFT JOIN payments_ledgertransaction sale ON sale.cause = 'sale:' || c.id
        LEFT JOIN payments_ledgertransaction unsale ON unsale.cause = 'unsale:' || c.id
        GROUP BY c.id, c.number, s.status, s.available_at, back.id
        HAVING count(sale.id) <> CASE WHEN s.available_at IS NOT NULL THEN 1 ELSE 0 END
            OR count(unsale.id) <> CASE
                WHEN s.available_at IS NOT NULL AND (s.status = 'reversed' OR back.id IS NOT NULL) THEN 1 ELSE 0 END
        ORDER BY c.number
        """,
        "consignment %s, earning %s: booked %s times, taken back %s times",
    ),
    none_of(
        "escrow_is_what_is_left",
        "What we hold for an order is what was captured, less what was refunded and what was sold.",
        """
        WITH moved AS (
            SELECT p.order_id, t.id AS transaction_id FROM payments_payment p
            JOIN payments_ledgertransaction t ON t.cause = 'capture:' || p.id
            UNION ALL
            SELECT p.order_id, t.id FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
            JOIN payments_ledgertransaction t
                ON split_part(t.cause, ':', 1) IN ('refund', 'bounce') AND split_part(t.cause, ':', 2) = r.id::text
            UNION ALL
            SELECT c.order_id, t.id FROM orders_consignment c
            JOIN payments_ledgertransaction t ON t.cause IN ('sale:' || c.id, 'unsale:' || c.id)
        ), held AS (
            SELECT m.order_id, -sum(e.amount_minor) AS sum FROM moved m
            JOIN payments_ledgerentry e ON e.transaction_id = m.transaction_id
            JOIN payments_account a ON a.id = e.account_id AND a.code = 'escrow' GROUP BY m.order_id
        ), told AS (
            SELECT p.order_id, sum(CASE f.kind WHEN 'refunded' THEN -f.amount_minor ELSE f.amount_minor END) AS sum
            FROM payments_paymentfact f JOIN payments_payment p ON p.id = f.payment_id
            WHERE f.kind IN ('captured', 'refunded', 'failed') GROUP BY p.order_id
        ), sold AS (
            SELECT c.order_id, sum(c.goods_minor + c.freight_minor + c.tax_minor) AS sum FROM orders_consignment c
            JOIN payments_earning e ON e.consignment_id = c.id AND e.kind = 'sale' AND e.available_at IS NOT NULL
            WHERE e.status <> 'reversed' AND NOT EXISTS (
                SELECT 1 FROM payments_earning back WHERE back.consignment_id = c.id AND back.kind = 'clawback'
            ) GROUP BY c.order_id
        )
        SELECT o.number, coalesce(held.sum, 0), coalesce(told.sum, 0) - coalesce(sold.sum, 0) FROM orders_order o
        LEFT JOIN held ON held.order_id = o.id LEFT JOIN told ON told.order_id = o.id
        LEFT JOIN sold ON sold.order_id = o.id
        WHERE coalesce(held.sum, 0) <> coalesce(told.sum, 0) - coalesce(sold.sum, 0) OR coalesce(held.sum, 0) < 0
        ORDER BY o.number
        """,
        "order %s: escrow holds %s, and should hold %s",
    ),
    none_of(
        "an_order_is_captured_once",
        "Of an order's payments at most one keeps its money; any other capture goes back.",
        """
        SELECT o.number, count(*) FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE EXISTS (SELECT 1 FROM payments_paymentfact f WHERE f.payment_id = p.id AND f.kind = 'captured')
            AND NOT EXISTS (SELECT 1 FROM payments_refund r WHERE r.cause = 'unwanted:' || p.id)
        GROUP BY o.number HAVING count(*) > 1 ORDER BY 1
        """,
        "order %s keeps the money of %s payments",
    ),
    none_of(
        "captured_money_has_a_home",
        "Every captured payment has a paid order or a refund.",
        """
        SELECT p.id, o.number, o.status FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE o.paid_at IS NULL
            AND EXISTS (SELECT 1 FROM payments_paymentfact f WHERE f.payment_id = p.id AND f.kind = 'captured')
            AND NOT EXISTS (SELECT 1 FROM payments_refund r WHERE r.payment_id = p.id)
        ORDER BY p.created_at
        """,
        "payment %s was captured, but order %s is %s",
    ),
    none_of(
        "paid_orders_have_their_money",
        "Every paid order has captured its total, in its currency.",
        """
        SELECT o.number, o.total_minor, coalesce(f.sum, 0) FROM orders_order o
        LEFT JOIN LATERAL (
            SELECT sum(f.amount_minor) AS sum FROM payments_paymentfact f
            JOIN payments_payment p ON p.id = f.payment_id
            WHERE p.order_id = o.id AND f.kind = 'captured' AND p.currency = o.currency
        ) f ON true
        WHERE o.paid_at IS NOT NULL AND coalesce(f.sum, 0) < o.total_minor ORDER BY o.number
        """,
        "order %s of %s is paid, but %s were captured",
    ),
    none_of(
        "refunds_stay_within_captures",
        "No payment gives back more than it took.",
        """
        SELECT p.id, coalesce(r.sum, 0), coalesce(f.sum, 0) FROM payments_payment p
        LEFT JOIN LATERAL (SELECT sum(amount_minor) AS sum FROM payments_refund WHERE payment_id = p.id) r ON true
        LEFT JOIN LATERAL (
            SELECT sum(amount_minor) AS sum FROM payments_paymentfact WHERE payment_id = p.id AND kind = 'captured'
        ) f ON true
        WHERE coalesce(r.sum, 0) > coalesce(f.sum, 0) ORDER BY p.created_at
        """,
        "payment %s: %s promised back of %s",
    ),
    none_of(
        "fallen_parts_are_refunded",
        "A paid consignment that fell has a refund of its whole share, within a quarter of an hour.",
        """
        SELECT c.number, c.status, coalesce(r.sum, 0), c.goods_minor + c.freight_minor + c.tax_minor
        FROM orders_consignment c JOIN orders_order o ON o.id = c.order_id
        LEFT JOIN LATERAL (SELECT sum(amount_minor) AS sum FROM payments_refund WHERE consignment_id = c.id) r ON true
        LEFT JOIN LATERAL (
            SELECT max(at) AS at FROM kernel_step WHERE thing = 'orders.consignment' AND thing_id = c.id::text
        ) s ON true
        WHERE c.status IN ('declined', 'auto_cancelled', 'cancelled', 'returned') AND o.paid_at IS NOT NULL
            AND coalesce(r.sum, 0) <> c.goods_minor + c.freight_minor + c.tax_minor
            AND (r.sum IS NOT NULL OR coalesce(s.at, o.placed_at) < %(now)s - interval '15 minutes')
        ORDER BY c.number
        """,
        "consignment %s is %s: %s of %s promised back",
    ),
    none_of(
        "standing_parts_are_not_refunded",
        "Nothing is given back for a consignment that did not fall.",
        """
        SELECT c.number, c.status FROM payments_refund r JOIN orders_consignment c ON c.id = r.consignment_id
        WHERE c.status NOT IN ('declined', 'auto_cancelled', 'cancelled', 'returned') ORDER BY 1
        """,
        "consignment %s is %s, and refunded",
    ),
    none_of(
        "payments_ask_for_the_total",
        "A payment asks for its order's total.",
        """
        SELECT p.id, p.amount_minor, p.currency, o.number FROM payments_payment p
        JOIN orders_order o ON o.id = p.order_id
        WHERE p.amount_minor <> o.total_minor OR p.currency <> o.currency ORDER BY p.created_at
        """,
        "payment %s asks for %s %s, not for the total of order %s",
    ),
    none_of(
        "earnings_are_what_was_promised",
        "A seller earns what was frozen with the order, and a debt is that much negative.",
        """
        SELECT e.id, e.amount_rwf_minor, c.number FROM payments_earning e
        JOIN orders_consignment c ON c.id = e.consignment_id
        WHERE e.amount_rwf_minor <> CASE e.kind WHEN 'sale' THEN 1 ELSE -1 END * c.receive_rwf_minor
            OR e.seller_id <> c.seller_id ORDER BY 1
        """,
        "earning %s of %s francs is not that of consignment %s",
    ),
    none_of(
        "completed_parts_earn",
        "A completed consignment's earning is released within a quarter of an hour.",
        """
        SELECT c.number FROM orders_consignment c WHERE c.status = 'completed'
            AND c.completed_at < %(now)s - interval '15 minutes' AND NOT EXISTS (
                SELECT 1 FROM payments_earning e
                WHERE e.consignment_id = c.id AND e.kind = 'sale' AND e.status <> 'pending'
            ) ORDER BY 1
        """,
        "consignment %s is completed, and its seller has nothing",
    ),
    none_of(
        "payable_is_what_is_ready",
        "The books owe each seller what their released, unpaid earnings sum up to.",
        """
        WITH owed AS (
            SELECT a.seller_id, -sum(e.amount_minor) AS sum FROM payments_ledgerentry e
            JOIN payments_account a ON a.id = e.account_id AND a.code = 'seller_payable' GROUP BY a.seller_id
        ), ready AS (
            SELECT seller_id, sum(amount_rwf_minor) AS sum FROM payments_earning
            WHERE available_at IS NOT NULL AND status IN ('available', 'held') GROUP BY seller_id
        )
        SELECT s.slug, coalesce(owed.sum, 0), coalesce(ready.sum, 0) FROM sellers_seller s
        LEFT JOIN owed ON owed.seller_id = s.id LEFT JOIN ready ON ready.seller_id = s.id
        WHERE coalesce(owed.sum, 0) <> coalesce(ready.sum, 0) ORDER BY s.slug
        """,
        "shop %s: the books owe %s francs, its earnings say %s",
    ),
    none_of(
        "payouts_are_their_earnings",
        "A payout is the sum of its earnings, all of one seller.",
        """
        SELECT p.id, p.amount_rwf_minor, coalesce(sum(e.amount_rwf_minor), 0) FROM payments_payout p
        LEFT JOIN payments_payoutline l ON l.payout_id = p.id LEFT JOIN payments_earning e ON e.id = l.earning_id
        GROUP BY p.id HAVING p.amount_rwf_minor <> coalesce(sum(e.amount_rwf_minor), 0)
            OR bool_or(e.seller_id <> p.seller_id)
        ORDER BY p.created_at
        """,
        "payout %s of %s francs has earnings of %s",
    ),
    none_of(
        "paid_earnings_were_paid_once",
        "An earning is marked as paid if and only if exactly one payout that was paid holds it.",
        """
        SELECT e.id, e.status, count(p.id) FROM payments_earning e
        LEFT JOIN payments_payoutline l ON l.earning_id = e.id
        LEFT JOIN payments_payout p ON p.id = l.payout_id AND p.status = 'paid'
        GROUP BY e.id HAVING count(p.id) <> CASE e.status WHEN 'paid' THEN 1 ELSE 0 END ORDER BY 1
        """,
        "earning %s is %s, and in %s paid payouts",
    ),
    none_of(
        "payouts_are_booked",
        "A payout is in the books once it was paid, and not before.",
        """
        SELECT p.id, p.status, count(t.id) FROM payments_payout p
        LEFT JOIN payments_ledgertransaction t ON t.cause = 'payout:' || p.id
        GROUP BY p.id HAVING count(t.id) <> CASE p.status WHEN 'paid' THEN 1 ELSE 0 END ORDER BY p.created_at
        """,
        "payout %s is %s, and booked %s times",
    ),
]
