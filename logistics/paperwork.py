"""Export papers: a number and frozen facts first, the file later by a worker, each once however often it is asked for.

A parcel has a commercial invoice, a packing list and a CN 23. What they say is checked before a number is taken, so a
number is never spent on a paper that cannot be issued. An issued paper never changes: a correction is a new version.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import messages
from accounts.models import User
from kernel import storage, work
from kernel.formatting import KIGALI
from kernel.lifecycle import IllegalMove
from kernel.refusals import Refusal
from orders.models import Consignment

from . import dossiers, facts, glyphs, rendering
from .models import ExportDocument, NumberSeries, Parcel

Kind, Status = ExportDocument.Kind, ExportDocument.Status

# The invoice first: the others quote its number.
PREFIXES = {Kind.COMMERCIAL_INVOICE: "INV", Kind.PACKING_LIST: "PL", Kind.CN23: "CN23"}
# Without 0, 1, I, L, O and U, which people misread.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


class PapersIncomplete(Refusal):
    """The papers would be refused by customs; says what is missing."""

    code = "papers_incomplete"
    message = facts.INCOMPLETE
    status = 422


class Damaged(Exception):
    """The stored file is not the one that was issued."""


@transaction.atomic
def prepare(parcel: Parcel, *, now: datetime) -> list[ExportDocument]:
    """Give each paper of a parcel its number, check code and frozen facts, once. Raises PapersIncomplete."""
    parcel = dossiers.locked(parcel.pk)
    known = {document.kind: document for document in parcel.documents.current()}
    if any(kind not in known for kind in PREFIXES):
        said = _checked(parcel, now=now)
        for kind in PREFIXES:
            if kind not in known:
                known[kind] = _begin(parcel, kind, said, numbers=known, now=now)
    return [known[kind] for kind in PREFIXES]


@work.task
def issue(*, parcel_id: int) -> None:
    """Make the files of a parcel's papers that have none yet, and tell the shop when its last paper is ready."""
    parcel = Parcel.objects.select_related("consignment").get(pk=parcel_id)
    if parcel.consignment.status in Consignment.FALLEN:
        return
    for document in prepare(parcel, now=timezone.now()):
        if document.status == Status.REQUIRED:
            _make(document)
    _tell_when_ready(parcel.consignment)


@transaction.atomic
def reissue(document: ExportDocument, *, actor: str, why: str, now: datetime) -> ExportDocument:
    """Replace an issued paper by its next version under the same number. Raises IllegalMove, PapersIncomplete."""
    parcel = dossiers.locked(document.parcel_id)
    document = ExportDocument.objects.select_for_update().get(pk=document.pk)
    if not document.move(Status.SUPERSEDED, actor=actor, why=why):
        raise IllegalMove(status=document.get_status_display(), was=document.status, to=Status.SUPERSEDED)
    known = {other.kind: other for other in parcel.documents.current()}
    fresh = _begin(parcel, document.kind, _checked(parcel, now=now), numbers=known, now=now, after=document)
    work.later(issue, parcel_id=parcel.pk)
    return fresh


def all_ready(consignment: Consignment) -> bool:
    """Whether every parcel of a consignment has all its papers."""
    issued = ExportDocument.objects.filter(parcel__consignment=consignment, status=Status.ISSUED).count()
    parcels = consignment.parcels.count()
    return parcels > 0 and issued == parcels * len(PREFIXES)


def content(document: ExportDocument) -> bytes:
    """The issued file, checked against its hash. Raises Damaged."""
    with document.file.open("rb") as stored:
        pdf = stored.read()
    if hashlib.sha256(pdf).hexdigest() != document.sha256:
        raise Damaged(f"the file of {document.number} is not what was issued")
    return bytes(pdf)


@work.every(seconds=300)
def void_fallen(*, now: datetime) -> None:
    """Void the papers of parcels whose order was called off before the post had them."""
    fallen = [Consignment.Status.CANCELLED, Consignment.Status.DECLINED, Consignment.Status.AUTO_CANCELLED]
    open_papers = ExportDocument.objects.current().filter(parcel__consignment__status__in=fallen)
    for document in open_papers.order_by("pk")[:200]:
        document.move(Status.VOIDED, actor="timer", why="the order was called off")


def _checked(parcel: Parcel, *, now: datetime) -> facts.Facts:
    said = dossiers.facts_of(parcel, now=now)
    wrong = facts.problems(said, expected_goods_minor=parcel.planned.goods_minor)
    if wrong:
        raise PapersIncomplete(missing=facts.listed(wrong))
    if glyphs.missing(f"{said.consignee.name}{''.join(said.consignee.lines)}"):
        Parcel.objects.filter(pk=parcel.pk).update(attention=Parcel.Attention.UNDRAWABLE)
    return said


def _begin(
    parcel: Parcel,
    kind: str,
    said: facts.Facts,
    *,
    numbers: dict[str, ExportDocument],
    now: datetime,
    after: ExportDocument | None = None,
) -> ExportDocument:
    """A paper to be made: the next number of its series, or the next version of an earlier paper."""
    seller_id = parcel.consignment.seller_id
    number = after.number if after else _next_number(kind, seller_id=seller_id, now=now)
    invoice = number if kind == Kind.COMMERCIAL_INVOICE else numbers[Kind.COMMERCIAL_INVOICE].number
    version, code = (after.version + 1 if after else 1), _new_code()
    printed: dict[str, Any] = {"kind": str(kind), "number": number, "version": version, "verify_code": code}
    return ExportDocument.objects.create(
        seller_id=seller_id,
        parcel=parcel,
        kind=kind,
        number=number,
        version=version,
        facts={**said.as_json(), **printed, "invoice_no": invoice},
        verify_code=code,
    )


def _next_number(kind: str, *, seller_id: int, now: datetime) -> str:
    """Numbers run without gaps in a shop's series of a year, because they are taken in the paper's own transaction."""
    prefix, year = PREFIXES[Kind(kind)], now.astimezone(KIGALI).year
    name = f"{prefix}:{seller_id}:{year}"
    NumberSeries.objects.get_or_create(name=name)
    series = NumberSeries.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}-{year}-{series.last:06d}"


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


def _make(document: ExportDocument) -> None:
    """Render and store outside any transaction, then claim the row; who comes second takes their file away again."""
    pdf = rendering.render(document.kind, document.facts)
    private = storage.private()
    name = private.save(f"papers/{uuid.uuid4().hex}.pdf", ContentFile(pdf))
    if not _claim(document.pk, name=name, sha256=hashlib.sha256(pdf).hexdigest()):
        private.delete(name)


@transaction.atomic
def _claim(document_id: uuid.UUID, *, name: str, sha256: str) -> bool:
    document = ExportDocument.objects.select_for_update().get(pk=document_id)
    if document.status != Status.REQUIRED:
        return False
    document.file.name, document.sha256, document.issued_at = name, sha256, timezone.now()
    document.save(update_fields=["file", "sha256", "issued_at"])
    return document.move(Status.ISSUED, actor="worker")


def _tell_when_ready(consignment: Consignment) -> None:
    if not all_ready(consignment):
        return
    for user in User.objects.filter(memberships__seller=consignment.seller_id, is_active=True).order_by("pk"):
        messages.tell(
            user,
            "papers_ready",
            once=f"papers_ready:{consignment.number}:{user.pk}",
            url=reverse("sell:consignment", args=[consignment.pk]),
            number=consignment.number,
        )
