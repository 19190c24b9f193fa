import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import EXPONENT, CurrencyMismatch, Money, UnknownCurrency, total

from .models import Lamp

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "money.json").read_text())

minors = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(sorted(EXPONENT))
amounts = st.builds(Money, minors, currencies)
rates = st.decimals(min_value=Decimal("0.000001"), max_value=Decimal(100_000), places=8)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).filter(any)


@given(amounts, weights)
def test_a_split_adds_up_and_gives_nothing_to_no_weight(whole: Money, shares: list[int]) -> None:
    parts = whole.split(shares)
    assert total(parts, whole.currency) == whole
    assert all(not part for part, share in zip(parts, shares, strict=True) if share == 0)


@given(amounts, weights)
def test_no_part_of_a_split_is_a_whole_unit_off_its_share(whole: Money, shares: list[int]) -> None:
    for part, share in zip(whole.split(shares), shares, strict=True):
        assert abs(part.minor - Fraction(whole.minor * share, sum(shares))) < 1


@given(amounts, weights)
def test_a_refund_splits_like_its_charge(whole: Money, shares: list[int]) -> None:
    assert (-whole).split(shares) == [-part for part in whole.split(shares)]


@given(amounts, rates)
def test_rates_round_the_same_above_and_below_zero(amount: Money, rate: Decimal) -> None:
    assert (-amount).at(rate) == -amount.at(rate)
    assert (-amount).to("CNY", rate) == -amount.to("CNY", rate)


@given(amounts, rates)
def test_a_rate_rounds_once_to_the_nearest(amount: Money, rate: Decimal) -> None:
    exact = amount.minor * Fraction(rate)
    assert abs(amount.at(rate).minor - exact) <= Fraction(1, 2)
    if exact.denominator == 2:
        assert abs(amount.at(rate).minor) > abs(exact)


@given(amounts)
def test_reading_what_was_written_gives_the_same_amount(amount: Money) -> None:
    assert Money.of(amount.major, amount.currency) == amount
    assert Money.of(str(amount.major), amount.currency) == amount


@given(amounts, amounts)
def test_currencies_never_mix(one: Money, other: Money) -> None:
    if one.currency == other.currency:
        assert one + other - other == one
        assert (one < other) == (one.minor < other.minor)
        return
    for mix in (lambda: one + other, lambda: one - other, lambda: one < other, lambda: one >= other):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert one != other


@pytest.mark.parametrize("case", VECTORS["minor_amounts"], ids=lambda case: case["currency"])
def test_known_amounts_in_minor_units(case: dict) -> None:
    assert Money.of(case["major"], case["currency"]).minor == case["minor"]


@pytest.mark.parametrize("case", VECTORS["exchange"], ids=lambda case: f"{case['from']} {case['major']}")
def test_known_conversions(case: dict) -> None:
    amount = Money.of(case["major"], case["from"])
    quoted = {name: Decimal(case[name]) for name in ("rate", "per") if name in case}
    assert amount.to(case["to"], **quoted) == Money.of(case["gives"], case["to"])


def test_minor_units_are_those_of_iso() -> None:
    assert {code: EXPONENT[code] for code in VECTORS["minor_units"]} == VECTORS["minor_units"]


def test_halves_go_away_from_zero() -> None:
    assert Money(5, "RWF").at(Decimal("0.5")) == Money(3, "RWF")
    assert Money(-5, "RWF").at(Decimal("0.5")) == Money(-3, "RWF")


def test_a_long_rate_is_not_rounded_before_the_amount_is() -> None:
    rate = Decimal("0.4999999999999999999999999999999999")
    assert Money(1, "RWF").at(rate) == Money(0, "RWF")


@pytest.mark.parametrize("bad", [1.5, True, float("nan")])
def test_a_float_is_never_money(bad: object) -> None:
    with pytest.raises(TypeError):
        Money.of(bad, "CNY")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(bad, "CNY")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(100, "CNY").at(bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(100, "CNY") * bad  # type: ignore[operator]


@pytest.mark.parametrize(
    ("major", "currency"), [("128.505", "CNY"), ("0.5", "RWF"), ("NaN", "CNY"), ("Infinity", "CNY")]
)
def test_an_amount_finer_than_its_currency_is_refused(major: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"finer|not an amount"):
        Money.of(major, currency)


@pytest.mark.parametrize("currency", ["", "cny", "XXX", "RMB"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, currency)
    with pytest.raises(UnknownCurrency):
        Money(1, "CNY").to(currency, 1)


@pytest.mark.parametrize("shares", [[], [0, 0], [3, -1]])
def test_impossible_shares_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError):
        Money(100, "CNY").split(shares)


def test_the_total_of_nothing_needs_a_currency() -> None:
    assert total([], "RWF") == Money(0, "RWF")
    with pytest.raises(ValueError, match="currency"):
        total([])
    with pytest.raises(CurrencyMismatch):
        total([Money(1, "RWF")], "CNY")


def test_zero_is_false_and_money_reads_plainly() -> None:
    assert not Money(0, "CNY")
    assert str(Money(12850, "CNY")) == "128.50 CNY"
    assert str(Money(-10000, "RWF")) == "-10000 RWF"
    assert 3 * Money(5, "CNY") == Money(15, "CNY")


def test_a_column_reads_and_writes_money() -> None:
    lamp = Lamp(price_minor=12850)
    assert lamp.price == Money(12850, "CNY")
    lamp.price = Money(100, "CNY")
    assert lamp.price_minor == 100
    with pytest.raises(CurrencyMismatch):
        lamp.price = Money(100, "RWF")


def test_a_column_may_name_its_currency_in_another() -> None:
    lamp = Lamp()
    assert lamp.worth is None
    lamp.worth = Money(7, "USD")
    assert (lamp.worth_minor, lamp.worth_currency) == (7, "USD")
    assert lamp.worth == Money(7, "USD")
