"""A seller's money: ready when the buyer has the goods, sent once, and never lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Message
from kernel import work
from kernel.money import Money
from orders import progress
from payments import earnings, ledger, payouts
from payments.models import Earning, Payout
from sellers.models import Seller
from tests import cast
from tests.races import together

from .conftest import completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(paid, shop, now):
    """Mukamana's part of the order, received by the buyer, its money ready."""
    part = paid.consignments.get(seller=shop)
    completed(part, now=now)
    earnings.release_completed(now=now)
    return part


def test_a_sale_waits_until_the_buyer_has_the_goods(paid, shop, now):
    earnings.expect_for_paid(now=now)
    balances = earnings.balances(shop)
    assert balances["waiting"] == paid.consignments.get(seller=shop).receive
    assert not balances["ready"]


def test_a_completed_sale_is_ready_and_booked_to_the_franc_and_the_fen(sold, shop, now):
    earnings.release_completed(now=now)
    assert earnings.balances(shop)["ready"] == sold.receive
    assert ledger.balance(ledger.SELLER_PAYABLE, "RWF", seller=shop) == -sold.receive
    assert ledger.balance(ledger.FREIGHT_PAYABLE, "CNY") == -sold.freight
    assert ledger.balance(ledger.TAX_PAYABLE, "CNY") == -sold.tax
    assert ledger.balance(ledger.REVENUE, "CNY") < Money(0, "CNY")
    assert ledger.out_of_balance() == []


def test_a_payout_reaches_the_phone_and_is_told(sold, shop, outside, now):
    payouts.schedule_ready(now=now)
    payout = Payout.objects.get()
    work.run_due()
    outside.set_payout(str(payout.pk), "SUCCESSFUL")
    payouts.ask(payout_id=str(payout.pk))
    payouts.ask(payout_id=str(payout.pk))
    payout.refresh_from_db()
    assert (payout.status, payout.amount) == (Payout.Status.PAID, sold.receive)
    assert outside.payout(str(payout.pk))["amount"] == str(sold.receive.minor)
    assert not ledger.balance(ledger.SELLER_PAYABLE, "RWF", seller=shop)
    assert Message.objects.filter(kind="payout_paid", channel="sms").count() == 1


def test_a_lost_answer_of_the_wallet_company_sends_once(sold, outside, now):
    payout = payouts.schedule(sold.seller, now=now)
    outside.break_next_call("momo", "lose")
    work.run_due(timezone.now(), raise_errors=False)
    work.run_due(timezone.now() + timedelta(hours=2), raise_errors=False)
    assert outside.world.store.count("transfer") == 1
    payout.refresh_from_db()
    assert payout.status in {Payout.Status.PROCESSING, Payout.Status.PAID}


def test_a_failed_payout_keeps_the_money_for_the_seller(sold, shop, outside, now):
    payout = payouts.schedule(shop, now=now)
    work.run_due()
    outside.set_payout(str(payout.pk), "FAILED", "PAYEE_NOT_FOUND")
    payouts.ask(payout_id=str(payout.pk))
    payout.refresh_from_db()
    assert (payout.status, payout.failure) == (Payout.Status.FAILED, "PAYEE_NOT_FOUND")
    assert earnings.balances(shop)["held"] == sold.receive
    payouts.schedule_ready(now=now)
    assert Payout.objects.count() == 1, "the same number would fail again each minute"
    assert payouts.free(shop, actor="test", why="number mended") == 1
    again = payouts.schedule(shop, now=now)
    assert again.amount == sold.receive
    assert again.pk != payout.pk


def test_a_transfer_without_a_final_answer_is_looked_at_by_a_person_after_a_day(sold, outside, now):
    payout = payouts.schedule(sold.seller, now=now)
    work.run_due()
    payouts.ask_about_open(now=now + timedelta(hours=25))
    payout.refresh_from_db()
    assert payout.status == Payout.Status.AWAITING_MANUAL


def test_asking_while_the_wallet_company_is_away_parks_nothing(sold, outside, now):
    payout = payouts.schedule(sold.seller, now=now)
    payouts.send(payout_id=str(payout.pk))
    outside.close()
    payouts.ask(payout_id=str(payout.pk))
    payout.refresh_from_db()
    assert payout.status == Payout.Status.PROCESSING


def test_a_part_that_fell_earns_nothing(paid, shop, now):
    progress.decline(paid.consignments.get(seller=shop), reason="sold_out", actor="test", now=now)
    earnings.expect_for_paid(now=now)
    assert not Earning.objects.filter(seller=shop).exists()
    assert Earning.objects.count() == 1


def test_too_little_is_not_sent(shop, now):
    with pytest.raises(payouts.NothingToPay):
        payouts.schedule(shop, now=now)
    assert not Payout.objects.exists()


def test_a_suspended_shops_money_waits_for_staff(sold, shop, now):
    shop.move(Seller.Status.SUSPENDED, actor="test")
    payouts.schedule_ready(now=now)
    with pytest.raises(payouts.NotNow):
        payouts.schedule(shop, now=now)
    assert not Payout.objects.exists()
    assert earnings.balances(shop)["ready"] == sold.receive


def test_a_debt_is_settled_by_the_next_payout(sold, shop, now):
    Earning.objects.create(
        seller=shop,
        consignment=sold,
        kind="clawback",
        amount_rwf_minor=-5000,
        status=Earning.Status.AVAILABLE,
        created_at=now,
    )
    assert payouts.schedule(shop, now=now).amount == sold.receive - Money(5000, "RWF")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_runs_at_once_pay_once(sold, shop, now):
    answers = together(8, lambda _index: payouts.schedule(shop, now=now))
    assert sum(isinstance(answer, Payout) for answer in answers) == 1
    assert sum(isinstance(answer, payouts.NothingToPay) for answer in answers) == 7


@pytest.mark.parametrize(("may", "decides"), [(["view_payout", "change_payout"], True), (["view_payout"], False)])
def test_looking_at_payouts_is_not_deciding(sold, client, now, may, decides):
    payout = payouts.schedule(sold.seller, now=now)
    payout.move(Payout.Status.AWAITING_MANUAL)
    staff = cast.person("Kamanzi", language="en", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(staff)
    client.post("/admin/payments/payout/", {"action": "settle_by_hand", "_selected_action": [str(payout.pk)]})
    payout.refresh_from_db()
    assert (payout.status == Payout.Status.PAID) == decides
