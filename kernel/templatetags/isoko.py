"""Template filters of the house: money, time and masks in the reader's language. Nothing is written as nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from kernel import formatting
from kernel.money import Money

register = template.Library()


@register.filter
def money(amount: Money | None) -> str:
    """The full form: ¥128.50, 10,000 RWF."""
    return formatting.money(amount, get_language()) if isinstance(amount, Money) else ""


@register.filter
def money_short(amount: Money | None) -> str:
    """The form for cards, without empty decimals: ¥128."""
    return formatting.money(amount, get_language(), short=True) if isinstance(amount, Money) else ""


@register.filter
def money_parts(amount: Money | None) -> tuple[str, str, str]:
    """(sign, whole, rest) of the short form, to set the decimals smaller."""
    return formatting.money_parts(amount, get_language()) if isinstance(amount, Money) else ("", "", "")


@register.filter
def from_price(amount: Money | None) -> str:
    """¥39起."""
    return formatting.from_price(amount, get_language()) if isinstance(amount, Money) else ""


@register.filter
def beijing(moment: datetime | None) -> str:
    """2026-07-01 14:05:09 on the clock of Beijing."""
    return formatting.stamp(moment, formatting.BEIJING) if isinstance(moment, datetime) else ""


@register.filter
def kigali(moment: datetime | None) -> str:
    """2026-07-01 08:05:09 on the clock of Kigali."""
    return formatting.stamp(moment, formatting.KIGALI) if isinstance(moment, datetime) else ""


@register.filter
def kigali_words(moment: datetime | None) -> str:
    """24 Ugushyingo 2026, 18:24: a deadline as a seller says it, on the clock of Kigali."""
    if not isinstance(moment, datetime):
        return ""
    local = moment.astimezone(formatting.KIGALI)
    return f"{formatting.prose_date(local.date(), get_language())}, {local:%H:%M}"


@register.filter
def prose_date(moment: date | None) -> str:
    """2026年7月1日, 1 July 2026. A moment is first read on the page's clock: see `_clock`."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(_clock()).date()
    return formatting.prose_date(moment, get_language()) if isinstance(moment, date) else ""


@register.filter
def short_date(moment: date | None) -> str:
    """7月1日, 1 July."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(_clock()).date()
    return formatting.short_date(moment, get_language()) if isinstance(moment, date) else ""


@register.filter
def how_long_ago(moment: datetime | None) -> str:
    """刚刚, 5分钟前, 昨天 14:05."""
    return formatting.how_long_ago(moment, timezone.now(), _clock()) if isinstance(moment, datetime) else ""


@register.filter
def sold_count(count: Any) -> str:
    """已售100+."""
    return formatting.sold_count(int(count or 0), get_language())


@register.filter
def percent(rate: Decimal | None) -> str:
    """A rate as people write it: 0.2 is 20%."""
    return f"{(rate * 100).normalize():f}%" if isinstance(rate, Decimal) else ""


@register.filter
def big_number(count: Any) -> str:
    """1.2万."""
    return formatting.big_number(int(count or 0), get_language())


@register.filter
def mask_phone(number: str | None) -> str:
    """138****1234."""
    return formatting.mask_phone(str(number)) if number else ""


@register.filter
def mask_name(name: str | None) -> str:
    """张**, M***."""
    return formatting.mask_name(str(name)) if name else ""


@register.filter
def mask_nickname(name: str | None) -> str:
    """爱***猫."""
    return formatting.mask_nickname(str(name or ""))


@register.filter
def mask_id(number: str | None) -> str:
    """1****************X."""
    return formatting.mask_id(str(number)) if number else ""


def _clock() -> ZoneInfo:
    """The clock a page was given by `timezone.activate`; else Beijing's for Chinese and Kigali's for the rest."""
    current = timezone.get_current_timezone()
    if isinstance(current, ZoneInfo) and current != timezone.get_default_timezone():
        return current
    return formatting.BEIJING if (get_language() or "").startswith("zh") else formatting.KIGALI
