"""Money goes back once for each cause, never more than came, and the promise survives the network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kernel import work
from kernel.lifecycle import IllegalMove
from kernel.money import Money
from marketplace import invariants
from orders import progress
from orders.models import Consignment
from payments import earnings, ledger, payouts, refunds
from payments.models import Earning, Payment, Refund
from tests.races import together

from .conftest import completed, page_of

pytestmark = pytest.mark.django_db


def first_part(order) -> Consignment:
    return order.consignments.order_by("pk")[0]


def test_a_declined_part_goes_back_and_the_rest_stays(paid, outside, deliver, now):
    part = first_part(paid)
    refunds.decline(part, reason="sold_out", actor="test", now=now)
    work.run_due()
    outside.settle_all()
    deliver()
    refund = Refund.objects.get()
    payment = Payment.objects.get()
    assert (refund.status, refund.amount) == (Refund.Status.SUCCEEDED, part.total)
    assert payment.status == Payment.Status.PARTIALLY_REFUNDED
    assert ledger.balance(ledger.ESCROW, "CNY") == part.total - paid.total
    assert ledger.out_of_balance() == []


def test_declining_both_parts_refunds_the_payment_whole(paid, outside, deliver, now):
    for part in paid.consignments.all():
        refunds.decline(part, reason="sold_out", actor="test", now=now)
    work.run_due()
    outside.settle_all()
    deliver()
    assert Payment.objects.get().status == Payment.Status.REFUNDED
    assert not ledger.balance(ledger.ESCROW, "CNY")
    assert not ledger.balance(ledger.PROVIDER_CASH, "CNY")
    paid.refresh_from_db()
    assert paid.status == "cancelled"


def test_the_48_hour_timer_ends_in_a_refund(paid, outside, deliver, now):
    progress.auto_cancel_due(now=now + timedelta(hours=48, minutes=1))
    refunds.promise_for_fallen(now=now)
    refunds.promise_for_fallen(now=now)
    work.run_due()
    outside.settle_all()
    deliver()
    assert Refund.objects.count() == 2
    assert set(Refund.objects.values_list("status", flat=True)) == {"succeeded"}
    assert not ledger.balance(ledger.ESCROW, "CNY")


def test_the_buyer_calls_off_until_it_is_handed_over(paid, now):
    part = first_part(paid)
    refunds.call_off(part, actor="test", why="changed mind", now=now)
    assert Refund.objects.get().amount == part.total
    other = paid.consignments.order_by("pk")[1]
    for deed in (progress.accept, progress.mark_packed, progress.mark_handed_over):
        deed(other, actor="test", now=now)
    with pytest.raises(IllegalMove):
        refunds.call_off(other, actor="test", why="too late", now=now)
    assert Refund.objects.count() == 1


def test_more_than_is_left_is_refused_and_changes_nothing(paid, now):
    payment = Payment.objects.get()
    refunds.promise(payment, paid.total - Money(100, "CNY"), cause="a", reason="test", now=now)
    with pytest.raises(refunds.TooMuch):
        refunds.promise(payment, Money(101, "CNY"), cause="b", reason="test", now=now)
    assert refunds.refundable(payment) == Money(100, "CNY")


def test_a_lost_answer_still_refunds_once(paid, outside, now):
    refunds.call_off(first_part(paid), actor="test", why="x", now=now)
    outside.break_next_call("stripe", "lose")
    work.run_due(timezone.now(), raise_errors=False)
    work.run_due(timezone.now() + timedelta(minutes=10), raise_errors=False)
    assert outside.world.store.count("refund") == 1
    assert Refund.objects.get().status in {Refund.Status.SENT, Refund.Status.SUCCEEDED}


def test_a_refund_that_stripe_refuses_is_seen_not_lost(paid, now):
    Payment.objects.update(intent_id="pi_unknown")
    refunds.call_off(first_part(paid), actor="test", why="x", now=now)
    work.run_due()
    refund = Refund.objects.get()
    assert (refund.status, refund.failure) == (Refund.Status.FAILED, "resource_missing")


def test_a_refund_after_the_payout_becomes_a_debt(paid, now):
    part = first_part(paid)
    completed(part, now=now)
    earnings.release_completed(now=now)
    Earning.objects.get(consignment=part).move(Earning.Status.PAID, actor="test")
    Consignment.objects.filter(pk=part.pk).update(status=Consignment.Status.RETURNED)
    part.refresh_from_db()
    refunds.give_back(part, now=now)
    debt = Earning.objects.get(consignment=part, kind="clawback")
    assert debt.amount == -part.receive
    assert earnings.balances(part.seller)["ready"] == -part.receive
    assert ledger.out_of_balance() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_promises_at_once_never_overdraw(paid, now):
    payment = Payment.objects.get()
    part = Money(paid.total.minor * 2 // 5, "CNY")

    def promise(index: int) -> Refund:
        return refunds.promise(payment, part, cause=f"race:{index}", reason="test", now=now)

    answers = together(4, promise)
    assert sum(isinstance(answer, Refund) for answer in answers) == 2
    assert sum(isinstance(answer, refunds.TooMuch) for answer in answers) == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_cause_refunds_once_whoever_asks(paid, now):
    part = first_part(paid)
    progress.decline(part, reason="sold_out", actor="test", now=now)
    part.refresh_from_db()
    answers = together(6, lambda _index: refunds.give_back(part, now=now).pk)
    assert len(set(answers)) == 1
    assert Refund.objects.count() == 1


def test_money_of_a_second_page_never_stands_for_the_order(order, outside, deliver, now):
    """The earlier attempt is paid last and goes back; what falls is given back from the one that the order took."""
    first = page_of(order)
    outside.fail(first.session_id, method="card")
    deliver()
    second = page_of(order)
    outside.pay(second.session_id, method="card")
    outside.pay(first.session_id, method="card")
    deliver()
    refund = refunds.decline(first_part(order), reason="sold_out", actor="test", now=now)
    assert refund is not None
    assert refund.payment_id == second.pk


def test_one_that_cannot_be_given_back_does_not_stop_the_rest(paid, now, monkeypatch):
    for part in paid.consignments.all():
        progress.decline(part, reason="sold_out", actor="test", now=now)
    really, poor = refunds.give_back, first_part(paid).pk

    def give_back(consignment, *, now):
        if consignment.pk == poor:
            raise RuntimeError("broken")
        return really(consignment, now=now)

    monkeypatch.setattr(refunds, "give_back", give_back)
    refunds.promise_for_fallen(now=now)
    assert Refund.objects.count() == 1


def test_a_refund_that_comes_back_is_seen_and_can_be_sent_anew(paid, outside, deliver, now):
    part = first_part(paid)
    refunds.decline(part, reason="sold_out", actor="test", now=now)
    work.run_due()
    refund = Refund.objects.get()
    outside.settle_refund(refund.provider_id, "failed")
    deliver()
    refund.refresh_from_db()
    assert refund.status == Refund.Status.FAILED
    assert refund.failure
    assert Payment.objects.get().status == Payment.Status.CAPTURED
    assert ledger.balance(ledger.ESCROW, "CNY") == -paid.total
    assert list(invariants.breaches()) == []

    was = refund.provider_id
    refund.move(Refund.Status.PROMISED, actor="staff")
    refunds.send(refund_id=str(refund.pk))
    refund.refresh_from_db()
    assert (refund.status, refund.provider_id == was) == (Refund.Status.SENT, False)
    assert not refunds.settle(refund.pk, provider_id=was, now=now)
    outside.settle_all()
    deliver()
    refund.refresh_from_db()
    assert refund.status == Refund.Status.SUCCEEDED
    assert Payment.objects.get().status == Payment.Status.PARTIALLY_REFUNDED
    assert ledger.balance(ledger.ESCROW, "CNY") == part.total - paid.total
    assert list(invariants.breaches()) == []


def test_stripes_news_may_come_before_its_answer(paid, now, monkeypatch):
    refunds.decline(first_part(paid), reason="sold_out", actor="test", now=now)
    refund = Refund.objects.get()

    def settled_meanwhile(**_asked):
        refunds.settle(refund.pk, provider_id="re_1", now=now)
        return "re_1"

    monkeypatch.setattr(refunds.gateway, "refund", settled_meanwhile)
    refunds.send(refund_id=str(refund.pk))
    refund.refresh_from_db()
    assert (refund.status, refund.provider_id) == (Refund.Status.SUCCEEDED, "re_1")


def test_what_falls_while_its_payout_is_on_the_way_becomes_a_debt(paid, now):
    part = first_part(paid)
    completed(part, now=now)
    earnings.release_completed(now=now)
    payout = payouts.schedule(part.seller, now=now)
    Consignment.objects.filter(pk=part.pk).update(status=Consignment.Status.RETURNED)
    part.refresh_from_db()
    refunds.give_back(part, now=now)
    assert payouts.settle(payout, provider_id="1", now=now)
    assert earnings.balances(part.seller)["ready"] == -part.receive
    assert ledger.out_of_balance() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_refunds_of_one_payment_sent_at_once_refund_it_whole(paid, now, monkeypatch):
    promised = [refunds.decline(part, reason="x", actor="test", now=now) for part in paid.consignments.all()]
    monkeypatch.setattr(refunds.gateway, "refund", lambda *, reference, **_asked: f"re_{reference}")
    answers = together(2, lambda index: refunds.send(refund_id=str(promised[index].pk)))
    assert answers == [None, None]
    assert Payment.objects.get().status == Payment.Status.REFUNDED
