"""From what a seller wants to receive in francs to what a buyer pays in yuan, and how that comes about.

The buyer's price covers the seller's francs at the day's rate with a buffer, our commission and the payment company's
fee, rounded up to a whole step. Every part is rounded once, and the parts add up to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import work
from kernel.money import Money
from kernel.refusals import Refusal

from . import showing
from .models import ExchangeRate, PriceRule, Product, Variant

FRESH_FOR = timedelta(days=14)
WHOLE = 10_000


class NoRate(Refusal):
    """There is no exchange rate for the day, or only one that is too old to promise anything by."""

    code = "no_rate"
    status = 503
    message = _("There is no fresh exchange rate for %(base)s. Prices cannot be made until it is entered.")


class NoPriceRule(Refusal):
    """Nobody entered how prices are made."""

    code = "no_price_rule"
    status = 503
    message = _("It is not set yet how prices are made. Please tell the staff.")


@dataclass(frozen=True)
class PriceParts:
    """A price taken apart. `seller`, `commission`, `payment_fee`, `buffer` and `rounding` add up to `price` (CNY)."""

    receive: Money
    seller: Money
    commission: Money
    payment_fee: Money
    buffer: Money
    rounding: Money
    price: Money
    rwf_per_cny: Decimal
    rate_as_of: date | None = None


def rate(base: str, quote: str, *, on: date) -> ExchangeRate:
    """The newest average rate of a day or of the two weeks before it, in `quote` for one `base`. Raises NoRate."""
    known = ExchangeRate.objects.filter(base=base, quote=quote, side=ExchangeRate.Side.AVERAGE)
    found = known.filter(as_of__lte=on, as_of__gte=on - FRESH_FOR).order_by("-as_of", "-entered_at").first()
    if found is None:
        raise NoRate(base=base)
    return found


def rule(*, now: datetime) -> PriceRule:
    """The price rule in force. Raises NoPriceRule."""
    found = PriceRule.objects.filter(valid_from__lte=now).order_by("-valid_from").first()
    if found is None:
        raise NoPriceRule
    return found


def buyer_price(receive: Money, *, rule: PriceRule, rwf_per_cny: Decimal) -> Money:
    """What a buyer pays in yuan so that the seller receives this in francs."""
    return parts(receive, rule=rule, rwf_per_cny=rwf_per_cny).price


def parts(receive: Money, *, rule: PriceRule, rwf_per_cny: Decimal) -> PriceParts:
    """The least whole price that covers everything, and its parts."""
    seller = receive.to("CNY", per=rwf_per_cny)
    buffer = seller.at(_share(rule.rate_buffer_bp))
    taken = _share(rule.commission_bp) + _share(rule.payment_fee_bp)
    exact = receive.minor * 100 / Fraction(rwf_per_cny) * (1 + _share(rule.rate_buffer_bp)) / (1 - taken)
    price = Money(ceil(exact / rule.step_minor) * rule.step_minor, "CNY")
    while True:
        commission, fee = price.at(_share(rule.commission_bp)), price.at(_share(rule.payment_fee_bp))
        rounding = price - seller - buffer - commission - fee
        if rounding.minor >= 0:
            return PriceParts(receive, seller, commission, fee, buffer, rounding, price, rwf_per_cny)
        # Parts rounded up each by half a fen can pass the exact sum: the next step has room for them.
        price = price + Money(rule.step_minor, "CNY")


def explain(variant: Variant, *, now: datetime | None = None) -> PriceParts:
    """How a variant's price of today comes about. Raises NoRate, NoPriceRule."""
    return explain_amount(variant.receive, now=now)


def explain_amount(receive: Money, *, now: datetime | None = None) -> PriceParts:
    """How the price for this wish would come about today. Raises NoRate, NoPriceRule."""
    now = now or timezone.now()
    today = rate("CNY", "RWF", on=now.date())
    found = parts(receive, rule=rule(now=now), rwf_per_cny=today.rate)
    return PriceParts(**{**found.__dict__, "rate_as_of": today.as_of})


@transaction.atomic
def reprice(variant: Variant, *, now: datetime | None = None) -> Money:
    """Make and store today's price. Raises NoRate, NoPriceRule."""
    variant.price = explain(variant, now=now).price
    variant.save(update_fields=["price_minor"])
    showing.later(variant.product_id)
    return variant.price


@work.every(seconds=3600)
def renew(*, now: datetime) -> int:
    """Make prices anew where the rate has moved by more than half the buffer; says how many changed.

    Small moves are what the buffer is for: a price that changes every day makes buyers wait.
    """
    try:
        today, in_force = rate("CNY", "RWF", on=now.date()), rule(now=now)
    except (NoRate, NoPriceRule):
        return 0
    changed = 0
    for variant in Variant.objects.filter(product__status=Product.Status.PUBLISHED).order_by("pk").iterator():
        price = buyer_price(variant.receive, rule=in_force, rwf_per_cny=today.rate)
        tolerated = variant.price.at(_share(in_force.rate_buffer_bp) / 2) + Money(in_force.step_minor, "CNY")
        if abs(price - variant.price) > tolerated:
            changed += _store(variant, price=price)
    return changed


@transaction.atomic
def _store(variant: Variant, *, price: Money) -> int:
    """Only if nobody else has priced it meanwhile."""
    stored = Variant.objects.filter(pk=variant.pk, price_minor=variant.price_minor).update(price_minor=price.minor)
    if stored:
        showing.later(variant.product_id)
    return stored


def _share(basis_points: int) -> Fraction:
    return Fraction(basis_points, WHOLE)
