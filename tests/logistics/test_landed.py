"""Landed cost: totals are the sums of parcels, line by line, whatever is in the cart."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from kernel.money import Money
from logistics.freight import Exchange
from logistics.landed import NoArticleRate, NoOpenRoute, Rulebook, landed_cost
from tests.logistics.test_freight import EMS, PACKET
from tests.logistics.test_packing import RULE, basket, carts

BOOK = Rulebook("test-1", RULE, {"craft": Decimal("0.20"), "food": Decimal("0.13")}, (EMS, PACKET), {})
EXCHANGE = Exchange(Decimal("209.262105"), 300)


def test_one_basket_is_exempt_and_one_dear_basket_is_taxed():
    cheap = landed_cost({7: [basket(yuan=138)]}, BOOK, EXCHANGE)
    assert (cheap.goods, cheap.tax) == (Money(13_800, "CNY"), Money(0, "CNY"))
    assert cheap.parcels[0].computed_minor == 2_760
    dear = landed_cost({7: [basket(yuan=380)]}, BOOK, EXCHANGE)
    assert dear.tax == Money(7_600, "CNY")
    assert dear.total == dear.goods + dear.freight + dear.tax


def test_shops_never_share_a_parcel():
    cost = landed_cost({9: [basket(2)], 7: [basket(1)]}, BOOK, EXCHANGE)
    assert [(parcel.seller_id, parcel.position) for parcel in cost.parcels] == [(7, 1), (9, 1)]


@settings(max_examples=40, deadline=None)
@given(carts(kinds=3, units=3), carts(kinds=2, units=2))
def test_totals_are_sums_of_lines(mine, theirs):
    theirs = [replace(goods, variant_id=goods.variant_id + 100) for goods in theirs]
    cost = landed_cost({1: mine, 2: theirs}, BOOK, EXCHANGE)
    lines = [line for parcel in cost.parcels for line in parcel.lines]
    assert cost.goods.minor == sum(line.value_minor for line in lines)
    assert cost.tax.minor == sum(line.due_minor for line in lines)
    assert cost.goods.minor == sum(goods.unit_price_minor * goods.quantity for goods in mine + theirs)
    assert cost.freight.minor == sum(parcel.freight_minor for parcel in cost.parcels) > 0
    assert all(parcel.goods_minor == sum(line.value_minor for line in parcel.lines) for parcel in cost.parcels)


def test_nothing_is_guessed():
    with pytest.raises(NoArticleRate):
        BOOK.rate("moon_rock")
    with pytest.raises(NoOpenRoute):
        landed_cost({1: [basket(1)]}, replace(BOOK, tariffs=()), EXCHANGE)
