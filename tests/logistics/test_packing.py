"""Packing: every parcel is lawful and fits, nothing is lost, small carts are packed as cheaply as can be."""

from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logistics import freight, packing, postal
from logistics.packing import Goods, Means, TooBigForAnyService, TooManyParcels, pack, seal
from tests.logistics.test_freight import EMS, PACKET

RULE = postal.PostalRule(parcel_limit_minor=100_000, exempt_tax_minor=5_000)
MEANS = Means(RULE, (EMS, PACKET), freight.Exchange(Decimal("209.26"), 300))


def basket(variant_id=1, quantity=1, *, yuan=138, grams=330, rate="0.20", sides=(280, 140, 140)) -> Goods:
    return Goods(variant_id, quantity, yuan * 100, grams, *sides, Decimal(rate))


@st.composite
def carts(draw, kinds=4, units=6):
    return [
        Goods(
            variant_id=number,
            quantity=draw(st.integers(1, units)),
            unit_price_minor=draw(st.integers(100, 130_000)),
            weight_g=draw(st.integers(20, 3_000)),
            length_mm=draw(st.integers(20, 400)),
            width_mm=draw(st.integers(20, 300)),
            height_mm=draw(st.integers(10, 200)),
            rate=draw(st.sampled_from([Decimal("0.13"), Decimal("0.20"), Decimal("0.50")])),
        )
        for number in range(1, draw(st.integers(1, kinds)) + 1)
    ]


def cost(parcels) -> int:
    return sum(parcel.cost_minor for parcel in parcels)


def assert_lawful(parcels, cart):
    """Nothing is lost or added; every parcel passes its rule and its service."""
    packed = {}
    for variant_id, quantity in chain.from_iterable(parcel.contents for parcel in parcels):
        packed[variant_id] = packed.get(variant_id, 0) + quantity
    assert packed == {goods.variant_id: goods.quantity for goods in cart}
    for parcel in parcels:
        units = sum(quantity for _variant, quantity in parcel.contents)
        assert parcel.tax.value_minor <= RULE.parcel_limit_minor or units == 1
        assert parcel.tax.decision != postal.Decision.REFUSE_OR_GOODS
        assert freight.takes(parcel.box, {"ems": EMS, "packet": PACKET}[parcel.service])


def partitions(units):
    """Every way to put units in parcels; the slow and obvious way."""
    if not units:
        yield []
        return
    first, rest = units[0], units[1:]
    for split in partitions(rest):
        yield [[first], *split]
        for index in range(len(split)):
            yield [*split[:index], [first, *split[index]], *split[index + 1 :]]


def cheapest_by_hand(cart) -> int:
    units = [index for index, goods in enumerate(cart) for _ in range(goods.quantity)]
    costs = []
    for split in partitions(units):
        sealed = [seal(cart, tuple(part.count(i) for i in range(len(cart))), MEANS) for part in split]
        if all(sealed):
            costs.append(cost(sealed))
    return min(costs)


@settings(max_examples=60, deadline=None)
@given(carts(kinds=3, units=2))
def test_small_carts_cost_as_little_as_any_split(cart):
    parcels = pack(cart, MEANS)
    assert_lawful(parcels, cart)
    assert cost(parcels) == cheapest_by_hand(cart)


@settings(max_examples=60, deadline=None)
@given(carts(kinds=6, units=5))
def test_every_plan_is_lawful(cart):
    try:
        parcels = pack(cart, MEANS)
    except TooManyParcels:
        return
    assert_lawful(parcels, cart)
    assert parcels == pack(cart, MEANS)


@settings(max_examples=40, deadline=None)
@given(carts(kinds=4, units=2))
def test_the_quick_way_is_lawful_and_never_worse_than_one_parcel_for_each_unit(cart):
    parcels = packing._greedily(cart, MEANS)
    assert_lawful(parcels, cart)
    singles = [
        seal(cart, packing._single(cart, i), MEANS) for i, goods in enumerate(cart) for _ in range(goods.quantity)
    ]
    assert cost(packing._exactly(cart, MEANS)) <= cost(parcels) <= cost(singles)


def test_two_things_that_pass_the_limit_together_go_apart():
    parcels = pack([basket(1, yuan=600), basket(2, yuan=500)], MEANS)
    assert [parcel.contents for parcel in parcels] == [((1, 1),), ((2, 1),)]


def test_one_dear_thing_goes_alone():
    parcels = pack([basket(1, yuan=1_500), basket(2, yuan=100)], MEANS)
    assert sorted(parcel.contents for parcel in parcels) == [((1, 1),), ((2, 1),)]


def test_small_goods_share_a_packet():
    (parcel,) = pack([basket(1, 3, yuan=60, grams=290, sides=(130, 70, 210), rate="0.13")], MEANS)
    assert (parcel.service, parcel.chargeable_g, parcel.tax.due_minor) == ("packet", 1_000, 0)


def test_goods_are_stacked_on_their_largest_face():
    box = packing.stack([(basket(1, sides=(130, 70, 210)), 2), (basket(2, sides=(300, 20, 100)), 1)])
    assert (box.length_mm, box.width_mm, box.height_mm) == (300, 130, 160)


def test_what_no_service_takes_is_refused():
    with pytest.raises(TooBigForAnyService):
        pack([basket(1), basket(2, sides=(1_200, 100, 100))], MEANS)
    with pytest.raises(TooBigForAnyService):
        pack([basket(1, grams=30_001)], MEANS)


def test_a_stock_for_resale_is_refused():
    with pytest.raises(TooManyParcels):
        pack([basket(number, 99, yuan=900) for number in range(1, 4)], MEANS)
    with pytest.raises(TooManyParcels):
        pack([basket(1, 99, yuan=900)], MEANS)
