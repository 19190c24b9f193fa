"""What a buyer pays covers everything, grows with what the seller wants, and is explained to the fen."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import prices
from catalog.models import ExchangeRate, PriceRule, Variant
from kernel.money import Money
from tests import cast

FRANCS = st.integers(1, 50_000_000)
RATES = st.decimals("20", "2000", places=6)
RULES = st.builds(
    PriceRule,
    commission_bp=st.integers(0, 4000),
    payment_fee_bp=st.integers(0, 1000),
    rate_buffer_bp=st.integers(0, 1000),
    step_minor=st.sampled_from([1, 10, 50, 100, 500]),
)


@given(FRANCS, RULES, RATES)
def test_the_price_covers_the_seller_the_commission_and_the_fee(francs, rule, rate):
    parts = prices.parts(Money(francs, "RWF"), rule=rule, rwf_per_cny=rate)
    left = parts.price - parts.commission - parts.payment_fee
    assert left >= Money(francs, "RWF").to("CNY", per=rate)
    assert min(parts.commission.minor, parts.payment_fee.minor, parts.buffer.minor, parts.rounding.minor) >= 0


@given(FRANCS, RULES, RATES)
def test_the_parts_add_up_to_the_fen_and_the_price_to_a_step(francs, rule, rate):
    parts = prices.parts(Money(francs, "RWF"), rule=rule, rwf_per_cny=rate)
    assert parts.seller + parts.commission + parts.payment_fee + parts.buffer + parts.rounding == parts.price
    assert parts.price.minor % rule.step_minor == 0


@given(FRANCS, st.integers(0, 1_000_000), RULES, RATES)
def test_who_wants_more_never_costs_less(francs, more, rule, rate):
    low, high = (prices.buyer_price(Money(f, "RWF"), rule=rule, rwf_per_cny=rate) for f in (francs, francs + more))
    assert low <= high


def test_a_basket_by_hand():
    """28,000 francs at 209.262105 are 133.80; with 3 % buffer 137.82; over 0.87 that is 158.41; rounded up 159."""
    rule = PriceRule(commission_bp=1000, payment_fee_bp=300, rate_buffer_bp=300, step_minor=100)
    parts = prices.parts(Money(28000, "RWF"), rule=rule, rwf_per_cny=cast.RATE)
    assert parts.price == Money.of("159", "CNY")
    assert parts.seller == Money.of("133.80", "CNY")
    assert parts.commission == Money.of("15.90", "CNY")


def rate_of(day, rate="209.262105"):
    return ExchangeRate.objects.create(base="CNY", quote="RWF", source=f"t{day}", as_of=day, rate=Decimal(rate))


@pytest.mark.django_db
def test_a_rate_of_two_weeks_ago_is_the_oldest_that_counts():
    today = cast.NOW.date()
    rate_of(today - dt.timedelta(days=15))
    with pytest.raises(prices.NoRate):
        prices.rate("CNY", "RWF", on=today)
    fourteen = rate_of(today - dt.timedelta(days=14))
    assert prices.rate("CNY", "RWF", on=today) == fourteen
    newer = rate_of(today - dt.timedelta(days=1))
    rate_of(today + dt.timedelta(days=1))
    assert prices.rate("CNY", "RWF", on=today) == newer


@pytest.mark.django_db
def test_no_rule_no_price(now):
    with pytest.raises(prices.NoPriceRule):
        prices.rule(now=now)


def test_prices_stand_while_the_buffer_absorbs_the_rate(basket):
    now = cast.NOW + dt.timedelta(days=1)
    prices.reprice(basket, now=cast.NOW)
    rate_of(now.date(), str(cast.RATE * Decimal("0.995")))
    assert prices.renew(now=now) == 0
    later = now + dt.timedelta(days=1)
    rate_of(later.date(), str(cast.RATE * Decimal("0.95")))
    was = basket.price
    assert prices.renew(now=later) == 1
    assert Variant.objects.get(pk=basket.pk).price > was
