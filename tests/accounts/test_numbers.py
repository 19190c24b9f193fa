"""Phones, ID numbers and names: every writing in the vector files is read or refused as listed."""

import json
from datetime import date
from pathlib import Path

import pytest

from accounts import handles, names, resident_id

VECTORS = Path(__file__).parent.parent / "vectors"
PHONES = json.loads((VECTORS / "phones.json").read_text("utf-8"))
IDS = json.loads((VECTORS / "id_numbers.json").read_text("utf-8"))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("row", PHONES["rwandan"] + PHONES["chinese"], ids=lambda row: row["typed"])
def test_a_number_is_one_number_however_it_is_written(row):
    assert handles.parse(row["typed"]) == handles.Handle("phone", row["e164"])


@pytest.mark.parametrize("row", PHONES["rwandan"], ids=lambda row: row["typed"])
def test_a_wallet_knows_its_operator(row):
    assert handles.operator(handles.wallet(row["typed"])) == row["operator"]


@pytest.mark.parametrize("row", PHONES["refused"], ids=lambda row: row["why"])
def test_what_does_not_ring_is_refused(row):
    with pytest.raises(handles.BadHandle):
        handles.parse(row["typed"])


def test_a_chinese_number_is_no_wallet_and_a_rwandan_one_meets_no_courier():
    with pytest.raises(handles.BadWallet):
        handles.wallet("13812341234")
    with pytest.raises(handles.BadChinesePhone):
        handles.chinese_phone("0788123456")


def test_an_email_is_one_address_however_it_is_written():
    assert handles.parse("  Lin@Example.COM ").value == "lin@example.com"
    assert handles.parse("ｌｉｎ＠example.com").value == "lin@example.com"


@pytest.mark.parametrize(
    "typed",
    [
        "a@b",
        "@example.com",
        "lin@",
        '"a b"@x.com',
        "lin@example.com\nBcc: x@y.com",
        "lın@example.com",
        "l" * 250 + "@x.com",
    ],
)
def test_half_an_email_or_a_twin_in_another_alphabet_is_refused(typed):
    with pytest.raises(handles.BadEmail):
        handles.parse(typed)


def test_a_megabyte_is_refused_at_once():
    with pytest.raises(handles.BadHandle):
        handles.parse("1" * 10**6)


@pytest.mark.parametrize("row", IDS["numbers"], ids=lambda row: row["why"])
def test_an_id_number_is_read_or_refused_for_its_reason(row):
    try:
        found = resident_id.parse(row["typed"], today=TODAY)
    except resident_id.BadResidentId as no:
        assert no.code == f"id_{row['expected']}"
    else:
        assert found.number == row["number"]
        assert found.is_permit == (row["expected"] == "permit")


@pytest.mark.parametrize("row", IDS["ages"], ids=lambda row: row["typed"])
def test_age_is_counted_in_full_years(row):
    on = date.fromisoformat(row["on"])
    assert resident_id.parse(row["typed"], today=on).age(on=on) == row["age"]
    with pytest.raises(resident_id.UnderAge):
        resident_id.of_adult(row["typed"], today=on)


def test_eighteen_is_reached_on_the_birthday():
    number = "11010520081123001"
    number += resident_id.check_digit(number)
    assert resident_id.of_adult(number, today=date(2026, 11, 23)).number == number
    with pytest.raises(resident_id.UnderAge):
        resident_id.of_adult(number, today=date(2026, 11, 22))


def test_nobody_is_a_hundred_and_forty_six():
    with pytest.raises(resident_id.TooOld):
        resident_id.of_adult("440524188001010014", today=TODAY)


@pytest.mark.parametrize("name", ["张三", "买买提·艾力", "O'Brien", "Null", "José María", "Mukamana Claudine", "李〇"])
def test_a_name_is_kept_exactly(name):
    assert names.person(name) == name


@pytest.mark.parametrize(
    "name", ["", "张", "=1+1", "张三2", "😀张三", "\u202e张三", "李" * 31, "<b>李四</b>", "محمد علي", "张\x00三"]
)
def test_a_name_that_a_label_cannot_carry_is_refused(name):
    with pytest.raises(names.BadName):
        names.person(name)
