"""The estimate of one thing: freight, tax and arrival to a province, by the sums of a quote, promising nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Product, Variant
from kernel import formatting
from logistics import estimate as pages
from logistics import quotes
from logistics.breakdowns import PREPARE_DAYS
from logistics.models import Quote, RouteRule, Service
from tests import cast

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
ZHEJIANG = "330000"


def at(variant, query=""):
    return f"/estimate/{variant.pk}/{query}"


def read(client, variant, query="", **headers):
    answer = client.get(at(variant, query), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_a_quote_would_say(client, buyer, basket):
    Variant.objects.filter(pk=basket.pk).update(price_minor=38_000)
    page = read(client, basket)
    quote = quotes.quote(buyer, [(basket, 1)], province_code=ZHEJIANG, now=timezone.now())
    for amount in (quote.freight, quote.tax, quote.total):
        assert amount
        assert formatting.money(amount, "zh-hans") in page.replace("<small>", "").replace("</small>", "")
    assert "20%" in page and Quote.objects.count() == 1


def test_tax_within_the_exemption_is_shown_with_its_sum(client, basket):
    page = read(client, basket)
    assert "¥0.00" in page and formatting.money(basket.price.at(cast.Decimal("0.2")), "zh-hans") in page


def test_the_piece_is_the_same_as_in_the_page(client, basket):
    piece = read(client, basket, **FRAGMENT)
    assert piece.lstrip().startswith('<div id="estimate">') and "<html" not in piece
    assert piece.strip() in read(client, basket)


def test_the_region_is_remembered_by_the_browser_alone(client, basket):
    assert "province=" not in client.cookies
    answer = client.get(at(basket, f"?province={ZHEJIANG}"))
    kept = answer.cookies[pages.COOKIE]
    assert kept.value == ZHEJIANG and kept["httponly"] and kept["samesite"] == "Lax"
    assert answer["Cache-Control"].startswith("private") and "sessionid" not in answer.cookies
    again = client.get(at(basket))
    assert f'<option value="{ZHEJIANG}" selected>' in again.content.decode() and not again.cookies
    assert client.get(at(basket, "?province=")).cookies[pages.COOKIE].value == ""
    assert f'<option value="{ZHEJIANG}" selected>' not in read(client, basket)


def test_a_person_who_is_known_begins_with_their_own_address(client, buyer, basket):
    client.force_login(buyer)
    assert f'<option value="{ZHEJIANG}" selected>' in read(client, basket)
    assert pages.COOKIE not in client.cookies


@pytest.mark.parametrize("code", ["810000", "999999", "x", "%00", "33", "３３００００", "330000;"])
def test_an_unknown_province_falls_back_with_a_word(client, basket, code):
    client.cookies[pages.COOKIE] = "440000"
    answer = client.get(at(basket, f"?province={code}"))
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert "We do not send to that region" in page or "暂不支持寄往该地区" in page
    assert '<option value="440000" selected>' in page


def test_a_cookie_that_somebody_wrote_is_not_believed(client, basket):
    client.cookies[pages.COOKIE] = "<script>"
    page = read(client, basket)
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("asked, counted", [("2", 2), ("020", 20), ("100", 1), ("0", 1), ("-1", 1), ("x", 1), ("", 1)])
def test_it_reckons_with_as_many_as_are_asked_for(client, coffee, asked, counted):
    expected = quotes.estimate([(coffee, counted)], now=timezone.now())
    page = read(client, coffee, f"?quantity={asked}")
    assert formatting.money(expected.freight, "zh-hans") in page


def test_what_is_made_to_order_arrives_later(client, basket):
    plain = quotes.estimate([(basket, 1)], now=timezone.now())
    Product.objects.filter(pk=basket.product_id).update(lead_days=14)
    later = quotes.estimate([(basket, 1)], now=timezone.now())
    assert later.arrives_from - plain.arrives_from == later.arrives_to - plain.arrives_to == timedelta(days=14)
    assert formatting.date_range(later.arrives_from, later.arrives_to, "zh-hans") in read(client, basket)
    assert "14" in read(client, basket)


def test_days_to_make_a_thing_are_frozen_with_the_quote(buyer, basket):
    Product.objects.filter(pk=basket.product_id).update(lead_days=14)
    now = timezone.now()
    quote = quotes.quote(buyer, [(basket, 1)], province_code=ZHEJIANG, now=now)
    Product.objects.filter(pk=basket.product_id).update(lead_days=0)
    parcel = quotes.breakdown(quote).parcels[0]
    first = now.astimezone(quotes.BEIJING).date() + timedelta(days=14 + PREPARE_DAYS[0] + parcel.days_min)
    assert (parcel.lead_days, parcel.arrives_from) == (14, first)


def test_an_older_quote_without_such_days_is_still_readable(buyer, basket):
    quote = quotes.quote(buyer, [(basket, 1)], province_code=ZHEJIANG, now=timezone.now())
    for parcel in quote.plan["parcels"]:
        del parcel["lead_days"]
    assert quotes.breakdown(quote).parcels[0].lead_days == 0


def test_what_cannot_be_sent_says_why_and_where_to_go(client, basket):
    Service.objects.update(max_g=100)
    page = read(client, basket)
    assert f"/c/{basket.product.category.slug}/" in page and 'class="notice is-warn"' in page
    RouteRule.objects.update(open_to_consumers=False)
    assert 'class="notice is-warn"' in read(client, basket, **FRAGMENT)


def test_what_is_not_on_sale_has_no_estimate(client, basket):
    Product.objects.filter(pk=basket.product_id).update(status="paused")
    assert client.get(at(basket)).status_code == 404


@pytest.mark.parametrize("language", ["", "/en", "/fr", "/rw"])
def test_every_language_has_it(client, basket, language):
    assert client.get(f"{language}{at(basket)}").status_code == 200
