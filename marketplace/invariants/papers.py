"""Parcels and papers: each box has its papers once, they say what was ordered, and their files are what was issued."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from kernel import storage
from logistics import paperwork, s10, states
from logistics.models import ExportDocument, NumberSeries, Parcel
from orders.models import Consignment
from sellers.models import Paper

from .base import Invariant, none_of

ORPHANS_GO_WITHIN = timedelta(hours=24)
ISSUED = ~Q(status__in=[ExportDocument.Status.REQUIRED, ExportDocument.Status.DRAFT, ExportDocument.Status.VOIDED])


def _files_differ(now: datetime) -> Iterator[str]:
    for document in ExportDocument.objects.filter(ISSUED).order_by("pk").iterator(500):
        try:
            paperwork.content(document)
        except (OSError, ValueError):
            yield f"the file of {document.number} v{document.version} is missing"
        except paperwork.Damaged as damaged:
            yield str(damaged)
    for paper in Paper.objects.order_by("pk").iterator(500):
        if not paper.file.storage.exists(paper.file.name or ""):
            yield f"the file of the seller's paper {paper.pk} is missing"


def _files_without_a_row(now: datetime) -> Iterator[str]:
    names = list(storage.stored(storage.private()))
    for name in sorted(set(names) - storage.named(names)):
        if storage.is_older(storage.private(), name, now - ORPHANS_GO_WITHIN):
            yield f"the private file {name} belongs to nothing"


def _numbers_have_gaps(now: datetime) -> Iterator[str]:
    """A series runs from 1 to its last number, each given to one paper."""
    given: dict[str, Counter[int]] = {}
    for seller_id, number in ExportDocument.objects.filter(version=1).values_list("seller_id", "number"):
        prefix, year, serial = number.rsplit("-", 2)
        given.setdefault(f"{prefix}:{seller_id}:{year}", Counter())[int(serial)] += 1
    known = {series.name: series.last for series in NumberSeries.objects.filter(name__regex=r"^[A-Z0-9]+:\d+:\d+$")}
    for name in sorted(known.keys() | given.keys()):
        last, papers = known.get(name, 0), given.get(name, Counter())
        if papers != Counter(range(1, last + 1)):
            yield f"the series {name} stands at {last}, with {papers.total()} papers"


def _papers_say_otherwise(now: datetime) -> Iterator[str]:
    documents = ExportDocument.objects.current().select_related("parcel__planned", "parcel__consignment__order")
    for document in documents.prefetch_related("parcel__planned__tax_lines__line").order_by("pk").iterator(500):
        if wrong := [name for name, (said, true) in _sayings(document).items() if said != true]:
            yield f"{document.number} v{document.version} does not fit the order: {', '.join(wrong)}"


def _sayings(document: ExportDocument) -> dict[str, tuple[object, object]]:
    """What a paper says, and what the frozen rows say."""
    facts, parcel = document.facts, document.parcel
    lines = list(parcel.planned.tax_lines.all())
    return {
        "number": (facts["number"], document.number),
        "check code": (facts["verify_code"], document.verify_code),
        "order": (facts["order_number"], parcel.consignment.order.number),
        "waybill": (facts["waybill"], parcel.waybill),
        "goods": (facts["goods_minor"], parcel.planned.goods_minor),
        "sum of the goods": (sum(good["value_minor"] for good in facts["goods"]), parcel.planned.goods_minor),
        "pieces": (facts["pieces"], sum(line.quantity for line in lines)),
        "weight": (facts["gross_g"], parcel.weight_g),
        "HS codes": (
            sorted(good["hs_code"] for good in facts["goods"]),
            sorted(line.line.hs_code for line in lines),
        ),
    }


def _elsewhere_than_seen(now: datetime) -> Iterable[str]:
    parcels = Parcel.objects.prefetch_related("events").order_by("pk")
    for parcel in parcels.iterator(500):
        if parcel.status in states.TERMINAL and parcel.attention:
            continue  # an end stands; what contradicts it waits for staff
        seen = (states.Sighting(event.status, event.occurred_at) for event in parcel.events.all() if event.status)
        if (should := states.derive(seen)) != parcel.status:
            yield f"parcel {parcel.waybill} is {parcel.status}, its events say {should}"


def _bad_waybills(now: datetime) -> Iterator[str]:
    for waybill in Parcel.objects.values_list("waybill", flat=True).iterator(2000):
        try:
            s10.read(waybill)
        except s10.BadWaybill:
            yield f"{waybill} is no waybill number"


def _delivered_but_not(now: datetime) -> Iterator[str]:
    open_parts = Consignment.objects.filter(status=Consignment.Status.HANDED_OVER, parcels__isnull=False)
    for part in open_parts.prefetch_related("parcels").distinct().order_by("pk").iterator(500):
        parcels = list(part.parcels.all())
        if all(parcel.status == Parcel.Status.DELIVERED and not parcel.attention for parcel in parcels):
            yield f"all parcels of consignment {part.number} are delivered, and it is not"


INVARIANTS = [
    none_of(
        "packed_parts_have_their_parcels",
        "A consignment that was packed has each planned parcel as one real one.",
        """
        SELECT c.number, count(p.id), count(real.id) FROM orders_consignment c
        JOIN orders_plannedparcel p ON p.consignment_id = c.id
        LEFT JOIN logistics_parcel real ON real.planned_id = p.id AND real.consignment_id = c.id
        WHERE EXISTS (SELECT 1 FROM logistics_parcel any_of WHERE any_of.consignment_id = c.id)
        GROUP BY c.id HAVING count(p.id) <> count(real.id) ORDER BY 1
        """,
        "consignment %s: %s parcels planned, %s packed",
    ),
    none_of(
        "parcels_have_their_papers_once",
        "A packed parcel has each of its three papers once, counting those that stand.",
        """
        SELECT p.waybill, count(DISTINCT d.kind), count(d.id) FROM logistics_parcel p
        JOIN orders_consignment c ON c.id = p.consignment_id
        LEFT JOIN logistics_exportdocument d ON d.parcel_id = p.id AND d.status NOT IN ('superseded', 'voided')
        WHERE c.status NOT IN ('declined', 'auto_cancelled', 'cancelled', 'returned')
        GROUP BY p.id HAVING count(DISTINCT d.kind) <> 3 OR count(d.id) <> 3 ORDER BY 1
        """,
        "parcel %s has %s kinds of papers in %s pieces",
    ),
    none_of(
        "sent_parcels_have_issued_papers",
        "No parcel is on its way before all its papers were issued.",
        """
        SELECT p.waybill, c.status, count(d.id) FROM logistics_parcel p
        JOIN orders_consignment c ON c.id = p.consignment_id
        LEFT JOIN logistics_exportdocument d ON d.parcel_id = p.id AND d.issued_at IS NOT NULL
            AND d.status <> 'voided'
        WHERE c.status IN ('handed_over', 'delivered', 'completed')
        GROUP BY p.id, c.status HAVING count(DISTINCT d.kind) < 3 ORDER BY 1
        """,
        "parcel %s is %s with %s issued papers",
    ),
    none_of(
        "issued_papers_have_a_file",
        "An issued paper has a file, its hash and its time; one that is not issued has none of them.",
        """
        SELECT number, version, status FROM logistics_exportdocument WHERE CASE
            WHEN status IN ('issued', 'superseded') THEN file = '' OR sha256 = '' OR issued_at IS NULL
            WHEN status IN ('required', 'draft') THEN file <> '' OR sha256 <> '' OR issued_at IS NOT NULL
            ELSE false END
        ORDER BY 1, 2
        """,
        "%s v%s is %s, and its file does not fit that",
    ),
    none_of(
        "open_holds_have_a_held_parcel",
        "Customs' question is open while customs holds the parcel.",
        """
        SELECT p.waybill, p.status, count(h.id) FROM logistics_parcel p
        LEFT JOIN logistics_customshold h ON h.parcel_id = p.id AND h.closed_at IS NULL
        GROUP BY p.id HAVING count(h.id) <> CASE p.status WHEN 'held_customs' THEN 1 ELSE 0 END ORDER BY 1
        """,
        "parcel %s is %s, with %s open questions",
    ),
    Invariant(
        "files_are_what_was_issued", "Every paper's file is there, with the hash it was issued under.", _files_differ
    ),
    Invariant(
        "files_belong_to_a_row", "Every private file belongs to a row, or is younger than a day.", _files_without_a_row
    ),
    Invariant(
        "paper_numbers_have_no_gaps", "The numbers of a shop's papers run without gap or repeat.", _numbers_have_gaps
    ),
    Invariant("papers_say_what_was_ordered", "What a paper says is what the order froze.", _papers_say_otherwise),
    Invariant(
        "parcels_are_where_they_were_seen", "A parcel's state is what its events add up to.", _elsewhere_than_seen
    ),
    Invariant("waybills_are_numbers_of_the_post", "Every waybill number has its check digit.", _bad_waybills),
    Invariant(
        "delivered_parcels_end_their_part", "A consignment whose parcels all arrived is delivered.", _delivered_but_not
    ),
]
