"""Papers of sellers: judged by what is in them, kept without what is hidden in them, shown to their own people only."""

import io

import pytest
from PIL import Image

from kernel.models import AuditRecord
from sellers import papers
from sellers.models import Paper, Seller

from . import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(shop):
    """Mukamana's shop, back in the state in which papers may change."""
    Seller.objects.filter(pk=shop.pk).update(status=Seller.Status.CHANGES_REQUESTED)
    shop.refresh_from_db()
    return shop


def keep(seller, content, now, **upload):
    return papers.keep(seller, files.upload(content, **upload), kind=Paper.Kind.ID_CARD, now=now)


@pytest.mark.parametrize(
    "content",
    [
        files.picture("JPEG"),
        files.picture("PNG"),
        files.picture("WEBP"),
        files.picture("JPEG", mode="CMYK"),
        files.picture("PNG", mode="P"),
        files.picture("PNG", mode="LA"),
        files.picture("PNG", mode="RGBA"),
        files.picture("PNG", mode="I;16"),
        files.picture("PNG", mode="1"),
    ],
    ids=["jpeg", "png", "webp", "cmyk", "palette", "grey-alpha", "alpha", "16-bit", "1-bit"],
)
def test_every_kind_of_photo_becomes_a_plain_jpeg(draft, now, content):
    paper = keep(draft, content, now)
    assert paper.content_type == "image/jpeg"
    with Image.open(paper.file) as kept:
        assert (kept.format, kept.size) == ("JPEG", (64, 48))


def test_position_and_camera_are_left_behind_and_the_photo_stands_upright(draft, now):
    paper = keep(draft, files.with_position(), now)
    raw = paper.file.read()
    assert b"SecretCamera" not in raw
    with Image.open(io.BytesIO(raw)) as kept:
        assert kept.size == (32, 64)
        assert not kept.getexif()


def test_what_is_hidden_behind_the_picture_does_not_stay(draft, now):
    paper = keep(draft, files.picture() + b"<script>alert(1)</script>", now)
    assert b"script" not in paper.file.read()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", papers.EmptyFile),
        (b"\xff", papers.BadPaper),
        (b"\xff\xd8\xff", papers.Damaged),
        (b"\x89PNG\r\n\x1a\n", papers.Damaged),
        (files.picture(size=(600, 600))[:500], papers.Damaged),
        (files.SVG, papers.BadPaper),
        (files.picture("GIF", mode="P"), papers.BadPaper),
        (files.picture("TIFF"), papers.BadPaper),
        (files.picture("ICO"), papers.BadPaper),
        (files.picture("BMP"), papers.BadPaper),
        (files.picture("JPEG2000"), papers.BadPaper),
        (b"PK\x03\x04" + b"\0" * 100, papers.BadPaper),
        (b"<html><script>alert(1)</script></html>", papers.BadPaper),
        (lambda: files.huge_png(9000, 9000), papers.TooManyPixels),
        (lambda: files.huge_png(20000, 20000), papers.TooManyPixels),
        (lambda: files.text_bomb_png(), papers.BadPaper),
        (b"%PDF-1.4\nnothing more", papers.Damaged),
        (files.PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), papers.LockedPdf),
        (lambda: b"x" * (papers.LARGEST + 1), papers.TooBig),
    ],
    ids=[
        *("empty", "one byte", "jpeg magic", "png magic", "truncated", "svg", "gif", "tiff", "ico", "bmp", "jpeg2000"),
        *("zip", "html", "81 megapixels", "400 megapixels", "text bomb", "cut pdf", "locked pdf", "too big"),
    ],
)
def test_a_bad_file_is_refused_for_its_reason_and_leaves_nothing(draft, now, content, refusal):
    with pytest.raises(refusal):
        keep(draft, content() if callable(content) else content, now)
    assert not Paper.objects.exists()


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", ""])
def test_the_content_decides_and_not_what_the_browser_says(draft, now, content_type):
    assert keep(draft, files.picture("PNG"), now, name="x.svg", content_type=content_type).content_type == "image/jpeg"


@pytest.mark.parametrize(
    "name",
    [
        *("../../settings.py", "..\\..\\boot.ini", "%2e%2e/x", "a\nb.jpg", "\u202egpj.exe", "x" * 300 + ".jpg"),
        *("CON", ".htaccess", "😀.jpg", "x.php.jpg"),
    ],
)
def test_a_name_never_becomes_a_path(draft, now, name):
    upload = files.upload(files.picture())
    upload._name = name  # what a hostile client sends; Django's own class would have cleaned it
    paper = papers.keep(draft, upload, kind=Paper.Kind.ID_CARD, now=now)
    assert paper.file.name.startswith("papers/")
    assert len(paper.file.name) == len("papers/.jpg") + 32
    assert 0 < len(paper.original_name) <= 100
    assert not set("\n/\\\u202e\0") & set(paper.original_name)


def test_the_same_file_twice_is_one_paper(draft, now):
    assert keep(draft, files.picture(), now) == keep(draft, files.picture(), now)
    assert Paper.objects.count() == 1


def test_the_seventh_paper_is_refused(draft, now):
    for n in range(6):
        keep(draft, files.picture(size=(20 + n, 20)), now)
    with pytest.raises(papers.TooManyPapers):
        keep(draft, files.picture(size=(90, 20)), now)


def test_papers_stand_still_once_the_shop_is_approved(shop, now):
    with pytest.raises(papers.PapersAreClosed):
        keep(shop, files.picture(), now)


def test_a_pdf_is_kept_as_it_came_and_only_ever_downloaded(client, draft, artisan, now):
    paper = keep(draft, files.PDF, now)
    client.force_login(artisan)
    page = client.get(f"/sell/papers/{paper.pk}/")
    assert b"".join(page.streaming_content) == files.PDF
    assert page["Content-Disposition"].startswith("attachment")
    assert page["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cache-Control"] == "no-store"


def test_another_shops_paper_is_not_there(client, draft, other_shop, now):
    paper = keep(draft, files.picture(), now)
    client.force_login(other_shop.members.get().user)
    assert client.get(f"/sell/papers/{paper.pk}/").status_code == 404


def test_strangers_are_asked_to_sign_in(client, draft, stranger, now):
    paper = keep(draft, files.picture(), now)
    assert client.get(f"/sell/papers/{paper.pk}/").status_code == 302
    client.force_login(stranger)
    assert client.get(f"/sell/papers/{paper.pk}/")["Location"] == "/sell/apply/"


def test_staff_open_a_paper_only_with_a_reason(client, draft, moderator, now):
    paper = keep(draft, files.picture(), now)
    client.force_login(moderator)
    url = f"/admin/sellers/seller/papers/{paper.pk}/"
    assert b"JFIF" not in client.get(url).content
    assert client.post(url, {"why": ""}).status_code == 422
    assert not AuditRecord.objects.filter(deed="paper_read").exists()
    page = client.post(url, {"why": "compare the name"})
    assert page["Content-Disposition"].startswith("attachment")
    record = AuditRecord.objects.get(deed="paper_read")
    assert record.actor == f"user:{moderator.pk}"
    assert record.detail["why"] == "compare the name"


def test_staff_of_other_groups_open_no_paper(client, draft, moderator, now):
    paper = keep(draft, files.picture(), now)
    moderator.groups.clear()
    client.force_login(moderator)
    assert client.post(f"/admin/sellers/seller/papers/{paper.pk}/", {"why": "curious"}).status_code == 403
