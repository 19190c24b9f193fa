"""The measure of relevance, against values worked out by hand."""

import math

import pytest

from bench import judging
from catalog import goods


def test_the_best_order_is_one_and_nothing_is_none():
    grades = {"a": 3, "b": 2, "c": 1}
    assert judging.ndcg(["a", "b", "c"], grades) == 1.0
    assert judging.ndcg([], grades) == 0.0
    assert judging.ndcg(["x", "y"], grades) == 0.0


def test_a_worse_order_is_worth_what_it_is_worth():
    # Gains 7, 3, 1 and discounts 1, log2(3), 2: ideal 7 + 3/1.58496 + 1/2 = 9.39279; reversed 1 + 1.89279 + 3.5.
    assert judging.ndcg(["c", "b", "a"], {"a": 3, "b": 2, "c": 1}) == pytest.approx(6.39279 / 9.39279, abs=1e-5)
    # One answer in the third place: 7/2 of 7.
    assert judging.ndcg(["x", "y", "a"], {"a": 3}) == pytest.approx(0.5)


def test_only_the_first_ten_count():
    grades = {f"g{n}": 3 for n in range(12)}
    assert judging.ndcg([f"g{n}" for n in range(10)], grades) == 1.0
    assert judging.ndcg([*"0123456789", "g1"], grades) == 0.0
    ideal = sum(1 / math.log2(place + 2) for place in range(10))
    assert judging.ndcg(["g1"], grades) == pytest.approx(1 / ideal)


def test_where_nothing_is_an_answer_nothing_should_be_shown():
    assert judging.ndcg([], {}) == 1.0 and judging.ndcg(["a"], {}) == 0.0


def test_the_judged_queries_are_of_goods_we_have():
    judged = judging.judged(good.slug for good in goods.rows())
    assert len(judged) >= 60 and len({one.query for one in judged}) == len(judged)
    assert all(one.grades and set(one.grades.values()) <= {1, 2, 3} for one in judged)
    kinds = {one.kind for one in judged}
    assert kinds >= {"zh", "traditional", "pinyin", "initials", "en", "fr", "rw", "typo", "mixed", "attribute", "place"}


def test_a_full_address_goes_before_a_pattern():
    assert judging._grades("tea-*=1 tea-green=3", ["tea-green", "tea-white"]) == {"tea-green": 3, "tea-white": 1}
    with pytest.raises(ValueError, match="no product"):
        judging._grades("coffee-*=1", ["tea-green"])
