"""The vault: a buyer's real name and ID number, kept only where a route or customs asks, and read only with a reason.

Personal Information Protection Law of China, Arts 28 to 30 (necessity, separate consent), 39 (separate consent to send
it abroad), 19 and 47 (kept for the shortest time).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, work
from kernel.actors import actor_of
from kernel.crypt import blind
from kernel.refusals import Refusal

from . import names, resident_id
from .models import Consent, Identity, LegalText, User

# Until the parcel has crossed and the time to contest its taxes is over.
KEEP_FOR = timedelta(days=180)
# More people than this behind one number is a case for staff.
SHARED_BY_FEW = 3
_CHINA = ZoneInfo("Asia/Shanghai")


class NeedsConsent(Refusal):
    """Collecting the number and sending it abroad need one consent each, given by this person."""

    code = "needs_consent"
    status = 422
    message = _("Please read and agree to both texts: collecting the ID number, and sending it abroad.")


class Erased(Refusal):
    """The number was erased when its time was over."""

    code = "identity_erased"
    message = _("This ID number has been erased.")


class NoReason(Refusal):
    """Nobody reads an ID number without saying why."""

    code = "no_reason"
    status = 422
    message = _("Say why you need to read this.")


@transaction.atomic
def keep(
    user: User,
    *,
    real_name: str,
    id_number: str,
    collection_consent: Consent,
    cross_border_consent: Consent,
    now: datetime,
) -> Identity:
    """Put a real name and ID number into the vault. Raises BadName, BadResidentId, UnderAge, NeedsConsent.

    The same number and name again renews the earlier row.
    """
    _require(collection_consent, LegalText.Kind.ID_COLLECTION, user)
    _require(cross_border_consent, LegalText.Kind.CROSS_BORDER, user)
    name = names.person(real_name)
    number = resident_id.of_adult(id_number, today=now.astimezone(_CHINA).date())
    hashed = blind(number.number, purpose="identity")
    known = Identity.objects.select_for_update().filter(
        user=user, id_number_blind=hashed, real_name=name, erased_at=None
    )
    identity = known.first() or Identity(user=user, real_name=name, masked=number.masked, id_number_blind=hashed)
    identity.id_number = number.number
    identity.collection_consent, identity.cross_border_consent = collection_consent, cross_border_consent
    identity.erase_on = (now + KEEP_FOR).date()
    identity.save()
    audit.record(actor_of(user), "id_kept", identity)
    _watch_sharing(identity)
    return identity


@transaction.atomic
def reveal(identity: Identity, *, actor: str, why: str, subject: str) -> str:
    """The full ID number, for one stated purpose; who, when and why are written first. Raises NoReason, Erased."""
    if not why.strip():
        raise NoReason
    fresh = Identity.objects.get(pk=identity.pk)
    if fresh.erased_at or fresh.id_number_cipher is None:
        raise Erased
    audit.record(actor, "id_read", fresh, why=why[:200], subject=subject)
    return fresh.id_number


def of(user: User) -> list[Identity]:
    """The identities a person has given, newest first, erased ones left out."""
    return list(Identity.objects.filter(user=user, erased_at=None).order_by("-created_at"))


@transaction.atomic
def erase(identity: Identity, *, actor: str, now: datetime) -> None:
    """Erase the number, its hash and the name for good; the row stays to prove that it was done."""
    fresh = Identity.objects.select_for_update().get(pk=identity.pk)
    if fresh.erased_at:
        return
    fresh.id_number = None
    fresh.id_number_blind, fresh.real_name, fresh.erased_at = "", "", now
    fresh.save()
    audit.record(actor, "id_erased", fresh)


@work.every(seconds=3600)
def erase_due(*, now: datetime) -> None:
    """Erase the numbers whose time is over."""
    for identity in Identity.objects.filter(erased_at=None, erase_on__lte=now.date()).order_by("pk")[:500]:
        erase(identity, actor="timer", now=now)


def _require(consent: Consent, kind: str, user: User) -> None:
    if consent.user_id != user.pk or consent.text.kind != kind:
        raise NeedsConsent


def _watch_sharing(identity: Identity) -> None:
    """One number behind many accounts may be a stolen one: staff see it in the audit trail."""
    people = Identity.objects.filter(id_number_blind=identity.id_number_blind).values("user").distinct().count()
    if people > SHARED_BY_FEW:
        audit.record("system", "id_shared", identity, people=people)
