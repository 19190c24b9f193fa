"""Parcels: packed with what the scale says, given a waybill each, handed to the post when their papers are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import work
from kernel.refusals import Refusal
from orders import progress
from orders.models import Consignment, PlannedParcel

from . import facts, paperwork, tracking, waybills
from .models import Parcel, Service

MAX_SIDE_MM = 1500


class BadBox(Refusal):
    """A box that cannot be sent so."""

    code = "bad_box"
    message = _("Parcel %(position)s: %(wrong)s")
    status = 422


class NotAllPacked(Refusal):
    """Every planned parcel is packed in one go, none twice."""

    code = "not_all_packed"
    message = _("Please weigh and measure every parcel of this order.")
    status = 422


class PapersNotReady(Refusal):
    """A parcel without papers would be stopped at the border."""

    code = "papers_not_ready"
    message = _("The papers are still being made. Please wait until all of them are ready.")


@dataclass(frozen=True)
class BoxMeasure:
    """What the scale and the tape say of one planned parcel."""

    planned_id: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int


@transaction.atomic
def pack(consignment: Consignment, *, boxes: Sequence[BoxMeasure], actor: str, now: datetime) -> list[Parcel]:
    """Turn planned parcels into real ones and have their papers made. Packing twice gives the same parcels.

    A box heavier than planned is kept and shown to staff; the buyer pays nothing more. Raises IllegalMove before the
    shop has accepted, BadBox, NotAllPacked, waybills.NoWaybills or paperwork.PapersIncomplete.
    """
    if not progress.mark_packed(consignment, actor=actor, now=now):
        return list(consignment.parcels.order_by("planned__position"))
    planned = {box.pk: box for box in consignment.planned_parcels.order_by("position")}
    measured = {box.planned_id: box for box in boxes}
    if set(measured) != set(planned) or len(boxes) != len(planned):
        raise NotAllPacked()
    return [_pack_one(box, measured[pk], consignment, actor=actor, now=now) for pk, box in planned.items()]


@transaction.atomic
def hand_over(consignment: Consignment, *, actor: str, now: datetime) -> bool:
    """The post has every parcel: from now on they are followed. Raises PapersNotReady or IllegalMove."""
    if consignment.parcels.exists() and not paperwork.all_ready(consignment):
        raise PapersNotReady()
    if not progress.mark_handed_over(consignment, actor=actor, now=now):
        return False
    for parcel in consignment.parcels.order_by("pk"):
        work.later(tracking.follow, once=f"follow:{parcel.pk}", parcel_id=parcel.pk)
    return True


def _pack_one(
    planned: PlannedParcel, box: BoxMeasure, consignment: Consignment, *, actor: str, now: datetime
) -> Parcel:
    service = _service(planned, on=consignment.order.placed_at)
    if wrong := _wrong_with(box, service):
        raise BadBox(position=planned.position, wrong=wrong)
    parcel = Parcel.objects.create(
        consignment=consignment,
        planned=planned,
        service=service,
        waybill=waybills.take(service.s10_indicator),
        weight_g=box.weight_g,
        length_mm=box.length_mm,
        width_mm=box.width_mm,
        height_mm=box.height_mm,
        packed_at=now,
        packed_by=actor,
        attention=_odd(planned, box),
    )
    paperwork.prepare(parcel, now=now)
    work.later(paperwork.issue, once=f"papers:{parcel.pk}", parcel_id=parcel.pk)
    return parcel


def _service(planned: PlannedParcel, *, on: datetime) -> Service:
    """The service at the tariff that the order was priced by."""
    offers = Service.objects.filter(code=planned.service, valid_from__lte=on.date()).order_by("-valid_from")
    return offers.first() or Service.objects.filter(code=planned.service).latest("valid_from")


def _wrong_with(box: BoxMeasure, service: Service) -> str:
    most = min(facts.MAX_GROSS_G, service.max_g)
    if not 1 <= box.weight_g <= most:
        return str(_("the weight must be between 1 g and %(most)s g.") % {"most": most})
    if not all(10 <= side <= MAX_SIDE_MM for side in (box.length_mm, box.width_mm, box.height_mm)):
        return str(_("each side must be between 1 cm and 150 cm."))
    return ""


def _odd(planned: PlannedParcel, box: BoxMeasure) -> str:
    """What staff should know of the weight: more than was quoted, or less than half of what the goods weigh."""
    if box.weight_g > planned.weight_g:
        return Parcel.Attention.OVERWEIGHT
    goods_g = sum(part.line.unit_weight_g * part.quantity for part in planned.tax_lines.select_related("line"))
    return Parcel.Attention.LIGHT if box.weight_g * 2 < goods_g else ""
