"""Papers of sellers: judged by what is in them, kept without what is hidden in them, shown to their own people only."""

import io

import pypdfium2
import pytest
from PIL import Image

from kernel.models import AuditRecord
from sellers import papers
from sellers.models import Paper, Seller

from . import files

pytestmark = pytest.mark.django_db

# A PDF that wants a password, and one whose table of contents leads back to itself.
LOCK = b"5 0 obj<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>endobj\n"
LOOP = b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"
# What every scanner for viruses knows as its test, written apart so that none takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"


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
        (files.pdf(more=LOCK, trailer=b"/Encrypt 5 0 R/ID[<00><00>]"), papers.LockedPdf),
        (files.pdf(10_000), papers.TooManyPages),
        (files.pdf(0), papers.Damaged),
        (files.pdf().replace(b"Kids[10 0 R]", b"Kids[2 0 R]"), papers.Damaged),
        (LOOP, papers.Damaged),
        (lambda: files.archive(), papers.BadPaper),
        (EICAR, papers.BadPaper),
        (lambda: b"x" * (papers.LARGEST + 1), papers.TooBig),
    ],
    ids=[
        *("empty", "one byte", "jpeg magic", "png magic", "truncated", "svg", "gif", "tiff", "ico", "bmp", "jpeg2000"),
        *("zip", "html", "81 megapixels", "400 megapixels", "text bomb", "cut pdf", "locked pdf"),
        *("10,000 pages", "no page", "page in itself", "xref loop", "docx with a bomb", "eicar", "too big"),
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


@pytest.mark.parametrize(
    ("root", "more"),
    [
        (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", b""),
        (b"/AA<</WC<</S/Launch/F(cmd.exe)>>>>", b""),
        (b"/Names<</EmbeddedFiles<</Names[(a.exe)5 0 R]>>>>", b"5 0 obj<</Type/Filespec/EF<</F 6 0 R>>>>endobj\n"),
        (b"/OpenAction<</S/URI/URI(http://203.0.113.9/)>>", b"5 0 obj(secret author)endobj\n"),
    ],
    ids=["script", "launch", "attachment", "link"],
)
def test_of_a_pdf_only_its_look_is_kept(draft, now, root, more):
    paper = keep(draft, files.pdf(2, root=root, more=more), now)
    kept = paper.file.read()
    assert kept.startswith(b"%PDF-") and paper.content_type == papers.PDF
    active = (b"JavaScript", b"/JS", b"Launch", b"EmbeddedFile", b"Filespec", b"/URI", b"OpenAction", b"/AA", b"secret")
    assert not [word for word in active if word in kept]
    with pypdfium2.PdfDocument(kept) as pdf:
        assert len(pdf) == 2


def test_what_a_scanner_would_find_is_not_kept(draft, now):
    """No scanner is needed: nothing that was sent is ever stored."""
    line = b"%" + EICAR + b"\n"
    for carrier in (files.picture(size=(50, 50)), files.picture("PNG"), files.pdf(more=line)):
        assert b"EICAR" not in keep(draft, carrier + line + b"%%EOF\n", now).file.read()


def test_a_pdf_is_only_ever_downloaded(client, draft, artisan, now):
    paper = keep(draft, files.PDF, now)
    client.force_login(artisan)
    page = client.get(f"/sell/papers/{paper.pk}/")
    assert b"".join(page.streaming_content).startswith(b"%PDF-")
    assert page["Content-Disposition"].startswith("attachment")
    assert page["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cache-Control"] == "no-store"


def test_another_shops_paper_is_not_there_and_asking_for_it_is_written_down(client, draft, other_shop, now):
    paper = keep(draft, files.picture(), now)
    nosy = other_shop.members.get().user
    client.force_login(nosy)
    nothing = "00000000-0000-4000-8000-000000000000"
    missing = client.get(f"/sell/papers/{nothing}/")
    refused = client.get(f"/sell/papers/{paper.pk}/")
    assert refused.status_code == missing.status_code == 404
    assert refused.content.decode().replace(str(paper.pk), nothing) == missing.content.decode()
    record = AuditRecord.objects.get(deed="paper_refused")
    assert (record.actor, record.thing_id) == (f"user:{nosy.pk}", str(paper.pk))


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
    assert AuditRecord.objects.get(deed="paper_refused").actor == f"user:{moderator.pk}"


def test_no_address_leads_to_a_paper(client, draft, now):
    """Not even one that somebody who knows its name would guess, nor one of the public storage."""
    name = keep(draft, files.picture(), now).file.name
    for url in (f"/media/{name}", f"/media/../private/{name}", f"/private/{name}", f"/static/{name}"):
        assert client.get(url).status_code == 404
