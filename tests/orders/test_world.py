"""Anything may happen in any order: payments, answers, timers, returns. What must hold, holds after each step."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Address
from catalog import stock
from catalog.models import ExchangeRate, Reservation, StockMovement, Variant
from kernel.refusals import Refusal
from logistics import quotes
from orders import progress
from orders.models import Consignment, Order, OrderLine
from orders.placing import place
from tests import cast

from .conftest import NOW, shelved

C = Consignment.Status
SOLD = (C.TO_ACCEPT, C.ACCEPTED, C.PACKED, C.HANDED_OVER, C.DELIVERED, C.COMPLETED)
DEEDS = {
    "accept": lambda part, now: progress.accept(part, actor="shop", now=now),
    "decline": lambda part, now: progress.decline(part, reason="no", actor="shop", now=now),
    "call_off": lambda part, now: progress.call_off(part, actor="buyer", why="no", now=now),
    "pack": lambda part, now: progress.mark_packed(part, actor="shop", now=now),
    "hand_over": lambda part, now: progress.mark_handed_over(part, actor="shop", now=now),
    "deliver": lambda part, now: progress.mark_delivered(part, actor="carrier", now=now),
    "come_back": lambda part, now: progress.mark_returned(part, actor="carrier", now=now),
    "complete": lambda part, now: progress.complete(part, actor="buyer", now=now),
}
# The happy way, so that runs get far enough for things to go wrong late.
NEXT = {
    C.TO_ACCEPT: "accept",
    C.ACCEPTED: "pack",
    C.PACKED: "hand_over",
    C.HANDED_OVER: "deliver",
    C.DELIVERED: "complete",
}
numbers = st.integers(0, 50)


class World(RuleBasedStateMachine):
    """A buyer, two shops, few units, and a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.box = transaction.atomic()
        self.box.__enter__()
        self.now = NOW

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.box.__exit__(None, None, None)

    @initialize()
    def open_shops(self) -> None:
        self.buyer = cast.lin()
        self.address = Address.objects.of(self.buyer)[0]
        first, second = (cast.shop(cast.person(name, language="rw")) for name in ("Mukamana", "Uwase"))
        self.variants = [shelved(cast.basket(first), 6), shelved(cast.coffee(second), 7)]
        self.orders: list[Order] = []
        self.order(baskets=1, coffees=2)

    def attempt(self, deed, *args, **kwargs) -> None:
        with suppress(Refusal):
            deed(*args, **kwargs)

    @precondition(lambda self: len(self.orders) < 6)
    @rule(baskets=st.integers(0, 3), coffees=st.integers(0, 3))
    def order(self, baskets, coffees) -> None:
        lines = [(v, n) for v, n in zip(self.variants, (baskets, coffees), strict=True) if n]
        try:
            quote = quotes.quote(self.buyer, lines, province_code="330000", now=self.now)
            terms = quotes.terms(quote)
            placed = place(
                self.buyer, terms=terms, address=self.address, orderer="张三", notes={}, language="en", now=self.now
            )
        except Refusal:
            return
        if placed not in self.orders:
            self.orders.append(placed)

    @precondition(lambda self: self.orders)
    @rule(which=numbers)
    def pay(self, which) -> None:
        self.attempt(progress.mark_paid, self.orders[which % len(self.orders)], actor="stripe", now=self.now)

    @precondition(lambda self: self.orders)
    @rule(which=numbers)
    def cancel(self, which) -> None:
        order = self.orders[which % len(self.orders)]
        self.attempt(progress.cancel, order, actor="buyer", why="no", now=self.now)

    @precondition(lambda self: self.orders)
    @rule(which=numbers)
    def go_on(self, which) -> None:
        order = self.orders[which % len(self.orders)]
        self.attempt(progress.mark_paid, order, actor="stripe", now=self.now)
        for part in order.consignments.all():
            if deed := NEXT.get(C(part.status)):
                self.attempt(DEEDS[deed], part, self.now)

    @precondition(lambda self: self.orders)
    @rule(which=numbers, deed=st.sampled_from(sorted(DEEDS)))
    def act(self, which, deed) -> None:
        parts = list(Consignment.objects.order_by("pk"))
        self.attempt(DEEDS[deed], parts[which % len(parts)], self.now)

    @rule(minutes=st.sampled_from([5, 31, 24 * 60, 49 * 60, 11 * 24 * 60]))
    def wait(self, minutes) -> None:
        self.now += timedelta(minutes=minutes)
        ExchangeRate.objects.get_or_create(
            base="CNY", quote="RWF", source="tests", as_of=self.now.date(), defaults={"rate": cast.RATE}
        )
        for timer in (progress.expire_due, progress.auto_cancel_due, progress.complete_due, progress.remind_due):
            timer(now=self.now)

    @rule(which=st.integers(0, 1), units=st.integers(2, 8))
    def count_the_shelf(self, which, units) -> None:
        self.attempt(stock.set_on_hand, self.variants[which], units, actor="shop")

    @invariant()
    def the_shelf_is_right(self) -> None:
        for variant in Variant.objects.all():
            held = Reservation.objects.filter(variant=variant, status="active").aggregate(n=Sum("quantity"))["n"] or 0
            sold = (
                OrderLine.objects.filter(variant=variant, consignment__status__in=SOLD).aggregate(n=Sum("quantity"))[
                    "n"
                ]
                or 0
            )
            came = (
                StockMovement.objects.filter(variant=variant, kind__in=["receipt", "adjustment"]).aggregate(
                    n=Sum("quantity")
                )["n"]
                or 0
            )
            assert 0 <= variant.reserved == held <= variant.on_hand
            assert variant.on_hand == came - sold == stock.recount(variant)

    @invariant()
    def orders_agree_with_their_parts(self) -> None:
        for order in Order.objects.all():
            parts = {part.status for part in order.consignments.all()}
            active = Reservation.objects.filter(holder=f"order:{order.number}", status="active").exists()
            assert active == (order.status == "awaiting_payment")
            if order.status == "awaiting_payment":
                assert parts == {"awaiting_payment"}
            elif order.paid_at is None:
                assert parts == {"cancelled"}
            else:
                is_open = order.consignments.open().exists()
                assert {"paid": is_open, "closed": "completed" in parts and not is_open}.get(
                    order.status, parts <= set(Consignment.FALLEN)
                )

    @invariant()
    def steps_tell_the_whole_story(self) -> None:
        for thing in [*Order.objects.all(), *Consignment.objects.all()]:
            was = "awaiting_payment"
            for step in thing.steps:
                assert step.was == was
                assert step.now in thing.MOVES[was]
                was = step.now
            assert was == thing.status


def test_the_world_holds_together(reference):
    run_state_machine_as_test(
        World,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes, and twenty steps can be read
            suppress_health_check=list(HealthCheck),
        ),
    )
