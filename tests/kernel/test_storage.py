"""Private files that no row names are gone before they are a day old."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from kernel import storage
from sellers.models import Paper

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def left_alone(name):
    return storage.private().save(name, ContentFile(b"x"))


def test_what_broke_off_goes_and_what_a_row_names_stays(shop):
    stray, named = left_alone("papers/stray.jpg"), left_alone("papers/named.jpg")
    paper = Paper.objects.create(seller=shop, kind="id_card", file=named, content_type="image/jpeg", sha256="0" * 64)
    assert storage.sweep(now=timezone.now()) == 0
    storage.sweep(now=timezone.now() + storage.SPARED + dt.timedelta(minutes=1))
    assert not storage.private().exists(stray) and storage.private().exists(named)
    paper.delete()
    storage.sweep(now=timezone.now() + storage.SPARED + dt.timedelta(minutes=1))
    assert not storage.private().exists(named)


def test_nothing_private_stays_alone_for_a_day():
    from kernel import work

    clock = work.CLOCKS["kernel.storage.sweep"]
    assert storage.SPARED + dt.timedelta(seconds=2 * clock.seconds) < DAY
