"""The postal-article tax: the published vectors, its properties, and a second implementation that agrees."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from logistics.postal import Article, Decision, PostalRule, assess

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "postal.json").read_text(encoding="utf-8"))
RULE = PostalRule(parcel_limit_minor=100_000, exempt_tax_minor=5_000)
RATES = st.sampled_from([Decimal("0.13"), Decimal("0.20"), Decimal("0.50")])

articles = st.builds(Article, unit_price_minor=st.integers(0, 40_000), quantity=st.integers(1, 5), rate=RATES)
parcels = st.lists(articles, min_size=1, max_size=6)


def rule_of(vector: dict) -> PostalRule:
    limit = "limit_hk_macao_taiwan" if vector["from"] == "hmt" else "limit_other"
    policy = VECTORS["policy"]
    return PostalRule(Money.of(policy[limit], "CNY").minor, Money.of(policy["exempt_if_tax_at_most"], "CNY").minor)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_it_gives_the_published_answers(vector):
    items = [
        Article(Money.of(item["value"], "CNY").minor, item.get("qty", 1), Decimal(item["rate"]))
        for item in vector["items"]
    ]
    told, expected = assess(items, rule_of(vector)), vector["expected"]
    assert (told.decision, told.value_minor) == (expected["decision"], Money.of(expected["value"], "CNY").minor)
    if expected["decision"] != "REFUSE_OR_GOODS":
        assert told.computed_minor == Money.of(expected["tax_computed"], "CNY").minor
        assert told.due_minor == Money.of(expected["tax_due"], "CNY").minor


def again(items: list[Article], rule: PostalRule) -> tuple[str, int]:
    """The rule once more, written from the announcement with fractions of a yuan."""
    value = sum(Fraction(item.unit_price_minor, 100) * item.quantity for item in items)
    if value > Fraction(rule.parcel_limit_minor, 100) and not (len(items) == 1 and items[0].quantity == 1):
        return "REFUSE_OR_GOODS", 0
    fen = 0
    for item in items:
        exact = Fraction(item.unit_price_minor * item.quantity) * Fraction(str(item.rate))
        whole, rest = divmod(exact.numerator, exact.denominator)
        fen += whole + (1 if 2 * rest >= exact.denominator else 0)
    return ("EXEMPT", 0) if fen <= rule.exempt_tax_minor else ("TAX", fen)


@given(parcels)
def test_a_second_implementation_agrees(items):
    told = assess(items, RULE)
    assert (told.decision, told.due_minor) == again(items, RULE)


@given(parcels)
def test_lines_add_up_to_the_fen_and_nothing_is_negative(items):
    told = assess(items, RULE)
    assert told.due_minor == sum(line.due_minor for line in told.lines) >= 0
    assert told.computed_minor == sum(line.computed_minor for line in told.lines)
    assert all(line.due_minor in (0, line.computed_minor) for line in told.lines)


@given(parcels, st.randoms())
def test_the_order_of_lines_does_not_matter(items, random):
    shuffled = random.sample(items, len(items))
    ours, theirs = assess(items, RULE), assess(shuffled, RULE)
    assert (ours.decision, ours.due_minor) == (theirs.decision, theirs.due_minor)


@given(parcels, st.integers(1, 5_000))
def test_dearer_goods_never_pay_less(items, more):
    first = items[0]
    dearer = [Article(first.unit_price_minor + more, first.quantity, first.rate), *items[1:]]
    ours, theirs = assess(items, RULE), assess(dearer, RULE)
    if Decision.REFUSE_OR_GOODS not in (ours.decision, theirs.decision):
        assert theirs.due_minor >= ours.due_minor


def test_exactly_the_limit_may_go_and_one_fen_more_may_not():
    half = Article(50_000, 1, Decimal("0.20"))
    assert assess([half, half], RULE).decision == Decision.TAX
    assert assess([half, Article(50_001, 1, Decimal("0.20"))], RULE).decision == Decision.REFUSE_OR_GOODS


@pytest.mark.parametrize("price, quantity, rate", [(-1, 1, "0.2"), (1, 0, "0.2"), (1, -2, "0.2"), (1, 1, "-0.2")])
def test_an_article_is_never_nothing(price, quantity, rate):
    with pytest.raises(ValueError, match="an article has"):
        Article(price, quantity, Decimal(rate))
