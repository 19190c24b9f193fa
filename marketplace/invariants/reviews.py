"""Reviews: each by somebody who received the goods, and the ratings that lists show are made of them alone."""

from __future__ import annotations

from .base import none_of

INVARIANTS = [
    none_of(
        "reviews_are_of_what_was_received",
        "A review is of the product of its line, and its part of the order was completed before.",
        """
        SELECT r.id, c.number, c.status FROM orders_review r JOIN orders_orderline l ON l.id = r.line_id
        JOIN orders_consignment c ON c.id = l.consignment_id
        WHERE c.status <> 'completed' OR c.completed_at > r.at OR l.product_id <> r.product_id ORDER BY 1
        """,
        "review %s is of consignment %s, which is %s",
    ),
    none_of(
        "ratings_are_their_reviews",
        "A product's rating is the sum and the number of its visible reviews.",
        """
        SELECT p.slug, p.rating_sum, p.rating_count, coalesce(sum(r.stars), 0), count(r.id) FROM catalog_product p
        LEFT JOIN orders_review r ON r.product_id = p.id AND r.hidden_at IS NULL
        GROUP BY p.id HAVING p.rating_sum <> coalesce(sum(r.stars), 0) OR p.rating_count <> count(r.id) ORDER BY 1
        """,
        "%s: rated %s by %s, its reviews say %s by %s",
    ),
]
