"""The rows the catalogue cannot do without: tariff lines, shelves, how prices are made, and a first exchange rate."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from . import rates
from .models import Category, HsCode, PriceRule

DATA = Path(__file__).parent / "data"
FIRST_RULE = datetime(2026, 1, 1, tzinfo=UTC)


@transaction.atomic
def load() -> dict[str, int]:
    """Write the reference rows from the data files; says how many of each. Again it only brings them up to date.

    What staff have since decided about a tariff line's access is left alone.
    """
    return {
        "hs_codes": _hs_codes(),
        "categories": _categories(),
        "price_rules": _price_rule(),
        "rates": len(rates.load_file()),
    }


def _hs_codes() -> int:
    lines = _rows("hs.csv")
    decided = ("access", "access_note")
    for line in lines:
        code = line.pop("code")
        facts = {**line, **{name: Decimal(line[name]) for name in ("vat_rate", "consumption_rate", "tariff_rate")}}
        HsCode.objects.update_or_create(
            code=code, defaults={name: facts[name] for name in facts if name not in decided}, create_defaults=facts
        )
    return len(lines)


def _categories() -> int:
    shelves = _rows("categories.csv")
    lines = HsCode.objects.in_bulk(field_name="code")
    for shelf in shelves:
        slug, hs = shelf.pop("slug"), shelf.pop("hs")
        Category.objects.update_or_create(slug=slug, defaults={**shelf, "hs_code": lines[hs]})
    return len(shelves)


def _price_rule() -> int:
    PriceRule.objects.get_or_create(
        valid_from=FIRST_RULE,
        defaults={
            "commission_bp": 1000,
            "payment_fee_bp": 300,
            "rate_buffer_bp": 300,
            "step_minor": 100,
            "source": "first rule of the house",
        },
    )
    return 1


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
