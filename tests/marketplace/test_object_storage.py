"""Pictures and papers in an S3-compatible store, spoken to over HTTP as in production."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

import boto3
import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image

from catalog import avif, files, framing, pictures, strays
from catalog.models import Picture, Product
from kernel import storage
from marketplace import environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(monkeypatch, settings) -> Iterator[str]:
    """A store with an empty bucket, and settings as an operator's environment would make them."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    address = f"http://127.0.0.1:{port}"
    given = {"S3_BUCKET": "isoko", "S3_ENDPOINT": address, "S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    store = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    store.create_bucket(Bucket="isoko")
    settings.STORAGES = {**settings.STORAGES, **environment.object_storage()}
    yield address
    server.stop()


@pytest.fixture
def picture(bucket, basket) -> Picture:
    """A picture of a basket with all that workers make of it."""
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "#a63a22").save(out, "JPEG")
    taken = pictures.add(basket.product, out.getvalue())
    pictures.derive(picture_id=taken.pk)
    avif.add(picture_id=taken.pk)
    taken.refresh_from_db()
    return taken


def test_a_picture_and_all_that_is_made_of_it_can_be_fetched(picture):
    assert picture.status == Picture.Status.READY
    kinds = {
        "WEBP": picture.files,
        "AVIF": picture.avif_files,
        "JPEG": {"0": picture.share.name, "1": picture.original.name},
    }
    for kind, names in kinds.items():
        assert names
        for name in names.values():
            answer = httpx.get(framing.address(name))
            assert answer.status_code == 200
            assert Image.open(io.BytesIO(answer.content)).format == kind
            assert answer.headers["Content-Type"] == f"image/{kind.lower()}"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_signed_addresses_stand_in_a_srcset_one_by_one(picture):
    for srcset in (picture.srcset, picture.avif_srcset):
        addresses = [word.split(" ")[0] for word in srcset.split(", ")]
        assert len(addresses) == 6 and all("Signature=" in address for address in addresses)
        assert httpx.get(addresses[2]).status_code == 200


def test_with_a_public_domain_addresses_are_plain(bucket, monkeypatch, settings):
    monkeypatch.setenv("S3_MEDIA_DOMAIN", "img.example")
    settings.STORAGES = {**settings.STORAGES, **environment.object_storage()}
    assert framing.srcset({"360": "pictures/ab/a-360.webp"}) == "https://img.example/media/pictures/ab/a-360.webp 360w"


def test_what_no_row_names_is_removed_from_the_bucket_and_nothing_else(picture):
    stored = set(storage.stored(storages["default"]))
    with transaction.atomic():
        stray = files.keep("ab" * 32, {".jpg": b"x", "-360.s8.avif": b"y"})
    later = timezone.now() + storage.SPARED + dt.timedelta(hours=1)
    assert sum(strays.sweep(now=later + strays.STEP * turn) for turn in range(8)) == len(stray)
    assert set(storage.stored(storages["default"])) == stored
    pictures.remove(picture)
    Product.objects.update(cover_files={})
    assert sum(strays.sweep(now=later + strays.STEP * turn) for turn in range(8)) == len(stored)


def test_private_files_that_no_row_names_are_removed_from_the_bucket(bucket):
    storages["private"].save("papers/left.pdf", ContentFile(b"%PDF-1.7"))
    later = timezone.now() + storage.SPARED + dt.timedelta(hours=1)
    assert (storage.sweep(now=timezone.now()), storage.sweep(now=later), storage.sweep(now=later)) == (0, 1, 0)


def test_papers_are_kept_apart_under_any_name_and_forgotten_when_deleted(bucket):
    private = storages["private"]
    name = private.save("papers/发票.pdf", ContentFile(b"%PDF-1.7"))
    assert private.open(name).read() == b"%PDF-1.7"
    assert not storages["default"].exists(name)
    assert httpx.get(f"{bucket}/isoko/media/{name}").status_code == 404
    private.delete(name)
    assert not private.exists(name)


def test_without_a_bucket_files_stay_on_this_machine(monkeypatch):
    monkeypatch.delenv("S3_BUCKET", raising=False)
    assert environment.object_storage() == {}
