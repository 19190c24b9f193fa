from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import formats, timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from kernel import formatting
from kernel.formatting import BEIJING, KIGALI
from kernel.money import Money

N, F = "\u202f", "\u00a0"  # the narrow and the fixed space of French numbers


@pytest.fixture(autouse=True)
def _chinese() -> object:
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("major", "currency", "language", "full", "short"),
    [
        ("128", "CNY", "zh-hans", "¥128.00", "¥128"),
        ("128.50", "CNY", "zh-hans", "¥128.50", "¥128.50"),
        ("1280", "CNY", "zh-hans", "¥1280.00", "¥1280"),
        ("12800", "CNY", "zh-hans", "¥12,800.00", "¥12,800"),
        ("-5", "CNY", "zh-hans", "-¥5.00", "-¥5"),
        ("0.05", "CNY", "zh-hans", "¥0.05", "¥0.05"),
        ("19.99", "USD", "zh-hans", "US$19.99", "US$19.99"),
        ("10000", "RWF", "zh-hans", "10,000 RWF", "10,000 RWF"),
        ("10000", "RWF", "en", "10,000 RWF", "10,000 RWF"),
        ("10000", "RWF", "fr", "10,000 RWF", "10,000 RWF"),
        ("9500", "RWF", "rw", "9,500 RWF", "9,500 RWF"),
        ("128.50", "CNY", "en", "CN¥128.50", "CN¥128.50"),
        ("1280", "CNY", "en", "CN¥1,280.00", "CN¥1,280"),
        ("128.50", "CNY", "fr", f"128,50{F}CNY", f"128,50{F}CNY"),
        ("12800", "CNY", "fr", f"12{N}800,00{F}CNY", f"12{N}800{F}CNY"),
        ("19.99", "USD", "fr", f"19,99{F}USD", f"19,99{F}USD"),
        ("128.50", "CNY", "rw", "128.50 CNY", "128.50 CNY"),
        ("1.234", "KWD", "en", "1.234 KWD", "1.234 KWD"),
    ],
)
def test_money(major: str, currency: str, language: str, full: str, short: str) -> None:
    amount = Money.of(major, currency)
    assert formatting.money(amount, language) == full
    assert formatting.money(amount, language, short=True) == short


@given(
    st.integers(-(10**12), 10**12), st.sampled_from(["CNY", "RWF", "KWD"]), st.sampled_from(["zh", "en", "fr", "rw"])
)
def test_the_parts_of_money_make_its_short_form(minor: int, currency: str, language: str) -> None:
    amount = Money(minor, currency)
    assert "".join(formatting.money_parts(amount, language)) == formatting.money(amount, language, short=True)


@pytest.mark.parametrize(
    ("amount", "language", "parts"),
    [
        (Money(1285050, "CNY"), "zh-hans", ("¥", "12,850", ".50")),
        (Money(10000, "RWF"), "zh-hans", ("", "10,000", " RWF")),
        (Money(1285050, "CNY"), "fr", ("", f"12{N}850", f",50{F}CNY")),
    ],
)
def test_money_parts(amount: Money, language: str, parts: tuple[str, str, str]) -> None:
    assert formatting.money_parts(amount, language) == parts


def test_prices_from_and_between() -> None:
    low, high = Money(3900, "CNY"), Money(12800, "CNY")
    assert formatting.from_price(low, "zh-hans") == "¥39起"
    assert formatting.price_range(low, high, "zh-hans") == "¥39–128"
    assert formatting.price_range(low, low, "zh-hans") == "¥39"
    assert formatting.price_range(Money(9500, "RWF"), Money(10000, "RWF"), "rw") == "9,500–10,000 RWF"


def test_a_price_is_struck_only_if_it_was_higher() -> None:
    assert formatting.struck_price(Money(10000, "CNY"), Money(10000, "CNY"), "zh-hans") == ""
    assert formatting.struck_price(Money(12000, "CNY"), Money(10000, "CNY"), "zh-hans") == "¥120"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "新品"),
        (36, "已售36"),
        (99, "已售99"),
        (100, "已售100+"),
        (128, "已售100+"),
        (999, "已售900+"),
        (2850, "已售2000+"),
        (9999, "已售9000+"),
        (10049, "已售1万+"),
        (12345, "已售1.2万+"),
        (199999, "已售19.9万+"),
    ],
)
def test_sold_counts_never_round_up(count: int, text: str) -> None:
    assert formatting.sold_count(count, "zh-hans") == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (9999, "9999"),
        (10_000, "1万"),
        (12_000, "1.2万"),
        (20_000, "2万"),
        (99_999_999, "9999.9万"),
        (345_000_000, "3.4亿"),
    ],
)
def test_big_numbers(count: int, text: str) -> None:
    assert formatting.big_number(count, "zh-hans") == text
    assert formatting.big_number(12_000, "en") == "12,000"


def test_ratings() -> None:
    assert formatting.rating(Decimal("4.75"), good=989, of=1000) == "4.8分，好评率98%"
    assert formatting.rating(Decimal(5), good=4, of=4) == "暂无评分"


MOMENT = datetime(2026, 7, 1, 6, 5, 9, tzinfo=UTC)


def test_moments_are_told_on_the_clock_of_a_place() -> None:
    assert formatting.stamp(MOMENT, BEIJING) == "2026-07-01 14:05:09"
    assert formatting.stamp(MOMENT, KIGALI) == "2026-07-01 08:05:09"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-hans", "2026年7月1日"),
        ("en", "1 July 2026"),
        ("fr", "1er juillet 2026"),
        ("rw", "1 Nyakanga 2026"),
        (None, "1 July 2026"),
    ],
)
def test_dates_in_prose(language: str | None, text: str) -> None:
    assert formatting.prose_date(date(2026, 7, 1), language) == text


def test_a_range_of_dates() -> None:
    july, january = date(2026, 7, 12), date(2027, 1, 3)
    assert formatting.date_range(july, date(2026, 7, 20), "zh-hans") == "7月12日–7月20日"
    assert formatting.date_range(july, july, "en") == "12 July"
    assert formatting.date_range(july, january, "zh-hans") == "2026年7月12日–2027年1月3日"


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(seconds=-5), "刚刚"),
        (timedelta(minutes=5), "5分钟前"),
        (timedelta(hours=3), "3小时前"),
        (timedelta(hours=24), "昨天 14:05"),
        (timedelta(days=2), "06-29"),
        (timedelta(days=200), "2025-12-13"),
    ],
)
def test_how_long_ago(ago: timedelta, text: str) -> None:
    assert formatting.how_long_ago(MOMENT - ago, MOMENT, BEIJING) == text


def test_a_countdown_ends_at_zero() -> None:
    assert formatting.countdown(MOMENT + timedelta(hours=23, minutes=59, seconds=12), MOMENT) == "23:59:12"
    assert formatting.countdown(MOMENT + timedelta(hours=47, seconds=1), MOMENT) == "47:00:01"
    assert formatting.countdown(MOMENT - timedelta(1), MOMENT) == "00:00:00"


@pytest.mark.parametrize(
    ("name", "text"),
    [("张三", "张*"), ("张三丰", "张**"), ("欧阳娜娜", "欧***"), ("Marie", "M***"), ("", ""), ("𠮷野", "𠮷*")],
)
def test_names_are_masked(name: str, text: str) -> None:
    assert formatting.mask_name(name) == text


def test_nicknames_are_masked() -> None:
    assert formatting.mask_nickname("爱喝咖啡的猫") == "爱***猫"
    assert formatting.mask_nickname(" ") == "匿名用户"
    assert formatting.mask_nickname("林夏") == "林***"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("13812341234", "138****1234"),
        ("+86 138 1234 1234", "138****1234"),
        ("+250788123456", "+250 78****456"),
        ("0788123456", "+250 78****456"),
        ("+33612345678", "****678"),
        ("12", "****"),
    ],
)
def test_phones_are_masked(number: str, text: str) -> None:
    assert formatting.mask_phone(number) == text


def test_identity_and_address_are_masked() -> None:
    assert formatting.mask_id("11010519491231002X") == "1****************X"
    assert formatting.mask_address(["浙江省", "杭州市", "西湖区", "文三路1号"]) == "浙江省杭州市西湖区***"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("加我13812341234吧", "加我138****1234吧"),
        ("call +250 788 123 456 now", "call +250 78****456 now"),
        ("0788123456", "+250 78****456"),
        ("１３８-1234-1234", "138****1234"),
        ("身份证 11010519491231002x。", "身份证 1****************X。"),
        ("6222 0212 3456 7890 123", "6*****************3"),
        ("24厘米, 2026-11-23, ¥12,800, 1234567890", "24厘米, 2026-11-23, ¥12,800, 1234567890"),
    ],
)
def test_numbers_of_people_are_masked_in_running_text(text: str, masked: str) -> None:
    assert formatting.mask_numbers(text) == masked


def shown(template: str, language: str = "zh-hans", **context: object) -> str:
    with translation.override(language):
        return Template("{% load isoko %}" + template).render(Context(context))


def test_filters_follow_the_active_language() -> None:
    amount = Money(12800, "CNY")
    assert shown("{{ m|money }} {{ m|money_short }}", m=amount) == "¥128.00 ¥128"
    assert shown("{{ m|money }}", "en", m=amount) == "CN¥128.00"
    assert shown("{{ t|beijing }} {{ t|kigali }}", t=MOMENT) == "2026-07-01 14:05:09 2026-07-01 08:05:09"
    assert shown("{{ p|mask_phone }} {{ n|mask_name }}", p="13812341234", n="张三") == "138****1234 张*"
    assert shown("{{ n|sold_count }}", n=128) == "已售100+"


def test_a_date_is_told_on_the_clock_of_the_page() -> None:
    late = datetime(2026, 6, 30, 20, 0, tzinfo=UTC)
    assert shown("{{ t|prose_date }}", t=late) == "2026年7月1日"
    assert shown("{{ t|prose_date }}", "rw", t=late) == "30 Kamena 2026"
    with timezone.override(BEIJING):
        assert shown("{{ t|prose_date }}", "en", t=late) == "1 July 2026"


def test_nothing_is_written_as_nothing() -> None:
    every = (
        "money money_short from_price beijing kigali prose_date short_date how_long_ago mask_phone mask_name mask_id"
    )
    for name in every.split():
        assert shown(f"{{{{ nothing|{name} }}}}") == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-hans", "2026年7月1日"), ("en", "1 July 2026"), ("fr", "1 juillet 2026"), ("rw", "1 Nyakanga 2026")],
)
def test_the_framework_writes_dates_as_we_do(language: str, text: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 7, 1)) == text
