"""An order goes on showing what was bought, whatever its seller does with the photos afterwards."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from catalog import pictures, strays
from catalog.models import Product
from kernel import storage
from orders import progress
from orders.models import OrderLine
from tests.catalog.test_pictures import encoded, photo

from .conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def photographed(basket):
    picture = pictures.add(basket.product, encoded(photo()))
    pictures.derive(picture_id=picture.pk)
    return basket


def test_a_line_keeps_its_picture_when_the_photo_is_taken_down(client, lin, mukamana, photographed, order_of):
    order = order_of(lin, [(photographed, 1)])
    line = OrderLine.objects.get()
    taken_down = photographed.product.pictures.get()
    others = set(taken_down.files.values()) - {line.picture.name}
    pictures.remove(taken_down)
    Product.objects.update(cover_files={})
    later = timezone.now() + storage.SPARED + dt.timedelta(minutes=1)
    assert strays.remove([line.picture.name, *others], now=later) == len(others)
    assert default_storage.exists(line.picture.name)
    progress.mark_paid(order, actor="stripe", now=NOW)
    shown = {
        lin: (reverse("payments:order", args=[order.number]), "/orders/"),
        mukamana: ("/sell/orders/", reverse("sell:consignment", args=[order.consignments.get().pk])),
    }
    for reader, pages in shown.items():
        client.force_login(reader)
        for page in pages:
            assert f'src="{line.picture.url}"' in client.get(page).content.decode(), page


def test_a_line_without_a_photo_shows_none(client, lin, basket, order_of):
    order = order_of(lin, [(basket, 1)])
    assert not OrderLine.objects.get().picture
    client.force_login(lin)
    assert client.get(reverse("payments:order", args=[order.number])).status_code == 200
