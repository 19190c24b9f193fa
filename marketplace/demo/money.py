"""Exchange rates for the weeks that the demonstration looks back on, and the ends of payouts and refunds."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta

import httpx
from django.conf import settings

from catalog import prices, rates
from catalog.models import ExchangeRate
from payments import inbox, payouts, refunds
from payments.models import Payout, Refund

from . import jobs, outside

log = logging.getLogger(__name__)

WEEKS = 10
SAMPLE = "Demonstration sample"
# The sandbox keeps payouts and wallets' refunds waiting for a few seconds, as the real ones do.
PATIENCE_SECONDS = 12


def seed_rates(*, now: datetime) -> int:
    """Have a rate for each of the last weeks and for today; says how many tables were added."""
    days = [(now - timedelta(weeks=week)).date() for week in range(WEEKS)]
    return sum(_rate_of(day, is_today=day == days[0]) for day in days)


def pay_out(*, now: datetime) -> list[Payout]:
    """Send every seller what is ready, as the scheduler does each minute."""
    payouts.schedule_ready(now=now)
    jobs.run(payouts.send)
    return list(Payout.objects.filter(status=Payout.Status.PROCESSING))


def settle(*, now: datetime) -> None:
    """Ask after payouts and refunds until they are through, or leave the rest to the workers."""
    jobs.run(refunds.send)
    for _try in range(PATIENCE_SECONDS):
        open_payouts = Payout.objects.filter(status=Payout.Status.PROCESSING)
        open_refunds = Refund.objects.filter(status=Refund.Status.SENT)
        if not open_payouts.exists() and not open_refunds.exists():
            break
        outside.patiently(1)
        for payout in open_payouts:
            payouts.ask(payout_id=str(payout.pk))
        inbox.catch_up(now=now)
        jobs.run(inbox.handle)
    inbox.catch_up(now=now)
    jobs.run(inbox.handle)


def _rate_of(day: date, *, is_today: bool) -> bool:
    """Fetch a day's table if there is none near it; where nobody can be asked, the sample stands in, and says so."""
    near = timedelta(days=0 if is_today else prices.FRESH_FOR.days // 2 - 1)
    known = ExchangeRate.objects.filter(base="CNY", quote="RWF", side=ExchangeRate.Side.AVERAGE)
    if known.filter(as_of__lte=day, as_of__gte=day - max(near, timedelta(days=2))).exists():
        return False
    try:
        if not settings.RATES_URL:
            raise rates.BadRates
        rates.fetch(f"{settings.RATES_URL}?date={day.isoformat()}")
    except (httpx.HTTPError, rates.BadRates):
        table = json.loads(rates.FILE.read_text("utf-8"))
        rates.keep({**table, "date": day.isoformat()}, source=SAMPLE)
    return True
