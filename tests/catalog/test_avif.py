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


def followed(run_jobs):
    """The clock ticks, and workers do what it asked for."""
    asked = avif.follow(now=NOON)
    run_jobs()
    return asked


def opened(name):
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def test_webp_comes_first_and_avif_in_the_same_widths_after_it(picture, run_jobs):
    assert picture.status == Picture.Status.READY and picture.files and not picture.avif_files
    followed(run_jobs)
    picture.refresh_from_db()
    assert picture.avif_speed == encoding.QUICK
    assert list(map(int, picture.avif_files)) == list(map(int, picture.files)) == [160, 240, 360, 480, 500]
    for width, name in picture.avif_files.items():
        file = opened(name)
        assert (file.format, file.width) == ("AVIF", int(width))
        assert not file.info.get("exif") and not file.info.get("xmp")


def test_making_it_twice_or_for_nobody_does_nothing(picture, run_jobs):
    avif.add(picture_id=picture.pk)
    before = Picture.objects.values().get()
    avif.add(picture_id=picture.pk)
    assert Picture.objects.values().get() == before
    assert followed(run_jobs) == 0
    avif.add(picture_id="00000000-0000-0000-0000-000000000000")


def test_lists_show_it_as_soon_as_it_is_there(picture, basket, run_jobs):
    followed(run_jobs)
    basket.product.refresh_from_db()
    picture.refresh_from_db()
    assert basket.product.cover_files["avif"] == picture.avif_files != {}


def test_what_sells_is_made_with_care_at_night_under_other_names(picture, basket, run_jobs):
    followed(run_jobs)
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
    assert Picture.objects.get().avif_files == picture.avif_files


def test_what_nobody_bought_is_left_as_it_is(picture, run_jobs):
    followed(run_jobs)
    assert avif.at_night(now=NIGHT) == 0


def test_the_clock_asks_for_a_few_at_once_and_for_none_twice(basket, monkeypatch):
    """Also where one fails again and again: the others have their turn."""
    monkeypatch.setattr(avif, "MOST_AT_ONCE", 2)
    for n in range(5):
        Picture.objects.create(
            product=basket.product, original="none", sha256=f"{n}" * 64, width=9, height=9, status="ready"
        )
    assert [avif.follow(now=NOON) for _tick in range(4)] == [2, 2, 1, 0]
    assert Job.objects.filter(task="catalog.avif.add").count() == 5


def test_a_night_asks_for_a_few_at_once(basket, monkeypatch):
    monkeypatch.setattr(avif, "MOST_AT_NIGHT", 2)
    facts = {"original": "none", "width": 9, "height": 9, "status": "ready", "avif_speed": 8, "avif_files": {"9": "x"}}
    for n in range(3):
        Picture.objects.create(product=basket.product, sha256=f"{n}" * 64, **facts)
    Product.objects.update(units_sold=3)
    assert [avif.at_night(now=NIGHT) for _tick in range(3)] == [2, 1, 0]


def test_a_picture_whose_original_is_gone_keeps_its_webp(picture, run_jobs):
    default_storage.delete(picture.original.name)
    assert followed(run_jobs) == 1
    assert Picture.objects.get().files == picture.files
