"""Pictures from this machine's own disk: for ever, in ranges, and never as anything but a picture."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

BYTES = bytes(range(256)) * 4


@pytest.fixture
def url():
    name = default_storage.save("pictures/00/" + "0" * 32 + ".webp", ContentFile(BYTES))
    yield f"/media/{name}"
    default_storage.delete(name)


def read(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_it_may_be_kept_for_ever_and_is_never_taken_for_something_else(client, url):
    answer = client.get(url)
    assert (answer.status_code, read(answer)) == (200, BYTES)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Length"] == str(len(BYTES)) and answer["Accept-Ranges"] == "bytes"
    assert not answer.cookies and "Vary" not in answer, answer.headers


@pytest.mark.parametrize(
    ("ending", "kind"), [("webp", "image/webp"), ("avif", "image/avif"), ("jpg", "image/jpeg"), ("png", "image/png")]
)
def test_each_kind_says_what_it_is(client, ending, kind):
    name = default_storage.save(f"pictures/00/kind.{ending}", ContentFile(b"x"))
    answer = client.get(f"/media/{name}")
    assert answer["Content-Type"] == kind
    read(answer)
    default_storage.delete(name)


@pytest.mark.parametrize("name", ["x.svg", "x.html", "x.js", "x.pdf", "x", "x.webp.html"])
def test_other_kinds_are_not_served(client, name):
    name = default_storage.save(f"pictures/00/{name}", ContentFile(b"<script>"))
    assert client.get(f"/media/{name}").status_code == 404
    default_storage.delete(name)


@pytest.mark.parametrize(
    "path", ["../settings.py.webp", "..%2f..%2fx.webp", "pictures/", "pictures/00/none.webp", "a%00b.webp", "a" * 5000]
)
def test_what_is_not_there_or_not_ours_is_not_found(client, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_who_has_it_is_told_so(client, url):
    etag = client.get(url)["ETag"]
    answer = client.get(url, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == etag
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_head_says_the_same_and_brings_nothing(client, url):
    answer = client.head(url)
    assert (answer.status_code, answer["Content-Length"], answer["Content-Type"]) == (200, "1024", "image/webp")
    assert read(answer) == b""
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1000-9999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-9999", 0, 1023),
    ],
)
def test_a_part_can_be_asked_for(client, url, asked, first, last):
    answer = client.get(url, headers={"range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/1024"
    assert read(answer) == BYTES[first : last + 1]
    assert (answer["Content-Length"], answer["Content-Type"]) == (str(last - first + 1), "image/webp")


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9999-10000", "bytes=-0", "bytes=9-3"])
def test_a_part_that_is_not_there_is_refused(client, url, asked):
    answer = client.get(url, headers={"range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "asked",
    ["bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-"],
)
def test_many_parts_or_none_are_the_whole(client, url, asked):
    answer = client.get(url, headers={"range": asked})
    assert (answer.status_code, read(answer)) == (200, BYTES)


def test_a_part_of_an_older_file_is_the_whole(client, url):
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"range": "bytes=0-1", "if-range": etag}).status_code == 206
    assert client.get(url, headers={"range": "bytes=0-1", "if-range": '"older"'}).status_code == 200
