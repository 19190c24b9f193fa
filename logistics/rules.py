"""The corridor's rules as dated rows: read from data files into tables, and from tables into a rulebook for a day.

A new rule is a new row with a later `valid_from`; a quote names the version it used, so that old ones stay explainable.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from kernel.money import Money

from .freight import Tariff
from .landed import POSTAL, NoOpenRoute, Rulebook
from .models import ArticleRate, Corridor, RouteRule, Service
from .postal import PostalRule

FOLDER = Path(__file__).parent / "data" / "corridors"


@dataclass(frozen=True)
class Loaded:
    """What a data file brought."""

    version: str
    services: int


def files() -> list[Path]:
    """The data files, one for each pair of countries."""
    return sorted(FOLDER.glob("*.json"))


def rulebook(*, on: date, origin: str = "RW", destination: str = "CN") -> Rulebook:
    """The rules between two countries on a day. Raises NoOpenRoute when consumers may send by none.

    Corridors of one route share its limits; if they ever differ, the strictest holds for all of them.
    """
    rules = list(
        _valid(RouteRule.objects.filter(corridor__origin=origin, corridor__destination=destination), on)
        .select_related("corridor")
        .order_by("valid_from", "pk")
    )
    newest = {(rule.corridor_id, rule.route): rule for rule in rules}
    open_rules = [rule for rule in newest.values() if rule.route == POSTAL and rule.open_to_consumers]
    if not open_rules:
        raise NoOpenRoute()
    rates = ArticleRate.objects.filter(route_rule__in=open_rules).order_by("route_rule__valid_from", "pk")
    return Rulebook(
        version=max(rule.version for rule in open_rules),
        postal=PostalRule(
            parcel_limit_minor=min(rule.parcel_limit_minor for rule in open_rules),
            exempt_tax_minor=min(rule.exempt_tax_minor for rule in open_rules),
        ),
        rates={rate.article_class: rate.rate for rate in rates},
        tariffs=tuple(_tariff(service) for service in services(on=on, corridors=[r.corridor_id for r in open_rules])),
        closed={rule.route: rule.closed_because for rule in newest.values() if not rule.open_to_consumers},
        asks_id_number=any(rule.asks_id_number for rule in open_rules),
    )


def services(*, on: date, corridors: list[int]) -> list[Service]:
    """The services of these corridors with the tariff of the day, newest of each code."""
    rows = _valid(Service.objects.filter(corridor__in=corridors), on).order_by("valid_from", "pk")
    return sorted({row.code: row for row in rows}.values(), key=lambda row: row.code)


@transaction.atomic
def load(path: Path) -> Loaded:
    """Put a data file's rows in the tables; a row that is already there is brought in line with the file."""
    book = json.loads(path.read_text(encoding="utf-8"))
    corridors = {row["code"]: _corridor(row) for row in book["corridors"]}
    for row in book["route_rules"]:
        for code in row["corridors"]:
            _route_rule(corridors[code], row, book)
    for row in book["services"]:
        _service(corridors[row["corridor"]], row)
    return Loaded(version=book["version"], services=len(book["services"]))


def _valid(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


def _tariff(service: Service) -> Tariff:
    return Tariff(**{name: getattr(service, name) for name in Tariff.__dataclass_fields__})


def _corridor(row: dict[str, str]) -> Corridor:
    code, rest = row["code"], {name: row[name] for name in ("origin", "destination", "channel")}
    return Corridor.objects.update_or_create(code=code, defaults=rest)[0]


def _route_rule(corridor: Corridor, row: dict[str, Any], book: dict[str, Any]) -> None:
    rule, _new = RouteRule.objects.update_or_create(
        corridor=corridor,
        route=row["route"],
        valid_from=row["valid_from"],
        defaults={
            "version": book["version"],
            "parcel_limit_minor": Money.of(row["parcel_limit_yuan"], "CNY").minor,
            "exempt_tax_minor": Money.of(row["exempt_tax_yuan"], "CNY").minor,
            **{name: row[name] for name in ("open_to_consumers", "closed_because", "asks_id_number", "source")},
        },
    )
    if name := row.get("article_rates"):
        for article_class, (rate, status) in book["article_rates"][name]["classes"].items():
            ArticleRate.objects.update_or_create(
                route_rule=rule, article_class=article_class, defaults={"rate": rate, "status": status}
            )


def _service(corridor: Corridor, row: dict[str, Any]) -> None:
    plain = "carrier first_g step_g max_g volumetric_divisor volumetric_from_mm max_side_mm max_girth_mm"
    more = "s10_indicator track17_carrier is_synthetic source"
    Service.objects.update_or_create(
        code=row["code"],
        valid_from=row["valid_from"],
        defaults={
            "corridor": corridor,
            "first_rwf_minor": row["first_rwf"],
            "step_rwf_minor": row["step_rwf"],
            "days_min": row["days"][0],
            "days_max": row["days"][1],
            **{f"name_{language}": name for language, name in row["names"].items()},
            **{name: row[name] for name in f"{plain} {more}".split()},
        },
    )
