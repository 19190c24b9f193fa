"""How well goods are found: nDCG@10 over judged queries.

./run bench search
"""

from __future__ import annotations

import statistics
from collections import defaultdict

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from catalog import search

from . import _goods, judging


def relevance(*, show_below: float = 0.9) -> float:
    """Print nDCG@10 by kind of query, and the queries that fell below a mark; returns the mean over all queries."""
    slugs = {product.pk: product.slug for product in _goods.stock(timezone.now())}
    by_kind: dict[str, list[float]] = defaultdict(list)
    for one in judging.judged(slugs.values()):
        shown = list(search.find(one.query).values_list("slug", flat=True)[: judging.DEPTH])
        score = judging.ndcg(shown, one.grades)
        by_kind[one.kind].append(score)
        if score < show_below:
            print(f"  {score:.2f}  {one.query}: {', '.join(shown[:5]) or 'nothing'}")
    for kind, scores in by_kind.items():
        print(f"nDCG@10  {kind:<12} {statistics.mean(scores):.3f}   ({len(scores)} queries)")
    overall = statistics.mean(score for scores in by_kind.values() for score in scores)
    print(f"nDCG@10  all          {overall:.3f}")
    return overall


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        relevance()
        transaction.set_rollback(True)
