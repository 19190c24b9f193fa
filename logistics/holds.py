"""Customs holds: customs asks who the buyer is; the buyer answers from the vault, with two separate consents.

A postal article needs no ID number (customs announcement 2010 No. 43), so it is asked for only here, when customs asks.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import consents, messages, vault
from accounts.models import Identity, LegalText
from kernel import audit
from kernel.actors import actor_of
from kernel.refusals import Refusal

from .models import CustomsHold, Parcel


class HoldOver(Refusal):
    """Customs has let the parcel go, or has its answer."""

    code = "hold_over"
    message = _("Customs does not need this any more. Thank you.")


class NotAnswered(Refusal):
    """There is nothing to send to the carrier yet."""

    code = "hold_not_answered"
    message = _("The buyer has not answered yet.")


def open_for(parcel: Parcel, *, now: datetime) -> CustomsHold:
    """Customs holds this parcel: ask the buyer, once for each hold."""
    hold, is_new = CustomsHold.objects.get_or_create(parcel=parcel, closed_at=None, defaults={"asked_at": now})
    if is_new:
        order = parcel.consignment.order
        messages.tell(
            order.buyer,
            "customs_hold",
            once=f"customs_hold:{hold.pk}",
            url=reverse("logistics:answer_hold", args=[hold.pk]),
            number=order.number,
            waybill=parcel.waybill,
        )
    return hold


def close(parcel: Parcel, *, now: datetime) -> None:
    """Customs has let the parcel go."""
    parcel.holds.filter(closed_at=None).update(closed_at=now)


@transaction.atomic
def answer(
    hold: CustomsHold, *, real_name: str, id_number: str, language: str, ip: str | None, now: datetime
) -> CustomsHold:
    """Keep the buyer's name and number in the vault under both consents and note the answer.

    May be answered again until it was sent, to mend a mistake. Raises HoldOver, and what the vault refuses:
    names.BadName, resident_id.BadResidentId or UnderAge.
    """
    hold = CustomsHold.objects.select_for_update().get(pk=hold.pk)
    if hold.closed_at or hold.sent_at:
        raise HoldOver()
    order = hold.parcel.consignment.order
    agreed = [
        consents.agree(order.buyer, kind=kind, language=language, ip=ip, subject=f"order:{order.number}", now=now)
        for kind in (LegalText.Kind.ID_COLLECTION, LegalText.Kind.CROSS_BORDER)
    ]
    identity = vault.keep(
        order.buyer,
        real_name=real_name,
        id_number=id_number,
        collection_consent=agreed[0],
        cross_border_consent=agreed[1],
        now=now,
    )
    hold.identity_id, hold.answered_at = identity.pk, now
    hold.save(update_fields=["identity_id", "answered_at"])
    audit.record(actor_of(order.buyer), "hold_answered", hold, parcel=hold.parcel.waybill)
    return hold


@transaction.atomic
def reveal(hold: CustomsHold, *, actor: str, why: str) -> tuple[str, str]:
    """The name and number that customs asked for, to be passed on; who reads it and why is written first.

    Raises NotAnswered, HoldOver, vault.NoReason or vault.Erased.
    """
    identity = _identity(hold)
    if hold.closed_at:
        raise HoldOver()
    number = vault.reveal(identity, actor=actor, why=why, subject=f"parcel:{hold.parcel.waybill}")
    return identity.real_name, number


@transaction.atomic
def mark_sent(hold: CustomsHold, *, actor: str, now: datetime) -> bool:
    """The answer has gone to the carrier; says whether that is news. Raises NotAnswered."""
    hold = CustomsHold.objects.select_for_update().get(pk=hold.pk)
    _identity(hold)
    if hold.sent_at:
        return False
    hold.sent_at = now
    hold.save(update_fields=["sent_at"])
    audit.record(actor, "hold_sent", hold, parcel=hold.parcel.waybill, identity=str(hold.identity_id))
    return True


def _identity(hold: CustomsHold) -> Identity:
    identity = Identity.objects.filter(pk=hold.identity_id).first() if hold.identity_id else None
    if identity is None:
        raise NotAnswered()
    return identity
