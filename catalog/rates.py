"""Exchange rates: read once a day from a source that answers in the National Bank of Rwanda's terms, kept for ever.

A rate is a dated row and never changes. Without a source, staff enter rates by hand; prices refuse one that is too old.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel import work
from kernel.refusals import Refusal

from . import prices
from .models import ExchangeRate

log = logging.getLogger(__name__)

FILE = Path(__file__).parent / "data" / "rates.json"
SOURCE = "BNR"
SAMPLE = "BNR sample"
CURRENCIES = ("CNY", "USD")
PATIENCE = 10.0
_PLAUSIBLE = {"CNY": (Decimal(50), Decimal(1000)), "USD": (Decimal(300), Decimal(6000))}


class BadRates(Refusal):
    """What the source said is no table of rates."""

    code = "bad_rates"
    status = 502
    message = _("The exchange rates could not be read.")


def fetch(url: str) -> list[ExchangeRate]:
    """Ask a source for today's rates and keep them. Raises BadRates, or httpx.HTTPError when it cannot be asked."""
    answer = httpx.get(url, timeout=PATIENCE, follow_redirects=False)
    answer.raise_for_status()
    try:
        table = json.loads(answer.content[:100_000])
    except ValueError:
        raise BadRates from None
    return keep(table, source=SOURCE)


def load_file() -> list[ExchangeRate]:
    """Keep the sample that comes with the program. Prices use it only while its own date is recent."""
    return keep(json.loads(FILE.read_text("utf-8")), source=SAMPLE)


def keep(table: Mapping[str, Any], *, source: str) -> list[ExchangeRate]:
    """Store a table of francs for one unit, `{"base": "RWF", "date": "2026-02-03", "average": {"CNY": "209.26"}}`.

    The same day of the same source twice is stored once. Raises BadRates, and then stores nothing.
    """
    try:
        as_of = date.fromisoformat(table["date"])
        read = [
            (side, currency, _plausible(currency, table[side][currency]))
            for side in ExchangeRate.Side.values
            for currency in CURRENCIES
            if currency in table.get(side, {})
        ]
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise BadRates from None
    if table.get("base") != "RWF" or not read:
        raise BadRates
    return [
        ExchangeRate.objects.get_or_create(
            base=currency, quote="RWF", side=side, source=source, as_of=as_of, defaults={"rate": rate}
        )[0]
        for side, currency, rate in read
    ]


@work.every(seconds=3600)
def refresh(*, now: datetime) -> bool:
    """Ask the source when today's rate is not here yet; says whether it was asked. A weekend has Friday's rate."""
    if not settings.RATES_URL or _asked_today(now):
        return False
    try:
        fetch(settings.RATES_URL)
    except (httpx.HTTPError, BadRates) as error:
        log.warning("exchange rates were not read: %s", type(error).__name__)
        return False
    prices.renew(now=now)
    return True


def _asked_today(now: datetime) -> bool:
    known = ExchangeRate.objects.filter(source=SOURCE)
    return known.filter(as_of=now.date()).exists() or (
        now.weekday() >= 5 and known.filter(as_of__gte=_friday(now)).exists()
    )


def _friday(now: datetime) -> date:
    return date.fromordinal(now.toordinal() - (now.weekday() - 4))


def _plausible(currency: str, written: Any) -> Decimal:
    """The rate, if it is a number in the range this currency has ever had; a slipped point must not reach prices."""
    rate = Decimal(str(written))
    low, high = _PLAUSIBLE[currency]
    if not low <= rate <= high:
        raise ValueError(f"{currency} at {rate}")
    return rate
