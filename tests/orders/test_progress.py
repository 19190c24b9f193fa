"""From paid to completed, every way to end before, and the timers: each deed once, whoever repeats it."""

from datetime import timedelta

import pytest

from accounts.models import Message
from catalog import stock
from catalog.models import Reservation, Variant
from kernel.lifecycle import IllegalMove
from orders import progress
from orders.models import Consignment, Order

from .conftest import NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shelf(variant: Variant) -> tuple[int, int, int]:
    variant.refresh_from_db()
    return variant.on_hand, variant.reserved, variant.sold


def told(kind: str) -> int:
    return Message.objects.filter(kind=kind, channel="inbox").count()


@pytest.fixture
def paid(lin, basket, order_of) -> Order:
    order = order_of(lin, [(basket, 2)])
    progress.mark_paid(order, actor="stripe", now=NOW)
    order.refresh_from_db()
    return order


@pytest.fixture
def part(paid) -> Consignment:
    return paid.consignments.get()


def test_paying_sells_the_stock_and_asks_the_shop(paid, part, basket):
    assert (paid.status, paid.paid_at, part.status) == ("paid", NOW, "to_accept")
    assert part.accept_by == NOW + 48 * HOUR
    assert shelf(basket) == (8, 0, 2)
    assert told("order_paid") == told("consignment_new") == 1


def test_paying_twice_changes_nothing(paid, basket):
    assert progress.mark_paid(paid, actor="stripe", now=NOW + HOUR) is False
    assert shelf(basket) == (8, 0, 2)
    assert paid.steps.count() == 1


def test_a_shop_accepts_packs_sends_and_the_buyer_confirms(part, paid):
    assert progress.accept(part, actor="user:2", now=NOW + HOUR)
    assert not progress.accept(part, actor="user:2", now=NOW + 2 * HOUR)
    assert progress.mark_packed(part, actor="user:2", now=NOW)
    assert progress.mark_handed_over(part, actor="user:2", now=NOW)
    assert progress.mark_delivered(part, actor="carrier", now=NOW + DAY)
    assert not progress.mark_delivered(part, actor="carrier", now=NOW + 2 * DAY)
    assert progress.complete(part, actor="user:1", now=NOW + 2 * DAY)
    assert not progress.mark_handed_over(part, actor="carrier", now=NOW)
    part.refresh_from_db()
    paid.refresh_from_db()
    assert (part.status, paid.status) == ("completed", "closed")
    assert (part.delivered_at, part.completed_at) == (NOW + DAY, NOW + 2 * DAY)


@pytest.mark.parametrize("deed", [progress.mark_packed, progress.mark_handed_over, progress.mark_delivered])
def test_no_step_is_skipped(part, deed):
    with pytest.raises(IllegalMove):
        deed(part, actor="user:2", now=NOW)
    part.refresh_from_db()
    assert part.status == "to_accept"


def test_nothing_is_sent_before_it_is_paid(lin, basket, order_of):
    part = order_of(lin, [(basket, 1)]).consignments.get()
    for deed in (progress.accept, progress.mark_packed, progress.mark_returned, progress.complete):
        with pytest.raises(IllegalMove):
            deed(part, actor="user:2", now=NOW)
    with pytest.raises(IllegalMove):
        progress.decline(part, reason="no", actor="user:2", now=NOW)
    with pytest.raises(IllegalMove):
        progress.call_off(part, actor="user:1", why="no", now=NOW)


def test_declining_puts_the_stock_back_once(part, paid, basket):
    assert progress.decline(part, reason="The reed is wet", actor="user:2", now=NOW)
    assert not progress.decline(part, reason="again", actor="user:2", now=NOW)
    assert shelf(basket) == (10, 0, 0)
    part.refresh_from_db()
    paid.refresh_from_db()
    assert (part.fall_reason, paid.status) == ("The reed is wet", "cancelled")
    assert list(Consignment.objects.fallen()) == [part]
    assert "The reed is wet" in Message.objects.get(kind="consignment_fallen", channel="inbox").body


def test_the_timer_cancels_after_48_hours_and_not_before(part, paid, basket):
    assert progress.auto_cancel_due(now=NOW + 48 * HOUR - timedelta(seconds=1)) == 0
    assert progress.auto_cancel_due(now=NOW + 48 * HOUR) == 1
    assert progress.auto_cancel_due(now=NOW + 49 * HOUR) == 0
    part.refresh_from_db()
    assert part.status == "auto_cancelled"
    assert shelf(basket) == (10, 0, 0)
    assert told("consignment_lapsed") == told("consignment_fallen") == 1


def test_accepting_after_48_hours_is_too_late_even_before_the_timer_ran(part):
    with pytest.raises(progress.TooLate):
        progress.accept(part, actor="user:2", now=NOW + 48 * HOUR)


def test_an_accepted_part_is_left_alone_by_the_timer(part):
    progress.accept(part, actor="user:2", now=NOW + 47 * HOUR)
    assert progress.auto_cancel_due(now=NOW + 60 * HOUR) == 0


def test_a_shop_is_reminded_a_day_and_six_hours_before(part):
    for hours in (23, 25, 26, 43, 44):
        progress.remind_due(now=NOW + hours * HOUR)
    assert told("consignment_waiting") == 2


def test_the_buyer_calls_off_until_it_is_posted(part, basket):
    progress.accept(part, actor="user:2", now=NOW)
    progress.mark_packed(part, actor="user:2", now=NOW)
    assert progress.call_off(part, actor="user:1", why="changed my mind", now=NOW)
    assert not progress.call_off(part, actor="user:1", why="again", now=NOW)
    assert shelf(basket) == (10, 0, 0)
    with pytest.raises(IllegalMove):
        progress.mark_handed_over(part, actor="user:2", now=NOW)


def test_what_is_posted_is_not_called_off_but_may_come_back(part, basket, paid):
    for deed in (progress.accept, progress.mark_packed, progress.mark_handed_over):
        deed(part, actor="user:2", now=NOW)
    with pytest.raises(IllegalMove):
        progress.call_off(part, actor="user:1", why="late", now=NOW)
    assert progress.mark_returned(part, actor="carrier", now=NOW)
    with pytest.raises(IllegalMove):
        progress.mark_delivered(part, actor="carrier", now=NOW)
    assert shelf(basket) == (10, 0, 0)


def test_an_order_closes_when_its_last_part_ends(lin, basket, coffee, order_of):
    order = order_of(lin, [(basket, 1), (coffee, 1)])
    progress.mark_paid(order, actor="stripe", now=NOW)
    baskets, coffees = order.consignments.order_by("pk")
    progress.decline(baskets, reason="no reed", actor="user:2", now=NOW)
    order.refresh_from_db()
    assert order.status == "paid"
    for deed in (progress.accept, progress.mark_packed, progress.mark_handed_over, progress.mark_delivered):
        deed(coffees, actor="user:3", now=NOW)
    assert progress.complete_due(now=NOW + 10 * DAY - HOUR) == 0
    assert progress.complete_due(now=NOW + 10 * DAY) == 1
    order.refresh_from_db()
    assert order.status == "closed"


def test_an_unpaid_order_expires_and_frees_the_stock(lin, basket, order_of):
    order = order_of(lin, [(basket, 2)])
    assert progress.expire_due(now=order.pay_by - timedelta(seconds=1)) == 0
    assert progress.expire_due(now=order.pay_by) == 1
    assert progress.expire_due(now=order.pay_by + HOUR) == 0
    order.refresh_from_db()
    assert (order.status, order.consignments.get().status) == ("expired", "cancelled")
    assert shelf(basket) == (10, 0, 0)
    assert not Consignment.objects.fallen().exists()
    assert told("order_expired") == 1


def test_late_money_takes_the_order_up_again(lin, basket, order_of):
    order = order_of(lin, [(basket, 2)])
    progress.expire_due(now=order.pay_by)
    assert progress.mark_paid(order, actor="stripe", now=order.pay_by + HOUR)
    part = order.consignments.get()
    assert (part.status, part.accept_by, part.fall_reason) == ("to_accept", order.pay_by + 49 * HOUR, "")
    assert shelf(basket) == (8, 0, 2)


def test_late_money_for_goods_that_are_gone_is_refused_and_changes_nothing(lin, basket, order_of):
    order = order_of(lin, [(basket, 2)])
    progress.expire_due(now=order.pay_by)
    stock.set_on_hand(basket, 1, actor="user:2")
    with pytest.raises(stock.OutOfStock):
        progress.mark_paid(order, actor="stripe", now=order.pay_by + HOUR)
    order.refresh_from_db()
    assert (order.status, order.paid_at) == ("expired", None)
    assert shelf(basket) == (1, 0, 0)


def test_a_cancelled_order_stays_cancelled_whatever_is_paid(lin, basket, order_of):
    order = order_of(lin, [(basket, 2)])
    assert progress.cancel(order, actor="user:1", why="changed my mind", now=NOW)
    assert not progress.cancel(order, actor="user:1", why="again", now=NOW)
    with pytest.raises(IllegalMove):
        progress.mark_paid(order, actor="stripe", now=NOW)
    assert shelf(basket) == (10, 0, 0)
    assert Reservation.objects.get().status == "released"


def test_a_paid_order_is_not_cancelled_whole(paid):
    with pytest.raises(IllegalMove):
        progress.cancel(paid, actor="user:1", why="no", now=NOW)


def test_one_bad_row_does_not_stop_a_timer(lin, basket, order_of, monkeypatch):
    first, second = (order_of(lin, [(basket, n)], now=NOW + n * HOUR) for n in (1, 2))
    release = stock.release
    monkeypatch.setattr(
        stock, "release", lambda holder, **k: release(holder, **k) if second.number in holder else 1 / 0
    )
    assert progress.expire_due(now=NOW + DAY) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("awaiting_payment", "expired")
