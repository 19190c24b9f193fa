"""How somebody becomes a seller: a draft that keeps what was accepted, and one sending to the moderators."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import consents, messages
from accounts.models import LegalText, User
from kernel.actors import actor_of
from kernel.refusals import Refusal

from . import moderation, shops
from .models import ModerationCase, Paper, Seller, SellerMember

# The papers that prove each kind of seller.
NEEDED = {
    Seller.Kind.ARTISAN: (Paper.Kind.ID_CARD,),
    Seller.Kind.COOPERATIVE: (Paper.Kind.ID_CARD, Paper.Kind.COOPERATIVE_CERTIFICATE),
    Seller.Kind.COMPANY: (Paper.Kind.ID_CARD, Paper.Kind.COMPANY_CERTIFICATE),
}
OPEN = {Seller.Status.APPLIED, Seller.Status.ONBOARDING, Seller.Status.CHANGES_REQUESTED}
_REQUIRED = ("name", "kind", "legal_name", "national_id_masked", "district_code", "sector", "momo_number")


class NotOpen(Refusal):
    """The application is with the moderators, or is decided."""

    code = "application_closed"
    message = _("Your application cannot be changed now: it is “%(status)s”.")


class Incomplete(Refusal):
    """Something that the moderators need is missing."""

    code = "application_incomplete"
    status = 422
    message = _("Some answers are missing. Fill them in and send again.")


class MissingPaper(Incomplete):
    """A paper that this kind of seller must show is missing."""

    code = "paper_missing"
    message = _("Add this paper: %(paper)s.")


@dataclass(frozen=True)
class Answers:
    """What a seller says about the shop, already checked and normalised. An identity number comes masked only."""

    name: str = ""
    kind: str = ""
    legal_name: str = ""
    national_id_masked: str = ""
    tin: str = ""
    district_code: str = ""
    province: str = ""
    district: str = ""
    sector: str = ""
    place_note: str = ""
    phone: str = ""
    momo_number: str = ""
    language: str = ""


@transaction.atomic
def draft(user: User, *, language: str) -> Seller:
    """The shop this person acts for, or a new empty application of theirs."""
    User.objects.select_for_update().get(pk=user.pk)
    seller = shops.of(user)
    if seller is None:
        seller = Seller.objects.create(slug=f"new-{secrets.token_hex(8)}", language=language, phone=user.phone or "")
        SellerMember.objects.create(seller=seller, user=user)
    return seller


@transaction.atomic
def save(seller: Seller, answers: Answers) -> Seller:
    """Keep the answers that are there; empty ones leave what was kept before. Raises NotOpen."""
    fresh = Seller.objects.select_for_update().get(pk=seller.pk)
    if fresh.status not in OPEN:
        raise NotOpen(status=fresh.get_status_display())
    given = {field.name: getattr(answers, field.name) for field in fields(answers)}
    for name, value in given.items():
        if value or (name == "tin" and answers.kind and answers.kind != Seller.Kind.COMPANY):
            setattr(fresh, name, value)
    fresh.save()
    return fresh


@transaction.atomic
def apply(user: User, answers: Answers, *, ip: str | None, now: datetime) -> Seller:
    """Save the answers, record consent to the rules for sellers, send the application. Raises NotOpen, Incomplete."""
    seller = save(draft(user, language=answers.language or user.language), answers)
    consents.agree(
        user,
        kind=LegalText.Kind.SELLER_RULES,
        language=user.language,
        ip=ip,
        subject=f"sellers.seller:{seller.pk}",
        now=now,
    )
    return submit(seller, by=user)


@transaction.atomic
def submit(seller: Seller, *, by: User) -> Seller:
    """Send an application to the moderators and tell its people; once is enough. Raises NotOpen, Incomplete."""
    seller = Seller.objects.select_for_update().get(pk=seller.pk)
    if seller.status == Seller.Status.READY_FOR_REVIEW:
        return seller
    if seller.status not in OPEN:
        raise NotOpen(status=seller.get_status_display())
    require_complete(seller)
    if seller.slug.startswith("new-"):
        seller.slug = _free_slug(seller.name)
        seller.save(update_fields=["slug"])
    seller.move(Seller.Status.READY_FOR_REVIEW, actor=actor_of(by))
    case = moderation.open_case(ModerationCase.Kind.SELLER, seller, f"sellers.seller:{seller.pk}")
    for person in shops.members(seller):
        messages.tell(person, "seller_applied", once=f"seller_applied:{case.pk}", url="/sell/status/", shop=seller.name)
    return seller


def require_complete(seller: Seller) -> None:
    """Raises Incomplete, or MissingPaper with the first paper that is missing."""
    if not all(getattr(seller, name) for name in _REQUIRED) or (seller.kind == Seller.Kind.COMPANY and not seller.tin):
        raise Incomplete
    missing = missing_papers(seller, seller.kind)
    if missing:
        raise MissingPaper(paper=missing[0].label)


def missing_papers(seller: Seller, kind: str) -> list[Paper.Kind]:
    """The papers that this kind of seller must still show."""
    there = set(seller.papers.values_list("kind", flat=True))
    return [paper for paper in NEEDED.get(Seller.Kind(kind), ()) if paper not in there] if kind in Seller.Kind else []


def _free_slug(name: str) -> str:
    base = slugify(name)[:50].strip("-") or "shop"
    taken = set(Seller.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken and base != "new":
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
