"""A seller's product on its way to buyers: written down, changed, sent for review, paused, put away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel import work
from kernel.lifecycle import IllegalMove
from kernel.money import Money
from kernel.refusals import Refusal
from sellers import moderation as cases
from sellers.models import ModerationCase, Seller

from . import access, prices, search, stock
from .models import Category, Product, Variant

Status = Product.Status
LEAST_DESCRIPTION = 20
# The languages sellers write in; Chinese is written by staff.
WRITTEN_IN = ("rw", "en", "fr")


class NotReady(Refusal):
    """Something that buyers or customs need is missing."""

    code = "product_not_ready"
    status = 422
    message = _("Before you send it, please add: %(missing)s.")


class NotASeller(Refusal):
    """Only an approved shop sends products for review."""

    code = "shop_not_approved"
    message = _("Your shop is not approved yet. You can send products after that.")


@dataclass(frozen=True)
class Facts:
    """What a seller says about a product. Money in francs, packed weight in grams, packed size in millimetres."""

    category: Category
    written_in: str
    name: str
    description: str
    materials: str
    receive: Money
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int


@dataclass(frozen=True)
class Point:
    """One line of the checklist: what is needed, and whether it is there."""

    code: str
    text: str | Promise
    done: bool


@transaction.atomic
def create(seller: Seller, facts: Facts, *, stock_units: int, actor: str, now: datetime) -> Product:
    """Write a new product down as a draft, with one variant."""
    token = secrets.token_hex(4)
    product = Product(
        seller=seller,
        category=facts.category,
        slug=f"{slugify(facts.name)[:60].strip('-') or facts.category.slug}-{token}",
        created_at=now,
    )
    _describe(product, facts)
    product.save()
    variant = Variant(product=product, sku=f"S{seller.pk}-{token}")
    _measure(variant, facts, now=now)
    variant.save()
    if stock_units:
        stock.receive(variant, stock_units, actor=actor)
    return product


@transaction.atomic
def revise(product: Product, facts: Facts, *, actor: str, now: datetime) -> bool:
    """Change what is said about a product; says whether anything changed. Buyers see no unread claim: a published or
    paused product goes back for review. Raises IllegalMove for one that was stopped or put away."""
    product = Product.objects.select_for_update(of=("self",)).select_related("category", "hs_code").get(pk=product.pk)
    if product.status in (Status.SUSPENDED, Status.ARCHIVED):
        raise IllegalMove(status=product.get_status_display(), was=product.status, to=Status.SUBMITTED)
    variant = product.variants.order_by("pk").first()
    if variant is None or facts == facts_of(product, variant):
        return False
    _describe(product, facts)
    product.save()
    _measure(variant, facts, now=now)
    variant.save()
    if product.status in (Status.PUBLISHED, Status.PAUSED):
        _send(product, actor=actor, why="changed by the seller")
    work.later(search.index, product_id=product.pk, once=f"product:{product.pk}")
    return True


@transaction.atomic
def submit(product: Product, *, actor: str) -> bool:
    """Send for review; says whether it was sent now. Raises NotASeller, NotReady, IllegalMove."""
    product = Product.objects.select_for_update(of=("self",)).select_related("seller", "hs_code").get(pk=product.pk)
    if product.status == Status.SUBMITTED:
        return False
    if product.seller.status != Seller.Status.APPROVED:
        raise NotASeller
    if missing := [point.text for point in checklist(product) if not point.done]:
        raise NotReady(missing=", ".join(map(str, missing)))
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


def checklist(product: Product) -> list[Point]:
    """What a product needs before staff look at it, in the order in which a seller fills it in."""
    variant = product.variants.order_by("pk").first()
    blocked = product.hs_code is not None and product.hs_code.access == product.hs_code.Access.BLOCKED
    return [
        Point("photo", _("a photo"), product.pictures.exists()),
        Point("name", _("the name"), bool(text_of(product, "name"))),
        Point(
            "description",
            _("a description of at least 20 letters"),
            len(text_of(product, "description")) >= LEAST_DESCRIPTION,
        ),
        Point("materials", _("what it is made of"), bool(product.materials_en or product.materials_zh)),
        Point(
            "size", _("packed weight and size"), variant is not None and bool(variant.weight_g and variant.length_mm)
        ),
        Point("price", _("the price"), variant is not None and variant.receive_rwf_minor > 0),
        Point("stock", _("how many you have"), variant is not None and variant.available > 0),
        *([Point("allowed", _("a kind of goods that may be sent"), False)] if blocked else []),
    ]


def facts_of(product: Product, variant: Variant) -> Facts:
    """What was said about a product last, to compare and to fill the form."""
    return Facts(
        category=product.category,
        written_in=product.written_in,
        name=text_of(product, "name"),
        description=text_of(product, "description"),
        materials=product.materials_en,
        receive=variant.receive,
        **{name: getattr(variant, name) for name in ("weight_g", "length_mm", "width_mm", "height_mm")},
    )


def text_of(product: Product, column: str) -> str:
    """A text in the language the seller wrote it in."""
    return str(getattr(product, f"{column}_{product.written_in}", ""))


def _describe(product: Product, facts: Facts) -> None:
    product.written_in = facts.written_in
    setattr(product, f"name_{facts.written_in}", facts.name)
    setattr(product, f"description_{facts.written_in}", facts.description)
    if product.materials_en != facts.materials:
        product.materials_en, product.materials_zh = facts.materials, ""
    if product.hs_code is None or product.category_id != facts.category.pk:
        # Another shelf is another kind of goods, so an approval that was given for the old kind is gone.
        product.hs_code = facts.category.hs_code
        product.access_approved_by = product.access_evidence = ""
    product.category = facts.category


def _measure(variant: Variant, facts: Facts, *, now: datetime) -> None:
    for field in fields(Facts):
        if field.name.endswith(("_mm", "_g")):
            setattr(variant, field.name, getattr(facts, field.name))
    variant.receive = facts.receive
    try:
        variant.price = prices.explain_amount(facts.receive, now=now).price
    except (prices.NoRate, prices.NoPriceRule):
        variant.price = Money(0, "CNY")  # made when it is published, which needs a rate


def _send(product: Product, *, actor: str, why: str) -> None:
    product.move(Status.SUBMITTED, actor=actor, why=why)
    cases.open_case(ModerationCase.Kind.PRODUCT, product.seller, subject(product))


def subject(product: Product) -> str:
    """How a moderation case names a product."""
    return f"catalog.product:{product.pk}"
