"""Files that belong to nothing are gone before they are a day old; files that a row names never go."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from catalog import avif, files, pictures, strays
from catalog.models import Picture, Product
from kernel import storage
from tests.races import together

from .test_pictures import encoded, photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty(settings, tmp_path):
    """A storage that no other test has left anything in."""
    place = {**settings.STORAGES["default"]["OPTIONS"], "location": str(tmp_path)}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": place}}


@pytest.fixture
def later():
    """When everything that is there now has been there for half a day."""
    return timezone.now() + storage.SPARED + dt.timedelta(minutes=1)


def everything():
    return set(storage.stored(default_storage))


def names_of(picture):
    picture.refresh_from_db()
    return {picture.original.name, picture.share.name, *picture.files.values(), *picture.avif_files.values()}


def a_day(now):
    """Sweep as the clock does from now on for a day."""
    return sum(strays.sweep(now=now + strays.STEP * turn) for turn in range(int(dt.timedelta(days=1) / strays.STEP)))


def test_what_a_picture_is_made_of_stays(basket, run_jobs, later):
    picture = pictures.add(basket.product, encoded(photo()))
    run_jobs()
    assert a_day(later) == 0
    assert everything() == names_of(picture)


def test_a_removed_picture_goes_with_all_its_files(basket, run_jobs, later):
    picture, kept = (pictures.add(basket.product, encoded(photo(seed=seed))) for seed in (1, 2))
    run_jobs()
    avif.add(picture_id=picture.pk)
    pictures.remove(picture)
    run_jobs()
    assert a_day(later) == 12  # the original, the share card, and five widths of each kind
    assert everything() == names_of(kept)


def test_what_two_products_share_stays_for_the_other(basket, coffee, run_jobs, later):
    first, second = (pictures.add(variant.product, encoded(photo())) for variant in (basket, coffee))
    run_jobs()
    pictures.remove(first)
    run_jobs()
    assert a_day(later) == 0
    assert everything() == names_of(second)


def test_an_upload_that_broke_off_leaves_nothing(later):
    with transaction.atomic():
        files.keep("ab" * 32, {".jpg": b"x", "-160.webp": b"y"})
    assert len(everything()) == 2
    assert a_day(later) == 2
    assert everything() == set()


def test_quick_avif_goes_when_careful_avif_has_come(basket, run_jobs, later):
    picture = pictures.add(basket.product, encoded(photo(300, 300)))
    run_jobs()
    avif.add(picture_id=picture.pk)
    quick = set(Picture.objects.get().avif_files.values())
    assert quick
    avif.polish(picture_id=picture.pk)
    run_jobs()
    a_day(later)
    assert not quick & everything()
    assert everything() == names_of(picture)


def test_what_a_list_still_shows_stays(basket, later):
    with transaction.atomic():
        name = files.keep("cd" * 32, {"-360.webp": b"x"})["-360.webp"]
    Product.objects.filter(pk=basket.product_id).update(cover_files={"webp": {"360": name}, "illustration": False})
    assert a_day(later) == 0


def test_what_is_young_stays(later):
    with transaction.atomic():
        files.keep("ab" * 32, {".jpg": b"x"})
    assert a_day(timezone.now() - dt.timedelta(days=1)) == 0
    assert len(everything()) == 1


def test_every_folder_has_its_turn_within_a_round_and_nothing_stray_is_a_day_old(now):
    turns = [
        folder for turn in range(int(strays.ROUND / strays.STEP)) for folder in strays._turn(now + strays.STEP * turn)
    ]
    assert len(turns) == len(set(turns)) == 256
    assert dt.timedelta(hours=24) > storage.SPARED + 2 * strays.ROUND


def test_a_run_removes_only_so_many(later, monkeypatch):
    monkeypatch.setattr(strays, "MOST_REMOVED", 3)
    names = [default_storage.save(f"pictures/00/{n:032x}.jpg", ContentFile(b"x")) for n in range(5)]
    assert [strays.remove(names, now=later) for _run in range(3)] == [3, 2, 0]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_what_is_being_stored_is_left_alone(later):
    with transaction.atomic():
        name = files.keep("ab" * 32, {".jpg": b"x"})[".jpg"]
        assert together(1, lambda n: strays.remove([name], now=later)) == [0]
    assert default_storage.exists(name)
    assert strays.remove([name], now=later) == 1


def test_what_a_row_came_to_name_meanwhile_is_left_alone(basket, later, monkeypatch):
    """The rows are asked again under the lock: here the first answer is older than the row."""
    name = str(pictures.add(basket.product, encoded(photo())).original.name)
    ask, answers = strays.named, [set()]
    monkeypatch.setattr(strays, "named", lambda names: answers.pop() if answers else ask(names))
    assert strays.remove([name], now=later) == 0
    assert default_storage.exists(name)
