"""Nobody sells the same unit twice, and every unit can be accounted for."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from catalog import stock
from catalog.models import Reservation, StockMovement, Variant
from tests import cast
from tests.races import together

SOON = cast.NOW + dt.timedelta(minutes=30)


def hold(variant, quantity=1, holder="order:1"):
    return stock.reserve(variant, quantity, holder=holder, until=SOON)


def test_a_reservation_holds_units_back(basket):
    hold(basket, 3)
    basket.refresh_from_db()
    assert (basket.on_hand, basket.reserved, basket.available) == (10, 3, 7)


def test_reserving_twice_for_one_holder_holds_once(basket):
    assert hold(basket, 3) == hold(basket, 3)
    basket.refresh_from_db()
    assert basket.reserved == 3


def test_more_than_there_is_is_refused_and_holds_nothing(basket):
    hold(basket, 8)
    with pytest.raises(stock.OutOfStock) as no:
        hold(basket, 3, holder="order:2")
    assert no.value.details["left"] == 2
    assert not Reservation.objects.filter(holder="order:2").exists()


def test_paying_sells_once(basket):
    hold(basket, 2)
    assert stock.convert("order:1", now=cast.NOW) == 1
    assert stock.convert("order:1", now=cast.NOW) == 0
    basket.refresh_from_db()
    assert (basket.on_hand, basket.reserved, basket.sold) == (8, 0, 2)
    assert StockMovement.objects.get(holder="order:1").quantity == -2


def test_letting_go_frees_once(basket):
    hold(basket, 2)
    assert stock.release("order:1", why="expired") == 1
    assert stock.release("order:1", why="expired") == 0
    basket.refresh_from_db()
    assert (basket.on_hand, basket.reserved) == (10, 0)
    assert Reservation.objects.get().status == Reservation.Status.EXPIRED


def test_late_money_takes_the_units_again(basket):
    hold(basket, 4)
    stock.release("order:1", why="expired")
    assert stock.take_again("order:1", until=SOON) == 1
    basket.refresh_from_db()
    assert basket.reserved == 4


def test_late_money_takes_all_lines_or_none(basket, coffee):
    hold(basket, 4)
    hold(coffee, 4)
    stock.release("order:1", why="expired")
    hold(coffee, 50, holder="order:2")
    with pytest.raises(stock.OutOfStock):
        stock.take_again("order:1", until=SOON)
    basket.refresh_from_db()
    assert basket.reserved == 0


def test_a_fallen_sale_is_put_back_once(basket):
    hold(basket, 2)
    stock.convert("order:1", now=cast.NOW)
    assert stock.put_back("order:1", basket, 2, actor="timer") is True
    assert stock.put_back("order:1", basket, 2, actor="timer") is False
    basket.refresh_from_db()
    assert (basket.on_hand, basket.sold) == (10, 0)


def test_the_seller_cannot_count_below_what_is_promised(basket):
    hold(basket, 5)
    with pytest.raises(stock.StockIsPromised):
        stock.set_on_hand(basket, 4, actor="user:1")
    assert stock.set_on_hand(basket, 5, actor="user:1") == -5
    assert basket.available == 0


def test_the_database_refuses_what_code_might_forget(basket):
    for wrong in ({"on_hand": -1}, {"reserved": 11}, {"reserved": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Variant.objects.filter(pk=basket.pk).update(**wrong)


def test_movements_are_never_rewritten(basket):
    stock.receive(basket, 1, actor="user:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMovement.objects.update(quantity=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMovement.objects.all().delete()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_hundred_want_the_last_one_and_one_gets_it(last_basket):
    got = []
    for turn in range(5):
        got += together(40, lambda n, turn=turn: hold(last_basket, holder=f"order:{turn}-{n}"))
    assert sum(isinstance(answer, Reservation) for answer in got) == 1
    assert sum(isinstance(answer, stock.OutOfStock) for answer in got) == 199
    last_basket.refresh_from_db()
    assert (last_basket.on_hand, last_basket.reserved) == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_guard_it_oversells(basket):
    """The control: reading first and writing then sells the same unit to many."""

    def careless(_n):
        left = Variant.objects.get(pk=basket.pk).available
        if left < 10:
            return False
        Variant.objects.filter(pk=basket.pk).update(sold=F("sold") + 10)
        return True

    assert sum(answer is True for answer in together(40, careless)) > 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_payment_told_by_many_sells_once(basket):
    hold(basket, 3)
    together(20, lambda _n: stock.convert("order:1", now=cast.NOW))
    together(20, lambda _n: stock.put_back("order:1", basket, 3, actor="timer"))
    basket.refresh_from_db()
    assert (basket.on_hand, basket.reserved) == (10, 0)
    assert StockMovement.objects.filter(holder="order:1").count() == 2


class Shelf(RuleBasedStateMachine):
    """Any order of deeds by four holders, against a model that is plain arithmetic."""

    HOLDERS = st.sampled_from(["a", "b", "c", "d"])

    def __init__(self):
        super().__init__()
        self.variant = cast.basket(cast.shop(cast.person("Weaver")), stock=0)
        self.on_hand, self.held, self.bought = 0, {}, {}

    @rule(units=st.integers(1, 5))
    def receive(self, units):
        stock.receive(self.variant, units, actor="test")
        self.on_hand += units

    @rule(holder=HOLDERS, units=st.integers(1, 4))
    def reserve(self, holder, units):
        known = holder in self.held or holder in self.bought
        try:
            got = stock.reserve(self.variant, units, holder=self.named(holder), until=SOON)
        except stock.OutOfStock:
            assert not known
            assert sum(self.held.values()) + 1 <= self.on_hand + units
        else:
            if not known:
                self.held[holder] = got.quantity
        assert sum(self.held.values()) <= self.on_hand

    @rule(holder=HOLDERS)
    def convert(self, holder):
        sold = stock.convert(self.named(holder), now=cast.NOW)
        assert sold == (holder in self.held)
        if holder in self.held:
            self.bought[holder] = self.held.pop(holder)
            self.on_hand -= self.bought[holder]

    @rule(holder=HOLDERS)
    def release(self, holder):
        assert stock.release(self.named(holder), why="test") == (holder in self.held)
        self.held.pop(holder, None)

    @rule(units=st.integers(0, 6))
    def count(self, units):
        try:
            stock.set_on_hand(self.variant, units, actor="test")
        except stock.StockIsPromised:
            assert units < sum(self.held.values())
        else:
            self.on_hand = units

    @invariant()
    def the_counters_are_right(self):
        now = Variant.objects.get(pk=self.variant.pk)
        assert (now.on_hand, now.reserved) == (self.on_hand, sum(self.held.values()))
        assert stock.recount(now) == now.on_hand
        assert now.sold == sum(self.bought.values())

    def named(self, holder):
        return f"{self.variant.pk}:{holder}"


class TestShelf(TestCase):
    """Runs the state machine, each example in a transaction of its own."""

    def setUp(self):
        cast.reference()

    def test_any_order_of_deeds(self):
        with transaction.atomic():
            run_state_machine_as_test(
                Shelf,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=20,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
