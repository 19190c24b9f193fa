"""The whole house in one story: from a weaver's first SMS to her money, by way of a buyer's door in Hangzhou."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog.models import Product
from kernel.models import Job
from logistics.models import Parcel
from orders.models import Order
from payments import ledger
from payments.models import Payment, Payout
from sandbox.testing import Sandbox
from tests import cast

from .outside import Workers, eventually
from .people import Buyer, Moderator, Person, Seller

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey"), pytest.mark.django_db(transaction=True)]

NAME_ZH = "和平篮 经典款 24厘米"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_basket_goes_from_huye_to_hangzhou(
    scripts: bool, open_browser: Callable[..., Any], live_server: Any, outside: Sandbox, workers: Workers
) -> None:
    where = {"site": live_server.url, "outside": outside}
    seller = Seller(open_browser(width=360, height=740), phone="+250788123456", **where)
    moderator = Moderator(open_browser(width=1280, height=900), **where)
    buyer = Buyer(open_browser(width=390, java_script_enabled=scripts), phone="+8613800138000", **where)
    outside.name_holder("+250788123456", "Mukamana Claudine")
    staff = cast.moderator()

    seller.applies()
    moderator.signs_in(staff.email or "", "mugisha-secret")
    moderator.approves(seller.shop)

    seller.lists_a_basket()
    moderator.publishes(seller.product, name_zh=NAME_ZH, customs="basket of .*sweetgrass")

    buyer.finds("和平篮", product=NAME_ZH)
    buyer.puts_it_in_the_cart()
    buyer.sign_in()
    buyer.adds_an_address()
    buyer.orders()
    buyer.pays("alipay")

    order = Order.objects.get()
    seller.hears_of(order.consignments.get().number)
    seller.accepts()
    seller.packs(grams=480)
    papers = seller.downloads_the_papers()
    assert len(papers) >= 3
    assert all(paper.startswith(b"%PDF") for paper in papers)
    seller.hands_over()

    waybill = eventually(lambda: Parcel.objects.exclude(registered_at=None).values_list("waybill", flat=True).first())
    outside.deliver(waybill)

    buyer.follows_the_parcel()
    buyer.confirms_receipt()

    seller.finds_money("Ready")
    seller.asks_for_the_money()
    seller.finds_money("Paid out")

    nothing_went_wrong(workers, seller, moderator, buyer)
    the_books_are_right(outside)


def nothing_went_wrong(workers: Workers, *people: Person) -> None:
    """No page, script or worker complained, and no work is left over or parked."""
    assert [complaint for person in people for complaint in person.complaints] == []
    assert workers.troubles == []
    assert list(Job.objects.filter(attempts__gt=1).values_list("task", "last_error")) == []
    assert not Job.objects.filter(state=Job.State.PARKED).exists()


def the_books_are_right(outside: Sandbox) -> None:
    """One order, one capture, one payout of what the weaver asked for, and every account in balance."""
    order, payout, product = Order.objects.get(), Payout.objects.get(), Product.objects.get()
    payment = Payment.objects.get()
    assert (payment.status, payment.amount) == (Payment.Status.CAPTURED, order.total)
    assert len(outside.world.store.newest("charge", 10)) == 1
    assert (payout.status, payout.amount) == (Payout.Status.PAID, product.variants.get().receive)
    assert ledger.out_of_balance() == []
