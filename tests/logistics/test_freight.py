"""Chargeable weight by the published boxes, and prices in francs and yuan."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from logistics.freight import Box, Exchange, Tariff, chargeable_g, cheapest, price, takes, volumetric_g

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "volumetric.json").read_text(encoding="utf-8"))
EMS = Tariff("ems", 500, 38_000, 500, 12_000, 30_000, 6000, 600, 1_050, 0, 10, 20)
COURIER = Tariff("courier", 500, 75_000, 500, 21_000, 70_000, 5000, 0, 1_200, 0, 4, 8)
PACKET = Tariff("packet", 500, 14_000, 500, 4_500, 2_000, 0, 0, 600, 900, 20, 40)

boxes = st.builds(
    Box,
    weight_g=st.integers(1, 30_000),
    length_mm=st.integers(1, 1_000),
    width_mm=st.integers(1, 1_000),
    height_mm=st.integers(1, 1_000),
)


def grams(kilograms: str) -> int:
    return int(Decimal(kilograms) * 1000)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_it_bills_the_published_boxes(vector):
    box = Box(grams(vector["actual_kg"]), *(side * 10 for side in vector["cm"]))
    ems_40 = replace(EMS, volumetric_from_mm=400)
    for divisor in (5000, 6000):
        exact = volumetric_g(box, replace(COURIER, volumetric_divisor=divisor))
        assert int(exact + Fraction(1, 2)) == grams(vector[f"volumetric_kg_div{divisor}"])
    assert chargeable_g(box, COURIER) == grams(vector["courier_chargeable_kg_half_up_step"])
    assert chargeable_g(box, EMS) == grams(vector["post_ems_chargeable_kg_if_rule_longest_side_ge_60cm_else_actual"])
    assert chargeable_g(box, ems_40) == grams(vector["post_ems_chargeable_kg_if_rule_longest_side_ge_40cm_else_actual"])


@pytest.mark.parametrize("weight, francs", [(1, 38_000), (500, 38_000), (501, 50_000), (1000, 50_000), (1001, 62_000)])
def test_a_step_begins_with_its_first_gram(weight, francs):
    assert price(Box(weight, 100, 100, 100), EMS) == Money(francs, "RWF")


@given(boxes, st.integers(1, 5_000))
def test_a_heavier_box_never_costs_less(box, more):
    heavier = replace(box, weight_g=box.weight_g + more)
    assert price(heavier, EMS).minor >= price(box, EMS).minor


@given(boxes)
def test_what_is_billed_covers_weight_and_volume_in_whole_steps(box):
    billed = chargeable_g(box, COURIER)
    assert billed >= box.weight_g
    assert billed >= volumetric_g(box, COURIER)
    assert billed % 500 == 0


@pytest.mark.parametrize(
    "box, goes",
    [
        (Box(2_000, 300, 300, 300), True),
        (Box(2_001, 300, 300, 300), False),
        (Box(500, 601, 100, 100), False),
        (Box(500, 600, 200, 101), False),
        (Box(500, 600, 200, 100), True),
    ],
)
def test_a_packet_is_light_and_small(box, goes):
    assert takes(box, PACKET) is goes


def test_the_cheapest_service_that_takes_it_is_chosen():
    assert cheapest(Box(400, 280, 140, 140), [EMS, PACKET, COURIER]) == PACKET
    assert cheapest(Box(2_400, 280, 140, 140), [EMS, PACKET, COURIER]) == EMS
    assert cheapest(Box(2_400, 1_100, 140, 140), [EMS, PACKET, COURIER]) == COURIER
    assert cheapest(Box(2_400, 1_300, 140, 140), [EMS, PACKET, COURIER]) is None


def test_francs_become_yuan_once_with_the_buffer_on_top():
    rate = Decimal("209.262105")
    assert Exchange(rate).to_cny(Money(38_000, "RWF")) == Money(18_159, "CNY")
    assert Exchange(rate, buffer_bp=300).to_cny(Money(38_000, "RWF")) == Money(18_704, "CNY")
