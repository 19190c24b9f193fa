"""Pages get AVIF when it is ready, and lighter AVIF of what sells best after a night."""

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalog import avif, encoding, pictures
from catalog.models import Picture, Product
from kernel.models import Job

from .test_pictures import encoded, photo

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 7, 1, 19, 30, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 7, 1, 4, 30, tzinfo=dt.UTC)


@pytest.fixture
def picture(basket):
    """A picture whose WebP is ready and whose AVIF is yet to come."""
    taken = pictures.add(basket.product, encoded(photo(500, 400)))
    pictures.derive(picture_id=taken.pk)
    taken.refresh_from_db()
    return taken


def opened(name):
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def test_webp_comes_first_and_avif_in_the_same_widths_after_it(picture, run_jobs):
    assert picture.status == Picture.Status.READY and picture.files and not picture.avif_files
    run_jobs()
    picture.refresh_from_db()
    assert picture.avif_speed == encoding.QUICK
    assert list(map(int, picture.avif_files)) == list(map(int, picture.files)) == [160, 240, 360, 480, 500]
    for width, name in picture.avif_files.items():
        file = opened(name)
        assert (file.format, file.width) == ("AVIF", int(width))
        assert not file.info.get("exif") and not file.info.get("xmp")


def test_making_it_twice_or_for_nobody_does_nothing(picture):
    avif.add(picture_id=picture.pk)
    before = Picture.objects.values().get()
    avif.add(picture_id=picture.pk)
    assert Picture.objects.values().get() == before
    pictures.remove(picture)
    avif.add(picture_id=picture.pk or "00000000-0000-0000-0000-000000000000")


def test_what_sells_is_made_with_care_at_night_under_other_names(picture, basket, run_jobs):
    run_jobs()
    picture.refresh_from_db()
    quick = dict(picture.avif_files)
    Product.objects.update(units_sold=3)
    assert avif.at_night(now=NOON) == 0
    assert avif.at_night(now=NIGHT) == 1
    run_jobs()
    picture.refresh_from_db()
    assert picture.avif_speed == encoding.CAREFUL
    assert set(picture.avif_files) == set(quick) and not set(picture.avif_files.values()) & set(quick.values())
    basket.product.refresh_from_db()
    assert basket.product.cover_files["avif"] == picture.avif_files
    assert avif.at_night(now=NIGHT) == 0
    avif.add(picture_id=picture.pk)
    assert Picture.objects.get().avif_speed == encoding.CAREFUL


def test_what_nobody_bought_is_left_as_it_is(picture, run_jobs):
    run_jobs()
    assert avif.at_night(now=NIGHT) == 0


def test_a_night_asks_for_a_few_at_once_and_for_none_twice(basket, monkeypatch):
    monkeypatch.setattr(avif, "MOST_AT_ONCE", 2)
    for n in range(3):
        Picture.objects.create(
            product=basket.product, original="x", sha256=f"{n}" * 64, width=9, height=9, status="ready", avif_speed=8
        )
    Product.objects.update(units_sold=3)
    assert avif.at_night(now=NIGHT) == 2
    assert avif.at_night(now=NIGHT) == 2
    assert Job.objects.filter(task="catalog.avif.polish").count() == 2


def test_pictures_from_before_avif_get_theirs(picture):
    Job.objects.all().delete()
    assert avif.catch_up(now=NOON) == 1
    assert Job.objects.filter(task="catalog.avif.add", state="waiting").count() == 1
