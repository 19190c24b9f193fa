"""Cases that staff must decide, and their decisions. The shop's people are told in their language, with the reason."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import messages
from accounts.models import User
from kernel import audit
from kernel.actors import actor_of
from kernel.refusals import Refusal

from . import reasons, shops
from .models import Decision, ModerationCase, Seller

Outcome = Decision.Outcome
OPEN = (
    ModerationCase.Status.NEW,
    ModerationCase.Status.IN_REVIEW,
    ModerationCase.Status.NEED_INFO,
    ModerationCase.Status.APPEALED,
)
# What a decision about a shop makes of it, and the message that says so.
EFFECTS: dict[str, tuple[Seller.Status, str]] = {
    Outcome.APPROVED: (Seller.Status.APPROVED, "seller_approved"),
    Outcome.CHANGES_REQUESTED: (Seller.Status.CHANGES_REQUESTED, "seller_changes"),
    Outcome.REJECTED: (Seller.Status.REJECTED, "seller_rejected"),
}


class NeedsReason(Refusal):
    """A no is told with its reason, or not at all."""

    code = "needs_reason"
    status = 422
    message = _("Write the reason that the seller will read, and choose its kind.")


class AlreadyDecided(Refusal):
    """Somebody else was faster."""

    code = "already_decided"
    message = _("This case has been decided already.")


class OwnShop(Refusal):
    """Nobody decides about a shop of their own."""

    code = "own_shop"
    status = 403
    message = _("You cannot decide about your own shop.")


class NoSuchOutcome(Refusal):
    """This outcome is not for this kind of case."""

    code = "no_such_outcome"
    status = 422
    message = _("This decision is not possible here.")


def open_case(kind: str, seller: Seller, subject: str) -> ModerationCase:
    """The open case about a subject such as `catalog.product:7`, opened now if there is none."""
    cases = ModerationCase.objects.filter(subject=subject, status__in=OPEN)
    known = cases.first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return ModerationCase.objects.create(kind=kind, seller=seller, subject=subject)
    except IntegrityError:  # opened by somebody else in this moment
        return cases.get()


@transaction.atomic
def decide(
    case: ModerationCase, *, outcome: str, reason_code: str, statement: str, by: User, now: datetime
) -> Decision:
    """Decide a case, once. For a case about a shop its status follows and its people are told.

    A higher app does both for cases of its own. Raises NeedsReason, AlreadyDecided, OwnShop, NoSuchOutcome.
    """
    statement = statement.strip()
    if outcome not in {Outcome.APPROVED, Outcome.RESTORED} and not (statement and reason_code):
        raise NeedsReason
    if case.kind == ModerationCase.Kind.SELLER and outcome not in EFFECTS:
        raise NoSuchOutcome
    if case.seller.members.filter(user=by).exists():
        raise OwnShop
    if not _settle(case, by):
        raise AlreadyDecided
    decision = Decision.objects.create(
        case=case, outcome=outcome, reason_code=reason_code, statement=statement, by=by, at=now
    )
    audit.record(actor_of(by), "case_decided", case, outcome=str(outcome), reason_code=reason_code)
    if case.kind == ModerationCase.Kind.SELLER:
        _apply(decision, by)
    return decision


def is_open() -> Case:
    """An expression: 1 for open cases, 0 for others; to order a queue by."""
    return Case(When(status__in=OPEN, then=Value(1)), default=Value(0), output_field=IntegerField())


def last_decision(seller: Seller) -> Decision | None:
    """The newest decision about the shop itself."""
    return (
        Decision.objects.filter(case__seller=seller, case__kind=ModerationCase.Kind.SELLER)
        .order_by("-at", "-pk")
        .first()
    )


def _settle(case: ModerationCase, by: User) -> bool:
    if ModerationCase.objects.select_for_update().get(pk=case.pk).status not in OPEN:
        return False
    return case.move(ModerationCase.Status.DECIDED, actor=actor_of(by))


def _apply(decision: Decision, by: User) -> None:
    status, kind = EFFECTS[decision.outcome]
    seller = decision.case.seller
    seller.move(status, actor=actor_of(by), why=decision.reason_code)
    reason = reasons.of(decision.reason_code) if decision.reason_code else None
    for person in shops.members(seller):
        with translation.override(person.language):
            words = (str(reason.label), str(reason.fix)) if reason else ("", "")
        messages.tell(
            person,
            kind,
            once=f"{kind}:{decision.pk}",
            url="/sell/status/",
            shop=seller.name,
            reason=words[0],
            fix=words[1],
            statement=decision.statement,
        )
