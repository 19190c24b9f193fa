"""Rates come from a bank's table once a day, and a wrong table changes nothing."""

import datetime as dt
import json

import httpx
import pytest

from catalog import prices, rates
from catalog.models import ExchangeRate
from sandbox.rates import rates_on

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)  # a Monday


@pytest.fixture
def bank(monkeypatch, settings):
    """A bank that answers with a table, and counts how often it was asked."""
    settings.RATES_URL = "http://bank.test/rates"
    asked = []

    def get(url, **options):
        asked.append(url)
        return httpx.Response(200, content=json.dumps(rates_on(TODAY.date())), request=httpx.Request("GET", url))

    monkeypatch.setattr(rates.httpx, "get", get)
    return asked


def test_the_day_s_rate_is_asked_for_once(bank):
    assert rates.refresh(now=TODAY) is True
    assert rates.refresh(now=TODAY) is False
    assert len(bank) == 1
    assert prices.rate("CNY", "RWF", on=TODAY.date()).source == rates.SOURCE


def test_nobody_is_asked_where_no_source_is_set(bank, settings):
    settings.RATES_URL = ""
    assert rates.refresh(now=TODAY) is False
    assert not bank


def test_a_weekend_is_content_with_friday(bank):
    rates.keep(rates_on(dt.date(2026, 11, 20)), source=rates.SOURCE)
    assert rates.refresh(now=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)) is False


def test_a_bank_that_is_down_changes_nothing(settings, monkeypatch):
    settings.RATES_URL = "http://bank.test/rates"

    def get(url, **options):
        raise httpx.ConnectError("down")

    monkeypatch.setattr(rates.httpx, "get", get)
    assert rates.refresh(now=TODAY) is False
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize(
    "table",
    [
        {},
        [],
        {"base": "RWF", "date": "yesterday", "average": {"CNY": "209"}},
        {"base": "RWF", "date": "2026-11-23", "average": {"CNY": "2.09"}},
        {"base": "RWF", "date": "2026-11-23", "average": {"CNY": "NaN"}},
        {"base": "RWF", "date": "2026-11-23", "average": {"CNY": None}},
        {"base": "USD", "date": "2026-11-23", "average": {"CNY": "209"}},
        {"base": "RWF", "date": "2026-11-23", "average": "209"},
    ],
)
def test_a_table_that_cannot_be_right_is_refused_whole(table):
    with pytest.raises(rates.BadRates):
        rates.keep(table, source="test")
    assert not ExchangeRate.objects.exists()


def test_the_sample_keeps_its_own_old_date():
    rates.load_file()
    with pytest.raises(prices.NoRate):
        prices.rate("CNY", "RWF", on=TODAY.date())
    assert prices.rate("CNY", "RWF", on=dt.date(2026, 2, 10)).rate == rates.Decimal("209.262105")
