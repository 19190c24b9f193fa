"""What staff decide about a product. The seller is told each time, with the reason where it is a no."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import messages
from accounts.models import User
from kernel import audit, work
from kernel.actors import actor_of
from kernel.refusals import Refusal
from sellers import moderation as cases
from sellers import shops
from sellers.models import Decision, ModerationCase

from . import access, prices, reasons, search, texts
from .listing import subject
from .models import Product, ProductText

Status = Product.Status
Outcome = Decision.Outcome


class NotPublishable(Refusal):
    """Buyers or customs would miss something."""

    code = "product_not_publishable"
    status = 422
    message = _("It cannot be published yet. Missing: %(missing)s.")


class NotAllowedToSay(NotPublishable):
    """A text that buyers see says what advertising may not say. Names the words, the text and the rule."""

    code = "words_not_allowed"
    message = _("It cannot be published yet. Not allowed in advertising: %(found)s.")


class NeedsEvidence(Refusal):
    """An approval without a name or without proof is none."""

    code = "access_needs_evidence"
    status = 422
    message = _("Write what proves that these goods may be sent.")


def missing(product: Product) -> list[str]:
    """What stands between a product and its buyers, in words for staff. Whether it may be sent is another question."""
    variants = list(product.variants.all())
    needs = [
        (_("name in Chinese"), product.name_zh),
        (_("summary or description in Chinese"), texts.says_something(product, "zh")),
        (_("customs number"), product.hs_code_id),
        (_("description for customs, in English"), product.customs_description),
        (_("a photo"), product.pictures.exists()),
        (
            _("packed weight and size"),
            bool(variants) and all(v.length_mm and v.width_mm and v.height_mm for v in variants),
        ),
    ]
    return [str(name) for name, there in needs if not there]


def not_allowed(product: Product) -> list[str]:
    """Every word that advertising may not use, with the text where it stands and the rule, in words for staff."""
    called = dict(ProductText.Field.choices)
    return [
        _("“%(word)s” in %(text)s (%(language)s): %(rule)s")
        % {"word": found.word, "text": called[field], "language": language, "rule": found.rule}
        for field, language, found in texts.findings(product)
    ]


def in_the_way(product: Product) -> list[str]:
    """All that stands between a product and its buyers, for staff to see before they decide."""
    return missing(product) + not_allowed(product)


@transaction.atomic
def publish(product: Product, *, by: User, now: datetime) -> bool:
    """Put a reviewed product on sale at today's price; says whether it was published now.

    Raises NotPublishable, NotAllowedToSay, access.MayNotBeSent, prices.NoRate, cases.OwnShop, IllegalMove.
    """
    product = _locked(product)
    if product.status == Status.PUBLISHED:
        return False
    texts.refresh(product)
    if gaps := missing(product):
        raise NotPublishable(missing=", ".join(gaps))
    if found := not_allowed(product):
        raise NotAllowedToSay(found="; ".join(found))
    access.require(product)
    restored = product.status == Status.SUSPENDED
    decision = _decide(product, Outcome.RESTORED if restored else Outcome.APPROVED, by=by, now=now)
    product.move(Status.PUBLISHED, actor=actor_of(by))
    product.published_at = product.published_at or now
    product.save(update_fields=["published_at"])
    for variant in product.variants.all():
        prices.reprice(variant, now=now)
    work.later(search.index, product_id=product.pk, once=f"product:{product.pk}")
    _tell(product, "product_published", decision)
    return True


@transaction.atomic
def request_changes(product: Product, *, reason_code: str, statement: str, by: User, now: datetime) -> None:
    """Send a submitted product back to its seller. Raises cases.NeedsReason, cases.OwnShop, IllegalMove."""
    product = _locked(product)
    decision = _decide(product, Outcome.CHANGES_REQUESTED, by=by, now=now, reason_code=reason_code, statement=statement)
    product.move(Status.CHANGES_REQUESTED, actor=actor_of(by), why=reason_code)
    _tell(product, "product_changes", decision)


@transaction.atomic
def suspend(product: Product, *, reason_code: str, statement: str, by: User, now: datetime) -> None:
    """Take a product off sale against its seller's will. Raises cases.NeedsReason, cases.OwnShop, IllegalMove."""
    product = _locked(product)
    decision = _decide(product, Outcome.SUSPENDED, by=by, now=now, reason_code=reason_code, statement=statement)
    product.move(Status.SUSPENDED, actor=actor_of(by), why=reason_code)
    _tell(product, "product_suspended", decision)


@transaction.atomic
def approve_access(product: Product, *, evidence: str, by: User) -> None:
    """Vouch by name that goods of an unsettled line may be sent, with what proves it. Raises NeedsEvidence."""
    if not evidence.strip():
        raise NeedsEvidence
    product.access_approved_by = str(by)[:80]
    product.access_evidence = evidence.strip()[:200]
    product.save(update_fields=["access_approved_by", "access_evidence"])
    audit.record(actor_of(by), "access_approved", product, evidence=product.access_evidence)


def last_decision(product: Product) -> Decision | None:
    """The newest decision about a product."""
    return Decision.objects.filter(case__subject=subject(product)).order_by("-at", "-pk").first()


def _locked(product: Product) -> Product:
    return Product.objects.select_for_update(of=("self",)).select_related("seller", "hs_code").get(pk=product.pk)


def _decide(
    product: Product, outcome: str, *, by: User, now: datetime, reason_code: str = "", statement: str = ""
) -> Decision:
    case = cases.open_case(ModerationCase.Kind.PRODUCT, product.seller, subject(product))
    return cases.decide(case, outcome=outcome, reason_code=reason_code, statement=statement, by=by, now=now)


def _tell(product: Product, kind: str, decision: Decision) -> None:
    reason = reasons.of(decision.reason_code) if decision.reason_code else None
    for person in shops.members(product.seller):
        with translation.override(person.language):
            words = (str(reason.label), str(reason.fix)) if reason else ("", "")
            name = product.name
        messages.tell(
            person,
            kind,
            once=f"{kind}:{decision.pk}",
            url=f"/sell/products/{product.pk}/",
            product=name,
            reason=words[0],
            fix=words[1],
            statement=decision.statement,
        )
