"""Placing: the terms are frozen, the stock is held, one quote makes one order."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from accounts.models import Address
from catalog import stock
from catalog.models import Reservation, Variant
from logistics import quotes
from orders import carts, limits, placing
from orders.models import Order, OrderLine, PlannedParcel, TaxLine
from tests import cast

from .conftest import NOW

pytestmark = pytest.mark.django_db


def place(buyer, quote, **given):
    return placing.place(
        buyer,
        terms=quotes.terms(quote),
        address=Address.objects.of(buyer)[0],
        **{"orderer": "张三", "notes": {}, "language": "zh-hans", "now": NOW, **given},
    )


def test_it_splits_by_shop_and_adds_up(lin, basket, coffee, order_of):
    order = order_of(lin, [(basket, 2), (coffee, 3)])
    parts = list(order.consignments.order_by("pk"))
    assert len(parts) == 2
    assert order.total.minor == sum(part.total.minor for part in parts)
    assert order.goods_minor == basket.price_minor * 2 + coffee.price_minor * 3
    for part in parts:
        parcels = list(part.planned_parcels.all())
        assert part.freight_minor == sum(parcel.freight_minor for parcel in parcels)
        taxes = [tax for parcel in parcels for tax in parcel.tax_lines.all()]
        assert part.tax_minor == sum(tax.due_minor for tax in taxes)
        assert sum(tax.quantity for tax in taxes) == sum(line.quantity for line in part.lines.all())
    assert {part.receive_rwf_minor for part in parts} == {2 * 24000, 3 * 9500}
    assert order.number.isdigit()
    assert len(order.number) == 18
    assert order.number.startswith("261123160000")  # 16:00 in Beijing


def test_it_holds_the_stock_for_thirty_minutes(lin, basket, order_of):
    order = order_of(lin, [(basket, 4)])
    held = Reservation.objects.get(holder=f"order:{order.number}")
    assert (held.quantity, held.status, held.expires_at) == (4, "active", order.pay_by)
    assert Variant.objects.get(pk=basket.pk).available == 6


def test_one_quote_makes_one_order(lin, basket):
    quote = quotes.quote(lin, [(basket, 1)], province_code="330000", now=NOW)
    assert place(lin, quote) == place(lin, quote)
    assert Order.objects.count() == 1
    assert Variant.objects.get(pk=basket.pk).reserved == 1


def test_nobody_orders_by_anothers_quote(lin, basket):
    quote = quotes.quote(lin, [(basket, 1)], province_code="330000", now=NOW)
    place(lin, quote)
    with pytest.raises(placing.NotYourQuote):
        place(cast.lin(), quote)


def test_the_quoted_price_is_honoured(lin, basket):
    quote = quotes.quote(lin, [(basket, 1)], province_code="330000", now=NOW)
    Variant.objects.filter(pk=basket.pk).update(price_minor=99_900, receive_rwf_minor=90_000)
    order = place(lin, quote)
    assert order.total == quote.total
    line = order.consignments.get().lines.get()
    assert (line.unit_price_minor, line.unit_receive_rwf_minor) == (basket.price_minor, 24_000)


def test_what_left_the_shelf_or_the_shop_is_refused(lin, basket, coffee):
    quote = quotes.quote(lin, [(basket, 2), (coffee, 1)], province_code="330000", now=NOW)
    stock.set_on_hand(basket, 1, actor="test")
    with pytest.raises(stock.OutOfStock):
        place(lin, quote)
    coffee.product.move("paused", actor="test")
    with pytest.raises(limits.NotOnSale):
        place(lin, quote)
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    assert Variant.objects.get(pk=coffee.pk).reserved == 0


def test_it_takes_what_was_ordered_out_of_the_cart(lin, basket, coffee, order_of):
    cart = carts.of(lin)
    carts.add(cart, basket, quantity=1)
    carts.add(carts.of(lin), coffee, quantity=1)
    order_of(lin, [(basket, 1)])
    assert [line.variant for line in carts.check(carts.of(lin))] == [coffee]


def test_a_taken_number_is_tried_again(lin, basket, coffee, order_of, monkeypatch):
    first = order_of(lin, [(basket, 1)])
    numbers = iter([first.number, first.number, "1" * 18])
    monkeypatch.setattr(placing, "_number", lambda now: next(numbers))
    assert order_of(lin, [(coffee, 1)]).number == "1" * 18


def test_the_note_is_kept_with_its_shop(lin, basket, shop):
    quote = quotes.quote(lin, [(basket, 1)], province_code="330000", now=NOW)
    order = place(lin, quote, notes={shop.pk: " 请包好 " + "长" * 60})
    assert order.consignments.get().buyer_note == "请包好 " + "长" * 46


@pytest.mark.parametrize(
    "change",
    [
        lambda order: Order.objects.filter(pk=order.pk).update(rwf_per_cny=1),
        lambda order: Order.objects.filter(pk=order.pk).update(
            goods_minor=1, total_minor=F("total_minor") - order.goods_minor + 1
        ),
        lambda order: order.consignments.update(receive_rwf_minor=1),
        lambda order: OrderLine.objects.update(unit_price_minor=1),
        lambda order: TaxLine.objects.update(due_minor=0),
        lambda order: PlannedParcel.objects.all().delete(),
    ],
    ids=["rate", "amounts", "receive", "line", "tax", "parcel"],
)
def test_the_database_refuses_to_change_a_promise(lin, basket, order_of, change):
    order = order_of(lin, [(basket, 1)])
    with pytest.raises(DatabaseError), transaction.atomic():
        change(order)


def test_a_total_that_does_not_add_up_is_refused(lin, basket, order_of):
    order = order_of(lin, [(basket, 1)])
    order.pk, order.number, order.quote_id, order._state.adding = None, "2" * 18, uuid4(), True
    order.total_minor += 1
    with pytest.raises(DatabaseError), transaction.atomic():
        order.save(force_insert=True)
