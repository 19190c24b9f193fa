"""How amounts, times, names and numbers are written for people, in each language. Pure: values in, text out.

The language is a code such as `zh-hans`, `en`, `fr` or `rw`; an unknown one is written as English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .money import EXPONENT, Money

# A mean of fewer says nothing.
ENOUGH_REVIEWS = 5

BEIJING = ZoneInfo("Asia/Shanghai")
KIGALI = ZoneInfo("Africa/Kigali")

_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_MONTHS_RW = "Mutarama Gashyantare Werurwe Mata Gicurasi Kamena Nyakanga Kanama Nzeri Ukwakira Ugushyingo Ukuboza"
MONTHS = {"en": _MONTHS_EN.split(), "fr": _MONTHS_FR.split(), "rw": _MONTHS_RW.split()}

# Ten digits or more with at most one sign between them, and an X where an identity number may end in one.
_LONG_NUMBER = re.compile(r"[+\uff0b]?\d(?:[\s().\u00b7\u2010-\u2015\uff0d-]?\d){9,}[xX\uff38\uff58]?")
_NARROW_SPACE, _FIXED_SPACE = "\u202f", "\u00a0"
_ZH_SIGNS = {"CNY": "¥", "USD": "US$"}
_EN_SIGNS = {"CNY": "CN¥", "USD": "US$"}


# Money ---------------------------------------------------------------------------------------------------------------


def money(amount: Money, language: str | None, *, short: bool = False) -> str:
    """An amount in full, `¥128.50`; `short` hides empty decimals, `¥128`. Francs are `10,000 RWF` everywhere."""
    tongue = _tongue(language)
    sign = "-" if amount.minor < 0 else ""
    whole, decimals = divmod(abs(amount.minor), 10 ** EXPONENT[amount.currency])
    places = EXPONENT[amount.currency]
    tail = "" if not places or (short and not decimals) else f"{decimals:0{places}d}"
    if not places:
        return f"{sign}{whole:,} {amount.currency}"
    if tongue == "zh" and amount.currency in _ZH_SIGNS:
        # Chinese shops write 1280 but 12,800.
        digits = f"{whole:,}" if whole >= 10_000 else str(whole)
        return f"{sign}{_ZH_SIGNS[amount.currency]}{digits}" + (f".{tail}" if tail else "")
    if tongue == "fr":
        digits = f"{whole:,}".replace(",", _NARROW_SPACE) + (f",{tail}" if tail else "")
        return f"{sign}{digits}{_FIXED_SPACE}{amount.currency}"
    digits = f"{whole:,}" + (f".{tail}" if tail else "")
    if tongue == "en" and amount.currency in _EN_SIGNS:
        return f"{sign}{_EN_SIGNS[amount.currency]}{digits}"
    return f"{sign}{digits} {amount.currency}"


def money_parts(amount: Money, language: str | None) -> tuple[str, str, str]:
    """The short form as (sign before, whole part, the rest), for pages that set the decimals and the unit smaller."""
    found = re.fullmatch(r"([^\d]*)([\d,\u202f]*\d)(.*)", money(amount, language, short=True), re.S)
    assert found  # noqa: S101  (every form has a digit)
    before, whole, rest = found.groups()
    if _tongue(language) == "fr" and EXPONENT[amount.currency] and "," in whole:
        whole, _comma, decimals = whole.rpartition(",")
        rest = f",{decimals}{rest}"
    return before, whole, rest


def from_price(amount: Money, language: str | None) -> str:
    """The lowest of several prices: `¥39起`."""
    return _("from %(price)s") % {"price": money(amount, language, short=True)}


def price_range(low: Money, high: Money, language: str | None) -> str:
    """`¥39–128`: the sign once, an en dash; one price where both are equal."""
    first, second = money(low, language, short=True), money(high, language, short=True)
    if low == high:
        return first
    before = re.match(r"[^\d]*", second)
    after = re.search(r"[^\d]*$", first)
    if before and before.group():
        return f"{first}–{second[before.end() :]}"
    return f"{first[: after.start()] if after else first}–{second}"


def struck_price(was: Money, now: Money, language: str | None) -> str:
    """The earlier price to strike through; empty unless it is strictly higher."""
    return money(was, language, short=True) if was > now else ""


# Counts --------------------------------------------------------------------------------------------------------------


def sold_count(count: int, language: str | None) -> str:
    """How many were sold, never rounded up: 新品, 已售36, 已售100+, 已售2000+, 已售1.2万+."""
    if count < 1:
        return pgettext("a product nobody has bought yet", "New")
    if count < 100:
        return _("%(count)s sold") % {"count": count}
    if count >= 10_000:
        shown = f"{_tenths(count // 1000)}万" if _tongue(language) == "zh" else _grouped(count // 1000 * 1000, language)
    else:
        shown = str(count // 100 * 100 if count < 1000 else count // 1000 * 1000)
    return _("%(count)s sold") % {"count": f"{shown}+"}


def big_number(count: int, language: str | None) -> str:
    """A number to take in at a glance: 9999, 1.2万, 3.4亿 in Chinese; 12,000 elsewhere. Rounded down."""
    if _tongue(language) != "zh":
        return _grouped(count, language)
    for unit, name in ((100_000_000, "亿"), (10_000, "万")):
        if count >= unit:
            return f"{_tenths(count * 10 // unit)}{name}"
    return str(count)


def rating(stars: Decimal, good: int, of: int) -> str:
    """`4.8分, 好评率98%`: one decimal, and the share of good reviews rounded down; no figure below five reviews."""
    if of < ENOUGH_REVIEWS:
        return _("Not enough reviews yet")
    shown = stars.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _("%(stars)s out of 5, %(percent)s%% positive") % {"stars": shown, "percent": good * 100 // of}


# Time ----------------------------------------------------------------------------------------------------------------


def stamp(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-07-01 14:05:09` on the clock of a place."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def prose_date(day: date, language: str | None) -> str:
    """A date in a sentence: 2026年7月1日, 1 July 2026, 1er juillet 2026, 1 Nyakanga 2026."""
    tongue = _tongue(language)
    if tongue == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    number = "1er" if tongue == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTHS[tongue][day.month - 1]} {day.year}"


def short_date(day: date, language: str | None) -> str:
    """A date without its year: 7月12日, 12 July."""
    if _tongue(language) == "zh":
        return f"{day.month}月{day.day}日"
    return prose_date(day, language).rpartition(" ")[0]


def date_range(first: date, last: date, language: str | None) -> str:
    """When something arrives: 7月12日–7月20日. The year shows only where the two differ in it."""
    write = short_date if first.year == last.year else prose_date
    return write(first, language) if first == last else f"{write(first, language)}–{write(last, language)}"


def how_long_ago(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """刚刚, 5分钟前, 3小时前, 昨天 14:05, 07-01, 2026-07-01, by the clock of a place."""
    seconds = int((now - moment).total_seconds())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("%(count)s min ago") % {"count": seconds // 60}
    if seconds < 86400:
        return _("%(count)s h ago") % {"count": seconds // 3600}
    then, today = moment.astimezone(zone), now.astimezone(zone).date()
    if then.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": then.strftime("%H:%M")}
    return then.strftime("%m-%d" if then.year == today.year else "%Y-%m-%d")


def countdown(until: datetime, now: datetime) -> str:
    """Hours, minutes and seconds that are left, `23:59:12`; zeros when none are."""
    left = max(0, int((until - now).total_seconds()))
    return f"{left // 3600:02d}:{left // 60 % 60:02d}:{left % 60:02d}"


# Masks ---------------------------------------------------------------------------------------------------------------


def mask_name(name: str) -> str:
    """张三丰 → 张**; Marie → M***."""
    name = name.strip()
    if re.match(r"[\u3400-\u9fff\U00020000-\U0003ffff]", name):
        return name[0] + "*" * max(1, len(name) - 1)
    return name[:1] + "***" if name else ""


def mask_nickname(name: str) -> str:
    """爱喝咖啡的猫 → 爱***猫; nobody's name is 匿名用户. Of two signs only the first stands, or all would be told."""
    name = name.strip()
    return f"{name[0]}***{name[-1] if len(name) > 2 else ''}" if name else _("Anonymous buyer")


def mask_phone(number: str) -> str:
    """13812341234 → 138****1234; +250788123456 → +250 78****456. Anything else keeps its last three digits at most."""
    digits = re.sub(r"\D", "", number)
    chinese = re.fullmatch(r"(?:0086|86)?(1[3-9]\d{9})", digits)
    if chinese:
        return f"{chinese[1][:3]}****{chinese[1][-4:]}"
    rwandan = re.fullmatch(r"(?:00250|250|0)?(7\d{8})", digits)
    if rwandan:
        return f"+250 {rwandan[1][:2]}****{rwandan[1][-3:]}"
    return "****" + (digits[-3:] if len(digits) > 6 else "")


def mask_id(number: str) -> str:
    """An identity number with only its ends: 1****************X."""
    return "*" * len(number) if len(number) < 3 else number[0] + "*" * (len(number) - 2) + number[-1]


def mask_numbers(text: str) -> str:
    """Running text in which numbers of phones, identity cards and banks are masked: any eleven digits or more."""
    return _LONG_NUMBER.sub(_masked_number, text)


def mask_address(parts: Sequence[str]) -> str:
    """Province, city and district; the rest is nobody's business: 浙江省杭州市西湖区***."""
    return "".join(parts[:3]) + "***"


def _masked_number(found: re.Match[str]) -> str:
    written = found.group()
    number = "".join(str(int(sign)) if sign.isdecimal() else sign.upper() for sign in written if sign.isalnum())
    if len(number) < 11 and not re.fullmatch(r"07[2389]\d{7}", number):
        return written
    return mask_id(number) if len(number) >= 15 else mask_phone(number)


def _tongue(language: str | None) -> str:
    tongue = (language or "en").split("-")[0].split("_")[0].lower()
    return tongue if tongue in {"zh", "en", "fr", "rw"} else "en"


def _tenths(tenths: int) -> str:
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def _grouped(count: int, language: str | None) -> str:
    return f"{count:,}".replace(",", _NARROW_SPACE) if _tongue(language) == "fr" else f"{count:,}"
