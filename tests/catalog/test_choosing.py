"""Choosing a variant: two axes, what is left of each, and no guess where a combination is not there."""

import pytest
from django.utils import translation

from catalog import choosing
from catalog.models import Variant


def variant(pk, colour=None, height=None, *, left=5, options=None):
    said = [("colour", colour), ("height", height)]
    told = [{"attribute": name, "value": value} for name, value in said if value is not None]
    return Variant(pk=pk, sku=f"SKU-{pk}", options=told if options is None else options, on_hand=left)


@pytest.fixture
def baskets():
    """Red in two heights, natural in one of them; the tall red one is sold out."""
    return [variant(1, "red", 30, left=0), variant(2, "natural", 24), variant(3, "red", 24)]


def shown(axis):
    return [(one.label, one.is_chosen, one.is_left, one.is_left_here) for one in axis.choices]


def test_a_single_variant_leaves_nothing_to_choose():
    assert choosing.axes([variant(1, "red", 24)], variant(1, "red", 24)) == []


def test_axes_have_names_labels_and_what_is_left(baskets):
    with translation.override("zh-hans"):
        colour, height = choosing.axes(baskets, baskets[2])
    assert (colour.name, colour.field, colour.chosen) == ("颜色", "o-colour", "红色")
    assert sorted(shown(colour)) == [("原色", False, True, True), ("红色", True, True, True)]
    assert [one.label for one in height.choices] == ["24厘米", "30厘米"]
    assert shown(height)[1][1:] == (False, False, False)


def test_what_is_there_but_not_together_is_not_left_here(baskets):
    _colour, height = choosing.axes([*baskets, variant(4, "yellow", 30)], baskets[1])
    tall = height.choices[1]
    assert tall.is_left and not tall.is_left_here


def test_numbers_stand_from_small_to_large_and_half_numbers_are_kept():
    some = [variant(1, height=100), variant(2, height="7.5"), variant(3, height=20)]
    (height,) = choosing.axes(some, some[0])
    assert [one.value for one in height.choices] == ["7.5", "20", "100"]


def test_the_variant_of_the_answers_is_picked(baskets):
    assert choosing.pick(baskets, {"colour": "red", "height": "24"}).pk == 3
    assert choosing.pick(baskets, {"height": "30", "colour": "red"}).pk == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"colour": "natural", "height": "30"},
        {"colour": "red"},
        {"colour": "red", "height": "24", "width": "3"},
        {"colour": "blue", "height": "24"},
        {"variant": "3"},
        {},
    ],
)
def test_a_combination_that_is_not_there_is_refused_and_never_guessed(baskets, answers):
    with pytest.raises(choosing.NoSuchChoice):
        choosing.pick(baskets, answers)


def test_before_anything_is_chosen_all_that_is_left_can_be(baskets):
    colour, height = choosing.axes(baskets)
    assert [one.is_left_here for one in colour.choices] == [True, True]
    assert [one.is_left_here for one in height.choices] == [True, False]
    assert not any(one.is_chosen for axis in (colour, height) for one in axis.choices) and colour.chosen == ""


def test_goods_that_say_no_options_are_chosen_by_number():
    some = [variant(7), variant(8, "red")]
    (only,) = choosing.axes(some, some[0])
    assert [(one.value, one.label) for one in only.choices] == [("7", "SKU-7"), ("8", "SKU-8")]
    assert choosing.pick(some, {"variant": "8"}).pk == 8


def test_only_fields_of_options_are_read():
    sent = {"o-colour": "red", "quantity": "2", "o-" + "x" * 99: "1", "next": "/"}
    assert choosing.asked(sent) == {"colour": "red"}
    assert choosing.asked({"o-colour": "r" * 1000}) == {"colour": "r" * choosing.LONGEST}


@pytest.mark.parametrize(
    "language, text",
    [
        ("zh-hans", "红色 · 30厘米"),
        ("en", "Red · 30 cm"),
        ("fr", "Rouge · 30\N{NO-BREAK SPACE}cm"),
        ("rw", "Umutuku · cm 30"),
    ],
)
def test_options_are_written_in_every_language(baskets, language, text):
    assert choosing.said(baskets[0].options, language) == text
    frozen = choosing.frozen(baskets[0])
    assert choosing.said(frozen, language) == text
    assert [one["value"] for one in frozen] == ["red", 30]


def test_frozen_labels_outlive_the_words():
    frozen = [{"attribute": "colour", "value": "gone", "zh": "旧色", "en": "Old"}]
    assert (choosing.said(frozen, "zh"), choosing.said(frozen, "en"), choosing.said(frozen, "rw")) == (
        "旧色",
        "Old",
        "gone",
    )
