"""The seller's first screen and money page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from orders import progress
from orders.models import Consignment
from payments import earnings
from payments.models import Refund

from .conftest import completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(client, artisan, shop):
    client.force_login(artisan)
    return client


def test_today_says_what_to_do(seller, paid):
    answer = seller.get(reverse("sell:today"))
    part = paid.consignments.get(seller__members__user__phone="+250788123456")
    assert answer.status_code == 200
    assert part.number in answer.text
    assert answer.context["to_accept"] == 1


def test_today_without_orders_is_not_empty(seller):
    assert seller.get(reverse("sell:today")).status_code == 200


def test_money_explains_each_line(seller, paid, shop, now):
    part = paid.consignments.get(seller=shop)
    completed(part, now=now)
    earnings.release_completed(now=now)
    answer = seller.get(reverse("sell:money"))
    assert part.number in answer.text
    assert answer.context["balances"]["ready"] == part.receive


def test_declining_needs_a_reason_and_gives_the_money_back(seller, paid, shop):
    part = paid.consignments.get(seller=shop)
    url = reverse("sell:decline", args=[part.pk])
    assert seller.get(url).status_code == 200
    assert seller.post(url, {}).status_code == 422
    assert not Refund.objects.exists()
    assert seller.post(url, {"reason": "sold_out"}).status_code == 302
    assert Refund.objects.get().amount == part.total


def test_another_shops_part_is_404(seller, paid, other_shop):
    part = paid.consignments.get(seller=other_shop)
    assert seller.get(reverse("sell:decline", args=[part.pk])).status_code == 404


def test_a_shop_never_hears_of_what_was_not_paid(order, shop, now):
    progress.expire_due(now=now + timedelta(minutes=31))
    assert not Consignment.objects.for_seller(shop).exists()
