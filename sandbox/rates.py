"""A day's exchange rates: francs for one unit of a foreign currency, as the National Bank of Rwanda publishes them.

The bank has a web table and no interface of its own; this one answers in JSON. The figures are the averages of
3 February 2026, moved a little each day by the date alone, so a day always has the same rate.
"""

import zlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from .web import Answer, Request, Route, as_json
from .world import World

PUBLISHED_ON = date(2026, 2, 3)
AVERAGE = {
    "USD": Decimal("1455.5"),
    "EUR": Decimal("1716.76225"),
    "GBP": Decimal("1972.4936"),
    "CNY": Decimal("209.262105"),
    "CNH": Decimal("209.363255"),
    "JPY": Decimal("9.349655"),
    "KES": Decimal("11.283036"),
    "UGX": Decimal("0.408996"),
    "TZS": Decimal("0.563279"),
    "BIF": Decimal("0.490914"),
    "ETB": Decimal("9.350965"),
    "ZAR": Decimal("91.192275"),
    "XOF": Decimal("2.628875"),
    "XAF": Decimal("2.55203"),
}
SPREAD = Decimal("0.005")
SIXTH = Decimal("0.000001")


def rates_on(day: date) -> dict[str, object]:
    """Buying, average and selling rate of a day; a weekend has Friday's."""
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    average = {code: (rate * drift(code, day)).quantize(SIXTH) for code, rate in AVERAGE.items()}
    sides = {"buying": 1 - SPREAD, "average": Decimal(1), "selling": 1 + SPREAD}
    quoted = {
        side: {code: str((rate * factor).quantize(SIXTH)) for code, rate in average.items()}
        for side, factor in sides.items()
    }
    return {"base": "RWF", "date": day.isoformat(), **quoted}


def drift(code: str, day: date) -> Decimal:
    """Up to half a percent either way, from the date alone; nothing on the day the figures were published."""
    if day == PUBLISHED_ON:
        return Decimal(1)
    step = zlib.crc32(f"{code}{day.isoformat()}".encode()) % 1001 - 500
    return 1 + Decimal(step) / 100_000


def show_rates(world: World, request: Request) -> Answer:
    """GET /bnr/rates?date=2026-02-03. 400 for no date at all, 404 for a day that has not come."""
    today = datetime.now(UTC).date()
    try:
        day = date.fromisoformat(request.asked().get("date") or today.isoformat())
    except ValueError:
        return as_json({"error": "date must be written as 2026-02-03"}, 400)
    if day > today + timedelta(days=1):
        return as_json({"error": "no rates for a day that has not come"}, 404)
    return as_json(rates_on(day))


ROUTES: list[Route] = [("GET", "/bnr/rates", show_rates)]
