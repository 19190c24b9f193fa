"""Checkout: the amount charged is the amount shown, agreed to, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Address, Consent
from catalog import stock
from kernel.money import Money
from logistics import quotes
from logistics.models import Quote
from orders import carts
from orders.models import Order
from payments.checkout import NotAgreed, Promise, TotalChanged, start
from payments.models import Payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cart(buyer, basket, coffee):
    cart = carts.of(buyer)
    carts.add(cart, basket, quantity=1)
    carts.add(carts.of(buyer), coffee, quantity=2)
    return carts.of(buyer)


@pytest.fixture
def quote(buyer, cart, now) -> Quote:
    return quotes.quote(buyer, carts.wanted(cart), province_code="330000", now=now)


@pytest.fixture
def said(buyer, quote) -> Promise:
    return Promise(
        quote_id=quote.pk,
        total=quote.total,
        address=Address.objects.of(buyer)[0],
        orderer="林夏",
        language="zh-hans",
        agreed=True,
        ip="203.0.113.7",
    )


def test_an_order_is_what_the_quote_said(buyer, said, quote, cart, now):
    payment = start(buyer, said, now=now)
    order = payment.order
    assert payment.amount == order.total == quote.total
    parts = list(order.consignments.all())
    assert sum(part.total_minor for part in parts) == order.total_minor
    assert carts.wanted(carts.of(buyer)) == []
    consent = Consent.objects.get(subject=f"order:{order.number}")
    assert consent.text_sha256 == consent.text.sha256
    assert consent.ip == "203.0.113.7"


def test_pressing_twice_orders_once(buyer, said, now):
    assert start(buyer, said, now=now).pk == start(buyer, said, now=now).pk
    assert Order.objects.count() == Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"agreed": False}, NotAgreed),
        ({"total": Money(1, "CNY")}, TotalChanged),
    ],
)
def test_a_refusal_changes_nothing(buyer, said, cart, now, wrong, refusal):
    with pytest.raises(refusal):
        start(buyer, replace(said, **wrong), now=now)
    assert not Order.objects.exists()
    assert not Consent.objects.exists()
    assert len(carts.wanted(carts.of(buyer))) == 2


def test_an_expired_quote_is_refused(buyer, said, now):
    with pytest.raises(quotes.QuoteExpired):
        start(buyer, said, now=now + timedelta(minutes=31))
    assert not Order.objects.exists()


def test_anothers_quote_is_unknown(other_buyer, said, now):
    with pytest.raises(quotes.QuoteGone):
        start(other_buyer, said, now=now)


def test_goods_that_went_meanwhile_are_refused(buyer, said, basket, now):
    stock.set_on_hand(basket, 0, actor="test")
    with pytest.raises(stock.OutOfStock):
        start(buyer, said, now=now)
    assert not Order.objects.exists()


# The page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client, buyer, cart):
    client.force_login(buyer)
    return client


def form_of(answer, **changes: object) -> dict[str, object]:
    form = answer.context["form"]
    data = {name: form[name].value() for name in ("quote", "total", "address", "orderer")}
    return {**data, "agree_notice": "on", **changes}


def test_the_page_shows_every_part_of_the_price(page):
    answer = page.get(reverse("payments:checkout"))
    quote = Quote.objects.get()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer.context["breakdown"].total == quote.total
    assert "消费者告知书" in answer.text


def test_ordering_leads_to_the_payment_page(page, outside, buyer):
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout"))))
    assert answer.status_code == 302
    assert answer["Location"].startswith(outside.url)
    assert Order.objects.of(buyer).count() == 1


def test_without_the_tick_nothing_is_ordered_and_the_form_is_kept(page):
    data = form_of(page.get(reverse("payments:checkout")), orderer="欧阳娜娜")
    del data["agree_notice"]
    answer = page.post(reverse("payments:checkout"), data)
    assert answer.status_code == 422
    assert "欧阳娜娜" in answer.text
    assert not Order.objects.exists()


@pytest.mark.parametrize("name", ["", "X", "=1+1", "林夏😀", "<script>", "a" * 60, "12345"])
def test_a_name_that_is_none_is_refused(page, name):
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout")), orderer=name))
    assert answer.status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "林夏", "Jean-Paul O'Brien"])
def test_real_names_are_taken(page, outside, name):
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout")), orderer=name))
    assert answer.status_code == 302
    assert Order.objects.get().orderer == name


def test_a_changed_total_in_the_form_is_refused(page):
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout")), total="1"))
    assert answer.status_code == 409
    assert not Order.objects.exists()


def test_after_half_an_hour_old_and_new_price_stand_side_by_side(page, settings):
    data = form_of(page.get(reverse("payments:checkout")))
    Quote.objects.update(expires_at=Quote.objects.get().created_at - timedelta(minutes=1))
    answer = page.post(reverse("payments:checkout"), data)
    assert answer.status_code == 409
    assert answer.context["old"].pk != answer.context["quote"].pk
    assert not Order.objects.exists()


@pytest.mark.parametrize("quote", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_quote_leads_back_to_a_fresh_one(page, quote):
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout")), quote=quote))
    assert answer.status_code == 302
    assert not Order.objects.exists()


def test_anothers_address_is_404(page, other_buyer):
    address = Address.objects.of(other_buyer)[0]
    data = form_of(page.get(reverse("payments:checkout")), address=address.pk)
    assert page.post(reverse("payments:checkout"), data).status_code == 404
    assert not Order.objects.exists()


def test_stripe_away_keeps_the_order_and_says_so(page, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    answer = page.post(reverse("payments:checkout"), form_of(page.get(reverse("payments:checkout"))), follow=True)
    assert answer.status_code == 200
    assert Order.objects.get().status == Order.Status.AWAITING_PAYMENT
    assert [str(message) for message in answer.context["messages"]]


def test_strangers_sign_in_first(client):
    answer = client.get(reverse("payments:checkout"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:sign_in"))


def test_another_buyers_order_is_404(client, other_buyer, order):
    client.force_login(other_buyer)
    for name in ("order", "returned"):
        assert client.get(reverse(f"payments:{name}", args=[order.number])).status_code == 404
    for name in ("pay", "cancel"):
        assert client.post(reverse(f"payments:{name}", args=[order.number])).status_code == 404
    part = order.consignments.all()[0]
    assert client.post(reverse("payments:call_off", args=[part.pk])).status_code == 404


def test_the_buyers_own_order_page_opens_in_every_state(client, buyer, order, paid, now):
    client.force_login(buyer)
    assert client.get(reverse("payments:order", args=[paid.number])).status_code == 200
