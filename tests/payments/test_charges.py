"""One order, one capture, whatever the number and order of callbacks."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Variant
from kernel import work
from kernel.money import Money
from orders import progress
from orders.models import Consignment, Order
from payments import charges, ledger
from payments.models import Payment, PaymentFact, Refund
from tests.races import together

from .conftest import page_of, placed

pytestmark = pytest.mark.django_db


def test_a_paid_page_makes_a_paid_order(order, outside, deliver):
    payment = page_of(order)
    assert payment.status == Payment.Status.REQUIRES_ACTION
    outside.pay(payment.session_id, method="alipay")
    deliver()
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status, payment.method) == ("paid", "captured", "alipay")
    assert set(order.consignments.values_list("status", flat=True)) == {Consignment.Status.TO_ACCEPT}
    assert ledger.balance(ledger.PROVIDER_CASH, "CNY") == order.total
    assert ledger.balance(ledger.ESCROW, "CNY") == -order.total
    assert ledger.out_of_balance() == []


def test_opening_the_page_twice_asks_for_one_page(order, outside):
    first, second = page_of(order), page_of(order)
    assert first.pk == second.pk
    assert first.session_id == second.session_id


def test_a_lost_answer_of_stripe_still_makes_one_page(order, outside):
    payment = charges.begin(order, now=timezone.now())
    outside.break_next_call("stripe", "lose")
    try:
        charges.open_page(payment)
    except charges.PaymentUnavailable:
        charges.open_page(payment)
    assert outside.world.store.count("session") == 1


def test_stripe_away_keeps_the_order(order, outside):
    payment = charges.begin(order, now=timezone.now())
    for _try in range(2):  # the client itself tries once more
        outside.break_next_call("stripe", "refuse")
    outside.close()
    with pytest.raises(charges.PaymentUnavailable):
        charges.open_page(payment)
    order.refresh_from_db()
    assert order.status == Order.Status.AWAITING_PAYMENT


def test_webhooks_in_every_order_and_twice_capture_once(buyer, basket, outside, client, now):
    """The set of end states over all orders of delivery has one member."""
    ends = set()
    for turn in itertools.permutations(range(3)):
        order = placed(buyer, [(basket, 1)], now=now)
        payment = page_of(order)
        outside.pay(payment.session_id, method="card")
        waiting = outside.waiting()
        outside.hand_over(lambda *_webhook: 200)
        for index in [*turn, *turn]:
            path, body, headers = waiting[index % len(waiting)]
            assert client.post(path, body, content_type="application/json", headers=headers).status_code == 200
            work.run_due()
        order.refresh_from_db()
        payment.refresh_from_db()
        ends.add((order.status, payment.status, payment.facts.filter(kind="captured").count(), payment.method))
    assert len(ends) == 1
    assert next(iter(ends))[:3] == ("paid", "captured", 1)


def test_the_buyers_return_confirms_without_any_webhook(order, outside):
    payment = page_of(order)
    outside.pay(payment.session_id, method="wechat_pay")
    assert charges.look(payment, now=timezone.now())
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_a_refused_card_leaves_the_order_open_for_another_try(order, outside, deliver):
    first = page_of(order)
    outside.fail(first.session_id, method="card")
    deliver()
    first.refresh_from_db()
    order.refresh_from_db()
    assert (first.status, order.status) == (Payment.Status.FAILED, Order.Status.AWAITING_PAYMENT)
    second = page_of(order)
    outside.pay(second.session_id, method="alipay")
    deliver()
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_paying_two_pages_captures_twice_and_gives_one_back(order, outside, deliver):
    first = page_of(order)
    outside.fail(first.session_id, method="card")
    deliver()
    second = page_of(order)
    outside.pay(second.session_id, method="alipay")
    outside.pay(first.session_id, method="card")
    deliver()
    outside.settle_all()
    deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (order.total, "paid already")
    assert ledger.balance(ledger.ESCROW, "CNY") == -order.total


def test_money_after_the_hold_takes_the_goods_again_if_they_are_there(order, outside, deliver, now):
    payment = page_of(order)
    progress.expire_due(now=now + timedelta(minutes=31))
    order.refresh_from_db()
    assert order.status == Order.Status.EXPIRED
    outside.pay(payment.session_id, method="alipay")
    deliver()
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_money_after_the_goods_are_gone_goes_back_by_itself(buyer, other_buyer, last_basket, outside, deliver, now):
    late = placed(buyer, [(last_basket, 1)], now=now)
    payment = page_of(late)
    progress.expire_due(now=now + timedelta(minutes=31))
    placed(other_buyer, [(last_basket, 1)], now=now)
    outside.pay(payment.session_id, method="alipay")
    deliver()
    outside.settle_all()
    deliver()
    late.refresh_from_db()
    refund = Refund.objects.get()
    assert late.status == Order.Status.EXPIRED
    assert (refund.status, refund.amount, refund.reason) == ("succeeded", late.total, "sold out meanwhile")
    assert not ledger.balance(ledger.ESCROW, "CNY")
    assert Variant.objects.get(pk=last_basket.pk).reserved == 1


def test_money_for_a_cancelled_order_goes_back(order, outside, deliver, now):
    payment = page_of(order)
    waiting_session = payment.session_id
    charges.call_off(order, actor="test", why="changed mind", now=now)
    outside.pay(waiting_session, method="alipay")
    deliver()
    outside.settle_all()
    deliver()
    assert Refund.objects.get().status == Refund.Status.SUCCEEDED
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


def test_calling_off_closes_the_payment_page(order, outside, now):
    payment = page_of(order)
    charges.call_off(order, actor="test", why="changed mind", now=now)
    work.run_due()
    assert outside.session(payment.session_id)["status"] == "expired"


def test_another_amount_goes_back(order, now):
    payment = charges.begin(order, now=now)
    charges.confirm(payment.pk, intent_id="pi_1", amount=order.total - Money(1, "CNY"), method="card", now=now)
    order.refresh_from_db()
    assert order.status == Order.Status.AWAITING_PAYMENT
    assert Refund.objects.get().amount == order.total - Money(1, "CNY")


def test_a_paid_order_cannot_begin_another_payment(paid, now):
    with pytest.raises(charges.NotPayable):
        charges.begin(paid, now=now)


def test_a_page_that_could_not_be_opened_in_time_gives_way_to_a_new_one(order, outside, now):
    """Stripe refuses a page that closes in less than thirty minutes."""
    never_opened = charges.begin(order, now=now - timedelta(minutes=2))
    assert charges.begin(order, now=now - timedelta(minutes=2)) == never_opened
    fresh = charges.begin(order, now=now)
    assert fresh != never_opened
    assert charges.open_page(fresh)
    assert charges.begin(order, now=now + timedelta(minutes=5)) == fresh


def test_a_page_survives_a_refused_card(order, outside, deliver, now):
    payment = page_of(order)
    outside.fail(payment.session_id, method="card")
    deliver()
    outside.pay(payment.session_id, method="card")
    outside.hand_over(lambda *_webhook: 200)  # and the good news is lost
    charges.look_at_waiting(now=now + timedelta(minutes=5))
    work.run_due()
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_looking_while_stripe_is_away_parks_nothing(order, outside, now):
    payment = page_of(order)
    outside.close()
    charges.check(payment_id=str(payment.pk))
    payment.refresh_from_db()
    assert payment.status == Payment.Status.REQUIRES_ACTION


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_callers_at_once_capture_once(order, now):
    payment = charges.begin(order, now=now)

    def call(_index: int) -> bool:
        return charges.confirm(payment.pk, intent_id="pi_race", amount=order.total, method="card", now=now)

    answers = together(8, call)
    assert sorted(answers, key=str) == [False] * 7 + [True]
    assert PaymentFact.objects.filter(kind="captured").count() == 1
    assert ledger.balance(ledger.PROVIDER_CASH, "CNY") == order.total
    assert not Refund.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_tabs_begin_one_payment(order, now):
    answers = together(6, lambda _index: charges.begin(order, now=now).pk)
    assert len(set(answers)) == 1
