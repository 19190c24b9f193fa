"""UPU S10 identifiers, by the vectors in tests/vectors/s10.json."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics import s10, waybills
from logistics.models import WaybillRange
from tests.races import together

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "s10.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda v: v["id"])
def test_valid_numbers_read_and_write_back(vector):
    waybill = s10.read(vector["id"])
    assert str(waybill) == vector["id"]
    digits = f"{waybill.serial:08d}"
    assert sum(w * int(d) for w, d in zip(s10.WEIGHTS, digits, strict=True)) == vector["sum"]


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda v: v["id"])
def test_invalid_numbers_are_refused_with_a_reason(vector):
    with pytest.raises(s10.BadWaybill) as refusal:
        s10.read(vector["id"])
    assert refusal.value.details["why"]


@pytest.mark.parametrize("vector", VECTORS["valid_after_tidying"], ids=lambda v: v["typed"])
def test_typed_numbers_are_refused_raw_and_read_once_tidied(vector):
    with pytest.raises(s10.BadWaybill):
        s10.read(vector["typed"])
    assert str(s10.read(s10.tidy(vector["typed"]))) == vector["id"]


@pytest.mark.parametrize(
    "text", ["", "EE123456785RW\n", "EE１２３４５６７８５RW", "EE123456785RWX", "\x00", "E" * 5000]
)
def test_strange_text_is_refused(text):
    with pytest.raises(s10.BadWaybill):
        s10.read(text)


@given(st.integers(0, s10.LAST_SERIAL), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_never_passes_except_where_the_standard_folds(serial, place, shift):
    digits = f"{serial:08d}"
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    same = s10.check_digit(wrong) == s10.check_digit(digits)
    # Remainders 0 and 6 both give 5: the only twins.
    remainders = {sum(w * int(d) for w, d in zip(s10.WEIGHTS, one, strict=True)) % 11 for one in (digits, wrong)}
    assert not same or remainders == {0, 6}


def test_a_range_is_used_up_in_order_and_never_beyond(db):
    WaybillRange.objects.create(indicator="EE", next_serial=47312482, last_serial=47312483, source="test")
    assert [waybills.take("EE"), waybills.take("EE")] == ["EE473124829RW", str(s10.compose("EE", 47312483, "RW"))]
    with pytest.raises(waybills.NoWaybills):
        waybills.take("EE")
    with pytest.raises(waybills.NoWaybills):
        waybills.take("ZZ")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers():
    waybills.load()
    taken = together(20, lambda _n: waybills.take("EE"))
    assert len(set(taken)) == 20
    assert all(s10.read(number).indicator == "EE" for number in taken)


def test_loading_ranges_again_changes_nothing(db):
    assert waybills.load() == 3
    waybills.take("EE")
    before = list(WaybillRange.objects.order_by("pk").values())
    assert waybills.load() == 0
    assert list(WaybillRange.objects.order_by("pk").values()) == before
    assert all(row["is_synthetic"] for row in before)
