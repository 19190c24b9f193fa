"""Waybill numbers, taken one by one from the ranges that the post gave us. A number is used once or never."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import s10
from .models import WaybillRange

RANGES = Path(__file__).parent / "data" / "waybill_ranges.json"


class NoWaybills(Refusal):
    """The range for this service is used up or was never given."""

    code = "no_waybills"
    message = _(
        "There are no waybill numbers left for this service (%(indicator)s). Our staff must ask the post for more."
    )


@transaction.atomic
def take(indicator: str, *, country: str = "RW") -> str:
    """The next number of a range; it is gone even from a range shared by two shops. Raises NoWaybills.

    Taken under the row's lock in the caller's transaction: if that fails, the number goes back and was never printed.
    """
    rows = WaybillRange.objects.select_for_update()
    row = rows.filter(indicator=indicator, country=country).first()
    if row is None or row.next_serial > row.last_serial:
        raise NoWaybills(indicator=indicator)
    number = str(s10.compose(indicator, row.next_serial, country))
    row.next_serial += 1
    row.save(update_fields=["next_serial"])
    return number


def load(path: Path = RANGES) -> int:
    """Open the ranges of the data file that are not open yet; returns how many were new. A used one stays as it is."""
    opened = 0
    for row in json.loads(path.read_text(encoding="utf-8"))["ranges"]:
        opened += WaybillRange.objects.get_or_create(
            indicator=row["indicator"],
            country=row["country"],
            defaults={
                "next_serial": row["first"],
                "last_serial": row["last"],
                "is_synthetic": row["is_synthetic"],
                "source": row["source"],
            },
        )[1]
    return opened
