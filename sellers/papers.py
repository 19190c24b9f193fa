"""Identity papers of sellers: taken in by what they are, not by what they are called, and kept where no address leads.

Photos and PDFs are drawn anew (`kernel.redrawing`), which leaves behind positions, scripts, attachments and anything
hidden; what was sent is known by its hash alone. They are only ever handed out as a download.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, redrawing, storage
from kernel.actors import actor_of
from kernel.refusals import Refusal

from .models import Paper, Seller

MOST = 6
LARGEST = 8 * 1024 * 1024
MOST_PAGES = 10
# A card fills the photo, a page of A4 is at 170 dots an inch: both can be read.
LONGEST_SIDE = 3000
LONGEST_PAGE = 2000
PDF = "application/pdf"
CHANGEABLE = {Seller.Status.APPLIED, Seller.Status.ONBOARDING, Seller.Status.CHANGES_REQUESTED}


class BadPaper(Refusal):
    """A file that we do not take."""

    code = "bad_paper"
    status = 422
    message = _("This file is not a photo (JPEG, PNG, WebP) or a PDF. Take a photo of the paper and send that.")


class EmptyFile(BadPaper):
    code = "empty_file"
    message = _("This file is empty. Choose it again.")


class TooBig(BadPaper):
    code = "file_too_big"
    message = _("This file is larger than 8 MB. Take a smaller photo.")


class TooManyPixels(BadPaper):
    code = "too_many_pixels"
    message = _("This picture has more than 25 million pixels. Take a smaller photo.")


class Damaged(BadPaper):
    code = "damaged_file"
    message = _("This file is damaged. Take the photo again.")


class LockedPdf(BadPaper):
    code = "locked_pdf"
    message = _("This PDF is locked with a password. Send it without one, or send a photo.")


class TooManyPages(BadPaper):
    code = "too_many_pages"
    message = _("This PDF has more than 10 pages. Send only the pages that we need.")


class HeicPaper(BadPaper):
    code = "heic_paper"
    message = _("This is a HEIC photo, which we cannot open. Send it as JPEG.")


class TooBusy(BadPaper):
    code = "papers_busy"
    status = 503
    message = _("We are busy with other files. Send this one again in a minute.")


class TooManyPapers(BadPaper):
    code = "too_many_papers"
    message = _("You can send 6 files. Delete one first.")


class PapersAreClosed(Refusal):
    """While a moderator looks at them, and after approval, papers stay as they are."""

    code = "papers_closed"
    message = _("The papers cannot be changed while we look at them.")


REFUSALS: dict[str, type[BadPaper]] = {
    "unreadable": BadPaper,
    "damaged": Damaged,
    "heic": HeicPaper,
    "pixels": TooManyPixels,
    "locked": LockedPdf,
    "pages": TooManyPages,
    "busy": TooBusy,
}


def keep(seller: Seller, upload: UploadedFile, *, kind: str, now: datetime) -> Paper:
    """Check a file and keep it for a shop; the same file again is the same paper. Raises BadPaper, PapersAreClosed."""
    raw = _read(upload)
    sha256 = hashlib.sha256(raw).hexdigest()
    known = Paper.objects.filter(seller=seller, sha256=sha256).first()
    if known is not None:
        return known
    content, content_type, ending = _cleaned(raw)
    paper = Paper(
        seller=seller,
        kind=kind,
        original_name=label(upload.name or ""),
        content_type=content_type,
        sha256=sha256,
        uploaded_at=now,
    )
    name = storage.private().save(f"papers/{uuid.uuid4().hex}.{ending}", ContentFile(content))
    paper.file.name = name
    try:
        _add(paper)
    except IntegrityError:  # the same form, sent twice at once
        storage.private().delete(name)
        return Paper.objects.get(seller=seller, sha256=sha256)
    except Refusal:
        storage.private().delete(name)
        raise
    return paper


@transaction.atomic
def remove(paper: Paper, *, actor: str) -> None:
    """Take a paper away while the application is still the seller's to change. Raises PapersAreClosed."""
    seller = Seller.objects.select_for_update().get(pk=paper.seller_id)
    if seller.status not in CHANGEABLE:
        raise PapersAreClosed
    audit.record(actor, "paper_removed", seller, kind=paper.kind, sha256=paper.sha256)
    name = str(paper.file.name)
    paper.delete()
    transaction.on_commit(lambda: storage.private().delete(name))


def record_reading(paper: Paper, *, by: Any, why: str) -> None:
    """Write down that staff open a paper, and why, before they see it."""
    audit.record(actor_of(by), "paper_read", paper, why=why[:200], seller=paper.seller_id)


def record_refusal(paper: Paper, *, by: Any) -> None:
    """Write down that somebody asked for a paper which is not theirs to see."""
    audit.record(actor_of(by), "paper_refused", paper, seller=paper.seller_id)


def label(name: str) -> str:
    """The name a file came with, cut to what is safe to show; it never becomes a path."""
    plain = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    plain = plain.replace("\\", "/").rpartition("/")[2].strip(" .")
    return plain[-100:] or "file"


@transaction.atomic
def _add(paper: Paper) -> None:
    seller = Seller.objects.select_for_update().get(pk=paper.seller_id)
    if seller.status not in CHANGEABLE:
        raise PapersAreClosed
    if seller.papers.count() >= MOST:
        raise TooManyPapers
    paper.save()


def _read(upload: UploadedFile) -> bytes:
    if (upload.size or 0) > LARGEST:
        raise TooBig
    raw = upload.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooBig
    if not raw:
        raise EmptyFile
    return raw


def _cleaned(raw: bytes) -> tuple[bytes, str, str]:
    """What is kept, its type and its ending. Raises BadPaper and its kinds."""
    try:
        if raw.startswith(b"%PDF-"):
            return redrawing.reprint(raw, longest=LONGEST_PAGE, pages=MOST_PAGES), PDF, "pdf"
        return redrawing.redraw(raw, longest=LONGEST_SIDE, quality=85).content, "image/jpeg", "jpg"
    except redrawing.Rejected as no:
        raise REFUSALS.get(no.why, Damaged) from None
