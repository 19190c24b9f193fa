"""How goods stand among each other where nobody asked for an order: the same for everybody, from what all can see."""

from __future__ import annotations

from django.db.models import Case, ExpressionWrapper, F, FloatField, Func, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Ln

# A point is worth a month: goods that came a month later stand one higher.
MONTH = 30 * 86_400.0
# Until there are reviews, goods count as having five of so many stars in all.
FIRST_STARS, FIRST_REVIEWS = 21.0, 5.0
STAR = 2.0
SOLD_OUT = -12.0


def _number(expression: Combinable) -> Cast:
    return Cast(expression, FloatField())


def stars() -> ExpressionWrapper:
    """The mean of a product's reviews, drawn towards 4.2 while they are few."""
    return ExpressionWrapper(
        (_number(F("rating_sum")) + Value(FIRST_STARS)) / (_number(F("rating_count")) + Value(FIRST_REVIEWS)),
        output_field=FloatField(),
    )


def standing() -> ExpressionWrapper:
    """The sum of newness, sales (twenty sold are worth three months), stars (one is worth two months) and stock.

    It does not change with time, so that an index can hold it: all goods grow old alike.
    """
    came = Func(
        Coalesce(F("published_at"), F("created_at")),
        template="EXTRACT(EPOCH FROM (%(expressions)s AT TIME ZONE 'UTC'))",
        output_field=FloatField(),
    )
    return ExpressionWrapper(
        _number(came) / Value(MONTH)
        + Ln(_number(F("units_sold")) + Value(1.0))
        + stars() * Value(STAR)
        + Case(When(in_stock=True, then=Value(0.0)), default=Value(SOLD_OUT), output_field=FloatField()),
        output_field=FloatField(),
    )
