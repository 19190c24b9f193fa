"""How much a request may bring is judged by its head; of a file that is too large only so much is kept as shows it."""

import io

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from django.utils import translation
from PIL import Image

from catalog import pictures
from catalog.models import Picture
from kernel import uploads

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024
EDGE = "edge"


class Never(io.RawIOBase):
    """A body that nobody may read."""

    def read(self, size=-1):
        raise AssertionError("the body was read")


def body(**files):
    """A form with these files of so many bytes, or with these contents."""
    out = io.BytesIO()
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else b"\xff\xd8\xff" + b"x" * content
        head = f'--{EDGE}\r\nContent-Disposition: form-data; name="photos"; filename="{name}.jpg"\r\n\r\n'
        out.write(head.encode() + raw + b"\r\n")
    out.write(f"--{EDGE}--\r\n".encode())
    return out.getvalue()


def send(client, url, raw, **head):
    """Send a form; its head may say of it what it likes."""
    request = {"wsgi.input": io.BytesIO(raw), "CONTENT_LENGTH": str(len(raw)), "REQUEST_METHOD": "POST"}
    kind = f"multipart/form-data; boundary={EDGE}"
    return client.request(**{**request, "PATH_INFO": url, "CONTENT_TYPE": kind, **head})


def unread(client, url, **head):
    """Send a head whose body must not be asked for."""
    return send(client, url, b"", **{"wsgi.input": Never(), "CONTENT_LENGTH": "", **head})


def photo():
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "#a63a22").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photos(client, artisan, basket):
    """Where Mukamana, who is signed in, sends photos of her basket."""
    client.force_login(artisan)
    return f"/sell/products/{basket.product_id}/photos/"


def test_a_file_of_26_megabytes_is_too_large_and_the_good_one_beside_it_is_kept(client, photos):
    page = send(client, photos, body(large=26 * MIB, good=photo()))
    assert page.status_code == 413
    with translation.override("rw"):
        assert f"large.jpg: {pictures.TooManyBytes()}" in page.content.decode()
    assert Picture.objects.count() == 1


def test_a_form_with_more_than_all_its_photos_may_have_is_refused_unread(client, photos):
    most = pictures.MOST_PICTURES * pictures.MOST_BYTES
    assert unread(client, photos, CONTENT_LENGTH=str(most + 100_000)).status_code == 413
    assert unread(client, photos, CONTENT_LENGTH="9" * 5000).status_code == 413
    assert unread(client, photos, CONTENT_LENGTH="-5").status_code == 413


def test_papers_of_26_megabytes_are_refused_unread(client, artisan):
    client.force_login(artisan)
    assert unread(client, "/sell/apply/", CONTENT_LENGTH=str(26 * MIB)).status_code == 413


def test_other_forms_take_no_files_at_all(client, buyer):
    client.force_login(buyer)
    for url in ("/sign-in/", "/cart/", "/admin/login/", "/webhooks/stripe/"):
        answer = unread(client, url, CONTENT_LENGTH=str(3 * MIB))
        assert answer.status_code == 413, url


def test_a_stranger_is_sent_to_the_door_before_their_photos_are_read(client, photos):
    client.logout()
    answer = unread(client, photos, CONTENT_LENGTH=str(5 * MIB))
    assert answer.status_code == 302 and "/sign-in/?next=/sell/products/" in answer["Location"]


def test_a_body_without_a_length_is_refused_unread(client, photos):
    for url in (photos, "/sell/apply/", "/sign-in/", "/webhooks/stripe/"):
        answer = unread(client, url, HTTP_TRANSFER_ENCODING="chunked")
        assert answer.status_code == 411, url


def test_a_length_that_promises_more_than_comes_takes_nothing(client, photos):
    raw = body(good=photo())
    answer = send(client, photos, raw[: len(raw) // 2], CONTENT_LENGTH=str(len(raw)))
    assert answer.status_code in {400, 422}
    assert not Picture.objects.exists()


def test_a_length_that_promises_less_than_comes_takes_what_it_promised(client, photos):
    raw = body(good=photo())
    answer = send(client, photos, raw, CONTENT_LENGTH=str(len(raw) // 2))
    assert answer.status_code in {400, 422}
    assert not Picture.objects.exists()


def test_programs_are_told_in_json(client, photos):
    answer = unread(client, photos, CONTENT_LENGTH=str(999 * MIB), HTTP_ACCEPT="application/json")
    assert answer.status_code == 413 and set(answer.json()) == {"code", "detail"}


def test_of_a_file_that_is_too_large_only_so_much_is_kept(rf: RequestFactory):
    raw = body(large=40 * MIB, small=1000)
    request = rf.generic("POST", "/", raw, f"multipart/form-data; boundary={EDGE}")
    handlers = [uploads.CutFiles(request), MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    _fields, files = MultiPartParser(request.META, io.BytesIO(raw), handlers).parse()
    large, small = files.getlist("photos")
    assert uploads.MOST_FILE < large.size <= uploads.MOST_FILE + 2 * 64 * 1024
    assert small.size == 1003
