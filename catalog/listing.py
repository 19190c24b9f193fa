"""A seller's product on its way to buyers: written down, changed, sent for review, paused, put away."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel import work
from kernel.lifecycle import IllegalMove
from kernel.refusals import Refusal
from sellers import moderation as cases
from sellers.models import ModerationCase, Seller

from . import access, customs, options, prices, readiness, search, showing, texts, variants, vocabulary
from .models import Category, HsCode, Maker, Product, ProductText
from .options import Option
from .variants import VariantFacts
from .vocabulary import ProductType

Status, Field = Product.Status, ProductText.Field
# The languages sellers write in; Chinese is composed, or written by staff.
WRITTEN_IN = ("rw", "en", "fr")
LONGEST_LEAD = 60


class NotReady(Refusal):
    """Something that buyers or customs need is missing."""

    code = "product_not_ready"
    status = 422
    message = _("Before you send it, please add: %(missing)s.")


class NotASeller(Refusal):
    """Only an approved shop sends products for review."""

    code = "shop_not_approved"
    message = _("Your shop is not approved yet. You can send products after that.")


class WordsNotAllowed(Refusal):
    """The seller's own words say what advertising in China may not say."""

    code = "words_not_allowed"
    status = 422
    message = _("Please change these words: %(found)s")


class ChangedMeanwhile(Refusal):
    """Somebody else, or the same person in another window, has changed it since it was read."""

    code = "product_changed_meanwhile"
    message = _("This product was changed in another window meanwhile. Here is what you wrote: save again to keep it.")


@dataclass(frozen=True)
class Facts:
    """What a seller says about a product.

    `facts` are answers by attribute, as `catalog.facts` checks them. `name` and `description` are the seller's own
    words in the language `written_in`; where they are empty, texts are composed from the facts. `district` is the
    English name of where it is made, empty where the shop is. `lead_days` is how long making one takes once it is
    ordered, 0 where it lies ready.
    """

    product_type: ProductType
    facts: Mapping[str, Any]
    variants: Sequence[VariantFacts]
    written_in: str = "rw"
    name: str = ""
    description: str = ""
    maker: Maker | None = None
    district: str = ""
    lead_days: int = 0

    @property
    def reviewed(self) -> Facts:
        """The part of it that staff read before buyers do: all but stock and lead time."""
        return replace(self, lead_days=0, variants=[replace(one, stock=0, pk=None) for one in self.variants])


@transaction.atomic
def create(seller: Seller, facts: Facts, *, actor: str, now: datetime) -> Product:
    """Write a new product down as a draft. Raises facts.BadFact, the refusals of options.settle and variants.write."""
    product = Product(seller=seller, slug=_slug(facts), written_in=facts.written_in, created_at=now)
    settled, choices = _settled(facts)
    _write(product, settled, choices, actor=actor, now=now)
    return product


@transaction.atomic
def revise(product: Product, facts: Facts, *, actor: str, now: datetime, seen: str = "") -> bool:
    """Change what is said about a product; says whether anything changed that is reviewed.

    Buyers see no unread claim: a published or paused product goes back for review. `seen` is the `fingerprint` of what
    the change was made from. Raises what `create` does, ChangedMeanwhile when it is not so any more, and IllegalMove
    for a product that was stopped or put away.
    """
    product = Product.objects.select_for_update(of=("self",)).select_related("seller", "hs_code").get(pk=product.pk)
    if product.status in (Status.SUSPENDED, Status.ARCHIVED):
        raise IllegalMove(status=product.get_status_display(), was=product.status, to=Status.SUBMITTED)
    before = facts_of(product)
    settled, choices = _settled(facts)
    if settled.lead_days != product.lead_days:
        promise(product, lead_days=settled.lead_days)
    if before is not None and settled.reviewed == before.reviewed:
        return False
    if seen and seen != _fingerprint(before):
        raise ChangedMeanwhile
    _write(product, settled, choices, actor=actor, now=now)
    if product.status in (Status.PUBLISHED, Status.PAUSED):
        _send(product, actor=actor, why="changed by the seller")
    return True


@transaction.atomic
def promise(product: Product, *, lead_days: int) -> None:
    """Say how many days making one takes once it is ordered, 0 where it lies ready. Needs no review."""
    product.lead_days = lead_days
    Product.objects.filter(pk=product.pk).update(lead_days=lead_days)
    texts.later(product.pk)
    showing.later(product.pk)


def credit(product: Product, maker: Maker, *, actor: str, now: datetime) -> bool:
    """Say who makes a product; says whether that is news. Raises what `revise` does."""
    facts = facts_of(product)
    return facts is not None and revise(product, replace(facts, maker=maker), actor=actor, now=now)


@transaction.atomic
def submit(product: Product, *, actor: str) -> bool:
    """Send for review; says whether it was sent now. Raises NotASeller, NotReady, WordsNotAllowed, IllegalMove."""
    product = Product.objects.select_for_update(of=("self",)).select_related("seller", "hs_code").get(pk=product.pk)
    if product.status == Status.SUBMITTED:
        return False
    if product.seller.status != Seller.Status.APPROVED:
        raise NotASeller
    if missing := readiness.missing(product):
        raise NotReady(missing=", ".join(map(str, missing)))
    if found := readiness.forbidden(product):
        raise WordsNotAllowed(found=" ".join(found))
    if product.status not in (Status.DRAFT, Status.CHANGES_REQUESTED):
        raise IllegalMove(status=product.get_status_display(), was=product.status, to=Status.SUBMITTED)
    _send(product, actor=actor, why="")
    return True


def pause(product: Product, *, actor: str) -> bool:
    """Take off sale for a while. Raises IllegalMove."""
    return product.move(Status.PAUSED, actor=actor)


@transaction.atomic
def resume(product: Product, *, actor: str, now: datetime) -> bool:
    """Put a paused product on sale again at today's price. Raises IllegalMove, access.MayNotBeSent, prices.NoRate."""
    fresh = Product.objects.select_for_update(of=("self",)).select_related("hs_code").get(pk=product.pk)
    if fresh.status not in (Status.PAUSED, Status.PUBLISHED):
        raise IllegalMove(status=fresh.get_status_display(), was=fresh.status, to=Status.PUBLISHED)
    access.require(fresh)
    moved = fresh.move(Status.PUBLISHED, actor=actor, why="put on sale again")
    if moved:
        for variant in fresh.variants.all():
            prices.reprice(variant, now=now)
    product.status = fresh.status
    return moved


def put_away(product: Product, *, actor: str) -> bool:
    """Take out of the seller's list for good; orders keep it."""
    return product.move(Status.ARCHIVED, actor=actor)


def facts_of(product: Product, *, else_type: ProductType | None = None) -> Facts | None:
    """What was said about a product last, to compare and to fill the form.

    If the vocabulary has lost its type, as if it were of `else_type`, or nothing.
    """
    product_type = vocabulary.types().get(product.product_type, else_type)
    if product_type is None:
        return None
    return Facts(
        product_type=product_type,
        facts=product.facts,
        variants=[variants.of(variant) for variant in variants.offered(product)],
        written_in=product.written_in,
        name=texts.own(product, Field.TITLE),
        description=texts.own(product, Field.DESCRIPTION),
        maker=product.maker,
        district=product.district,
        lead_days=product.lead_days,
    )


def fingerprint(product: Product) -> str:
    """A short word that differs when something else is said about the product."""
    return _fingerprint(facts_of(product))


def subject(product: Product) -> str:
    """How a moderation case names a product."""
    return f"catalog.product:{product.pk}"


def _settled(facts: Facts) -> tuple[Facts, list[list[Option]]]:
    """The same with every answer checked and in its place, and each variant's options in their order."""
    settled = options.settle(facts.product_type, facts.facts, [one.options for one in facts.variants])
    each = [
        replace(one, options={chosen["attribute"]: chosen["value"] for chosen in own})
        for one, own in zip(facts.variants, settled.options, strict=True)
    ]
    tidy = replace(
        facts,
        facts=settled.facts,
        variants=each,
        name=" ".join(facts.name.split()),
        description=facts.description.replace("\r\n", "\n").strip(),
    )
    return tidy, settled.options


def _write(
    product: Product,
    facts: Facts,
    choices: list[list[Option]],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Put what was said into the rows, and ask for all that follows from it."""
    before = vocabulary.types().get(product.product_type)
    proposed = customs.describe(before, product.facts) if before else ""
    product.facts, product.maker, product.district = facts.facts, facts.maker, facts.district
    product.written_in, product.lead_days = facts.written_in, facts.lead_days
    if before != facts.product_type:
        _classify(product, facts.product_type)
    if product.customs_description in ("", proposed):
        product.customs_description = customs.describe(facts.product_type, facts.facts)
    product.save()
    variants.write(product, facts.variants, choices, actor=actor, now=now)
    texts.say(product, name=facts.name, description=facts.description, actor=actor)
    showing.later(product.pk)
    work.later(search.index, product_id=product.pk, once=f"product:{product.pk}")


def _classify(product: Product, product_type: ProductType) -> None:
    """Put it on the shelf and under the tariff line of its type. An approval of the old kind of goods is gone."""
    product.product_type = product_type.slug
    product.category = Category.objects.select_related("hs_code").get(slug=product_type.category)
    product.hs_code = HsCode.objects.filter(code=product_type.hs).first() or product.category.hs_code
    product.access_approved_by = product.access_evidence = ""


def _fingerprint(facts: Facts | None) -> str:
    if facts is None:
        return ""
    said = {**facts.reviewed.__dict__, "product_type": facts.product_type.slug}
    said["variants"] = [(one.pk, one.options, one.receive.minor, one.weight_g, one.sides) for one in facts.variants]
    said["maker"] = facts.maker and facts.maker.pk
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _slug(facts: Facts) -> str:
    words = slugify(facts.name or facts.product_type.name.en)
    return f"{words[:60].strip('-') or facts.product_type.slug}-{secrets.token_hex(4)}"


def _send(product: Product, *, actor: str, why: str) -> None:
    product.move(Status.SUBMITTED, actor=actor, why=why)
    cases.open_case(ModerationCase.Kind.PRODUCT, product.seller, subject(product))
