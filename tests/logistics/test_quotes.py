"""Quotes: one honest price for thirty minutes, kept whole, given again while it is good, refused when it is not."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from catalog import prices
from catalog.models import ExchangeRate, Variant
from kernel.money import Money
from logistics import landed, quotes, rules
from logistics.models import ArticleRate, RouteRule, Service
from orders import limits, placing
from tests import cast

NOW = cast.NOW
HALF_HOUR = timedelta(minutes=30)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(db):
    cast.reference()
    call_command("load_corridors", verbosity=0)
    return cast.lin()


@pytest.fixture
def basket(lin) -> Variant:
    return cast.basket(cast.shop(cast.person("Mukamana", language="rw")))


def ask(buyer, *lines, now=NOW, province="330000"):
    return quotes.quote(buyer, lines, province_code=province, now=now)


def test_loading_corridors_again_changes_nothing(lin):
    before = [model.objects.count() for model in (RouteRule, ArticleRate, Service)]
    call_command("load_corridors", verbosity=0)
    assert [model.objects.count() for model in (RouteRule, ArticleRate, Service)] == before
    book = rules.rulebook(on=NOW.date())
    assert (book.postal.parcel_limit_minor, book.postal.exempt_tax_minor) == (100_000, 5_000)
    assert [tariff.code for tariff in book.tariffs] == ["iposita_ems", "iposita_packet"]
    assert set(book.closed) == {"cbec_9610", "general", "postal_article"}


def test_a_rule_holds_from_its_day_on(lin):
    with pytest.raises(landed.NoOpenRoute):
        rules.rulebook(on=NOW.date().replace(year=2023))
    rule = RouteRule.objects.get(corridor__code="RW-CN-EMS", route="postal_article")
    old_rates = list(rule.article_rates.values_list("article_class", "rate"))
    rule.pk, rule.valid_from, rule.parcel_limit_minor, rule.version = None, NOW.date(), 80_000, "rw-cn-2026.2"
    rule.save()
    ArticleRate.objects.bulk_create(
        ArticleRate(route_rule=rule, article_class=name, rate=rate) for name, rate in old_rates
    )
    assert rules.rulebook(on=NOW.date() - timedelta(days=1)).postal.parcel_limit_minor == 100_000
    book = rules.rulebook(on=NOW.date())
    assert (book.postal.parcel_limit_minor, book.version) == (80_000, "rw-cn-2026.2")


def test_it_prices_goods_freight_and_tax(lin, basket):
    quote = ask(lin, (basket, 2))
    # Each basket alone is exempt: twice 14,000 francs at 209.262105 with 3 % on top, and no tax. Both in one parcel
    # would cost 18,500 francs and 55.20 yuan of tax, which is more.
    assert quote.goods == Money(basket.price_minor * 2, "CNY")
    assert (quote.freight, quote.tax) == (Money(2 * 6_891, "CNY"), Money(0, "CNY"))
    assert quote.total == quote.goods + quote.freight
    assert all(parcel.is_exempt for parcel in quotes.breakdown(quote).parcels)


def test_a_dear_thing_is_taxed(lin, basket):
    Variant.objects.filter(pk=basket.pk).update(price_minor=38_000)
    quote = ask(lin, (basket, 1))
    assert quote.tax == Money(7_600, "CNY")
    assert quote.total == Money(38_000 + 6_891 + 7_600, "CNY")


def test_the_parts_shown_add_up_to_the_total(lin, basket):
    coffee = cast.coffee(cast.shop(cast.person("Uwase", language="rw"), name="Huye Coffee"))
    quote = ask(lin, (basket, 9), (coffee, 5))
    shown, frozen = quotes.breakdown(quote), quotes.terms(quote)
    assert len(shown.shops) == 2
    assert shown.total == quote.total == Money(frozen.total_minor, "CNY")
    lines = [line for parcel in shown.parcels for line in parcel.lines]
    assert sum(line.value.minor for line in lines) == quote.goods_minor
    assert sum(line.due.minor for line in lines) == quote.tax_minor
    assert all(parcel.goods <= parcel.limit for parcel in shown.parcels)
    assert shown.arrives_from <= shown.arrives_to


def test_it_speaks_the_readers_language(lin, basket):
    quote = ask(lin, (basket, 1))
    names = {}
    for language in ("zh-hans", "en", "fr", "rw"):
        with translation.override(language):
            names[language] = quotes.breakdown(quote).parcels[0].service
    assert names["zh-hans"] == "卢旺达邮政 挂号小包"
    assert len(set(names.values())) == 4


def test_the_same_cart_gets_the_same_quote_until_it_ends_or_is_used(lin, basket):
    first = ask(lin, (basket, 1))
    assert first.expires_at == NOW + HALF_HOUR
    assert ask(lin, (basket, 1), now=NOW + HALF_HOUR - timedelta(seconds=1)) == first
    assert ask(lin, (basket, 1), now=NOW + HALF_HOUR) != first
    assert ask(lin, (basket, 1), province="110000") != first
    assert ask(cast.lin(), (basket, 1)) != first
    assert ask(lin, (basket, 2)) != first
    place(lin, first)
    assert ask(lin, (basket, 1)) != first


def test_two_lines_of_one_thing_are_one(lin, basket):
    assert ask(lin, (basket, 1), (basket, 1)) == ask(lin, (basket, 2))
    with pytest.raises(limits.BadQuantity):
        ask(lin, (basket, 60), (basket, 60))


@pytest.mark.parametrize("quantity", [0, -1, 100, 10**6, 0.5, "1", True, None])
def test_a_strange_quantity_is_refused(lin, basket, quantity):
    with pytest.raises(limits.BadQuantity):
        ask(lin, (basket, quantity))


def test_an_empty_cart_and_a_huge_one_are_refused(lin, basket):
    with pytest.raises(limits.NothingToOrder):
        ask(lin)
    many = [(Variant(pk=number), 1) for number in range(1000, 1051)]
    with pytest.raises(limits.TooManyLines):
        ask(lin, *many)
    with pytest.raises(limits.NotOnSale):
        ask(lin, *many[:1])


def test_what_is_not_on_sale_is_not_quoted(lin, basket):
    basket.product.move("paused", actor="test")
    with pytest.raises(limits.NotOnSale):
        ask(lin, (basket, 1))


def test_goods_of_an_unknown_class_are_not_guessed(lin, basket):
    basket.product.hs_code.article_class = "moon_rock"
    basket.product.hs_code.save()
    with pytest.raises(landed.NoArticleRate):
        ask(lin, (basket, 1))


def test_a_stale_rate_is_refused(lin, basket):
    ExchangeRate.objects.all().delete()
    with pytest.raises(prices.NoRate):
        ask(lin, (basket, 1))


def test_an_old_quote_is_refused_unless_it_was_ordered_by(lin, basket):
    quote = ask(lin, (basket, 1))
    late = NOW + HALF_HOUR
    with pytest.raises(quotes.QuoteExpired):
        quotes.get(quote.pk, buyer=lin, now=late)
    place(lin, quote)
    assert quotes.get(quote.pk, buyer=lin, now=late) == quote


@pytest.mark.parametrize("number", [uuid4(), "no-uuid", "", "\0"])
def test_a_quote_that_is_not_there_is_gone(lin, number):
    with pytest.raises(quotes.QuoteGone):
        quotes.get(number, buyer=lin, now=NOW)


def test_another_buyers_quote_is_gone(lin, basket):
    quote = ask(lin, (basket, 1))
    with pytest.raises(quotes.QuoteGone):
        quotes.get(quote.pk, buyer=cast.lin(), now=NOW)


def test_an_old_quote_stays_as_it_was_when_everything_moved_on(lin, basket):
    quote = ask(lin, (basket, 1))
    before = quotes.terms(quote)
    Variant.objects.filter(pk=basket.pk).update(price_minor=1, weight_g=9_000)
    ArticleRate.objects.update(rate=Decimal("0.5"))
    ExchangeRate.objects.update(rate=1)
    quote.refresh_from_db()
    assert quotes.terms(quote) == before
    assert quotes.breakdown(quote).total == quote.total


def test_the_product_page_asks_what_sending_costs(client, lin, basket, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    url = reverse("logistics:estimate", args=[basket.pk])
    page, fragment = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert page.status_code == fragment.status_code == 200
    assert "<html" in page.content.decode()
    assert "<html" not in fragment.content.decode()
    assert page["Cache-Control"].startswith("private")  # it is for this buyer's region
    basket.product.move("paused", actor="test")
    assert client.get(url).status_code == 404


def place(buyer, quote):
    return placing.place(
        buyer,
        terms=quotes.terms(quote),
        address=buyer.addresses.get(),
        orderer="张三",
        notes={},
        language="zh-hans",
        now=NOW,
    )
