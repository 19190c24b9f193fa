"""Inside WeChat: Alipay does not open there, so paying first shows the way out to the browser."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time(order):
    """The order can still be paid."""
    Order.objects.filter(pk=order.pk).update(pay_by=timezone.now() + timedelta(minutes=20))


WECHAT = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.49(0x1800312b) NetType/WIFI Language/zh_CN"
}


def test_paying_inside_wechat_shows_the_way_out_first(client, buyer, order, outside):
    client.force_login(buyer)
    pay, page = reverse("payments:pay", args=[order.number]), reverse("payments:order", args=[order.number])
    assert client.post(pay, headers=WECHAT)["Location"] == f"{page}?guide=1"
    shown = client.get(f"{page}?guide=1", headers=WECHAT).content.decode()
    assert re.search(r'<details class="guide" open>', shown) and "在浏览器打开" in shown
    assert f'data-copy="http://127.0.0.1:8000{page}"' in shown
    assert '<details class="guide">' in client.get(page, headers=WECHAT).content.decode()


def test_whoever_stays_goes_on_to_the_payment_page(client, buyer, order, outside):
    client.force_login(buyer)
    answer = client.post(reverse("payments:pay", args=[order.number]), {"here": "1"}, headers=WECHAT)
    assert answer.status_code == 302 and "guide" not in answer["Location"]


def test_other_browsers_see_nothing_of_it(client, buyer, order, outside):
    client.force_login(buyer)
    assert "guide" not in client.get(reverse("payments:order", args=[order.number])).content.decode()
    assert "guide" not in client.post(reverse("payments:pay", args=[order.number]))["Location"]
