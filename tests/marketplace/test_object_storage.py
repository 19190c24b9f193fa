"""Pictures and papers in an S3-compatible store, spoken to over HTTP as in production."""

from __future__ import annotations

import io
from collections.abc import Iterator

import boto3
import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from PIL import Image

from catalog import pictures
from catalog.models import Picture
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


def test_a_picture_and_its_sizes_are_in_the_bucket_and_can_be_fetched(bucket, basket):
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "#a63a22").save(out, "JPEG")
    picture = pictures.add(basket.product, out.getvalue())
    pictures.derive(picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.status == Picture.Status.READY
    answer = httpx.get(picture.url(360))
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.content)).format == "WEBP"


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
