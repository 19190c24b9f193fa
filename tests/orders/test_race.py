"""Two hundred buyers press the button on the last unit at once: one order, whatever the timing.

The control replaces the reservation by the obvious read-then-write, and must oversell: else this test proves nothing.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db.models import Sum

from accounts.models import Address, User
from catalog import stock
from catalog.models import Reservation, StockMovement, Variant
from logistics import quotes
from orders import placing
from orders.models import Order, OrderLine
from tests import cast
from tests.races import together

from .conftest import NOW, shelved

BUYERS = 200
# Each thread has a connection of its own, and Postgres has room for a hundred: forty serve five buyers each.
TILLS = 40
A_SECOND_LOOK = threading.Barrier(2)


@pytest.fixture
def last_basket(transactional_db) -> Variant:
    cast.reference()
    call_command("load_corridors", verbosity=0)
    return shelved(cast.basket(cast.shop(cast.person("Mukamana", language="rw"))), 1)


def crowd(variant: Variant, count: int) -> list:
    """Buyers with a quote in hand, ready to order."""
    ready = []
    for _number in range(count):
        buyer = cast.lin()
        quote = quotes.quote(buyer, [(variant, 1)], province_code="330000", now=NOW)
        ready.append((buyer, Address.objects.of(buyer)[0], quotes.terms(quote)))
    return ready


def rush(ready: list, *, at_once: int) -> list:
    """Each thread serves several buyers one after another; all threads start at the same instant."""
    answers = []

    def serve(index: int) -> None:
        for buyer, address, terms in ready[index::at_once]:
            answers.append(_try_to_place(buyer, address, terms))

    failures = [answer for answer in together(at_once, serve, patience=120) if isinstance(answer, BaseException)]
    assert not failures
    return answers


def _try_to_place(buyer: User, address: Address, terms) -> Order | Exception:
    try:
        return placing.place(buyer, terms=terms, address=address, orderer="张三", notes={}, language="zh-hans", now=NOW)
    except Exception as error:
        return error


def promised(variant: Variant) -> int:
    """Units in orders, counted from order lines: the counter looks right even after an oversell."""
    return OrderLine.objects.filter(variant=variant).aggregate(units=Sum("quantity"))["units"] or 0


def received(variant: Variant) -> int:
    return StockMovement.objects.filter(variant=variant, kind="receipt").aggregate(units=Sum("quantity"))["units"]


@pytest.mark.race
def test_two_hundred_checkouts_of_the_last_unit_sell_one(last_basket):
    answers = rush(crowd(last_basket, BUYERS), at_once=TILLS)
    assert len(answers) == BUYERS
    orders = [answer for answer in answers if isinstance(answer, Order)]
    assert len(orders) == Order.objects.count() == 1
    assert all(isinstance(answer, stock.OutOfStock) for answer in answers if answer not in orders)
    assert promised(last_basket) == received(last_basket) == 1
    last_basket.refresh_from_db()
    assert (last_basket.on_hand, last_basket.reserved) == (1, 1)


@pytest.mark.race
def test_twenty_units_make_twenty_orders(last_basket):
    stock.receive(last_basket, 19, actor="test")
    answers = rush(crowd(last_basket, 60), at_once=30)
    assert sum(isinstance(answer, Order) for answer in answers) == promised(last_basket) == 20


@pytest.mark.race
def test_the_control_oversells(last_basket, monkeypatch):
    monkeypatch.setattr(stock, "reserve", read_then_write)
    rush(crowd(last_basket, 20), at_once=20)
    assert promised(last_basket) > received(last_basket)


def read_then_write(variant: Variant, quantity: int, *, holder: str, until) -> None:
    """What everybody writes first: look, then take. Each looker waits for a second, so the race is sure."""
    fresh = Variant.objects.get(pk=variant.pk)
    if fresh.available < quantity:
        raise stock.OutOfStock(left=0, name="")
    with suppress(threading.BrokenBarrierError):
        A_SECOND_LOOK.wait(5)
    Reservation.objects.create(variant=fresh, quantity=quantity, holder=holder, expires_at=until)
    fresh.reserved += quantity
    fresh.save(update_fields=["reserved"])


@pytest.mark.race
def test_two_carts_in_opposite_order_never_wait_for_each_other(last_basket):
    seller = last_basket.product.seller
    others = [shelved(cast.coffee(seller), 100) for _ in range(2)]
    ready = []
    for number in range(40):
        buyer = cast.lin()
        lines = [(variant, 1) for variant in (others if number % 2 else others[::-1])]
        quote = quotes.quote(buyer, lines, province_code="330000", now=NOW)
        ready.append((buyer, Address.objects.of(buyer)[0], quotes.terms(quote)))
    assert all(isinstance(answer, Order) for answer in rush(ready, at_once=20))


@pytest.mark.race
def test_one_quote_sent_twenty_times_is_one_order(last_basket):
    stock.receive(last_basket, 50, actor="test")
    ((buyer, address, terms),) = crowd(last_basket, 1)
    answers = rush([(buyer, address, terms)] * 20, at_once=20)
    assert {answer.pk for answer in answers} == {Order.objects.get().pk}
    assert promised(last_basket) == 1
