"""Rwandan identity and tax numbers, districts and sectors."""

import json
from datetime import date
from pathlib import Path

import pytest

from sellers import districts, national_id

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "national_ids.json").read_text("utf-8"))
IDS, TINS = VECTORS["national_ids"], VECTORS["tins"]
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("number", IDS["valid"])
def test_a_number_of_the_right_form_passes(number):
    assert national_id.parse(number, today=TODAY).number == number


@pytest.mark.parametrize("row", IDS["written"], ids=lambda row: row["typed"])
def test_a_number_is_read_as_the_card_writes_it(row):
    assert national_id.parse(row["typed"], today=TODAY).number == row["number"]


@pytest.mark.parametrize("row", IDS["refused"], ids=lambda row: row["why"])
def test_a_number_of_another_form_is_refused(row):
    with pytest.raises(national_id.BadNationalId):
        national_id.parse(row["typed"], today=TODAY)


def test_the_mask_shows_status_year_and_the_last_two():
    number, masked = IDS["masked"]
    assert national_id.parse(number, today=TODAY).masked == masked


@pytest.mark.parametrize("text", TINS["valid"])
def test_a_tin_has_nine_digits(text):
    assert national_id.tin(text) == text


@pytest.mark.parametrize("row", TINS["refused"], ids=lambda row: row["why"])
def test_a_tin_of_another_form_is_refused(row):
    with pytest.raises(national_id.BadTin):
        national_id.tin(row["typed"])


def test_there_are_thirty_districts_and_416_sectors():
    every = [district for _province, below in districts.provinces() for district in below]
    assert len(every) == len({district.code for district in every}) == 30
    assert sum(len(district.sectors) for district in every) == 416
    assert districts.district("24").name == "Huye"


def test_a_sector_is_found_however_it_is_typed_but_only_in_its_district():
    assert districts.district("24").sector("  ngoma ") == "Ngoma"
    with pytest.raises(districts.BadSector, match="Ngoma"):
        districts.district("24").sector("Kimironko")
    with pytest.raises(districts.BadDistrict):
        districts.district("99")
