"""The thirty-nine goods of the catalogue, spread over the six shops: most on sale, some where a good can get stuck."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog import goods as file
from catalog import listing, moderation, pictures, search, showing, stock, texts, variants, vocabulary
from catalog.goods import Choice, Good
from catalog.models import HsCode, Product, ProductText, Variant
from catalog.variants import VariantFacts
from kernel.money import Money
from sellers.models import Seller

from . import drawings, jobs, makers, marks, people, shops

FIRST_LISTED = timedelta(days=60)
# By category; what stands in OTHER_SHOPS is named by its slug.
SHOP_OF = {
    "coffee": "coffee",
    "tea": "tea",
    "honey": "kivu",
    "basketry": "baskets",
    "imigongo": "imigongo",
    "jewellery": "baskets",
    "textile": "kitenge",
    "woodcraft": "kivu",
    "spice": "kivu",
    "home": "imigongo",
}
OTHER_SHOPS = {"necklace-paper-bead": "kitenge"}

# What does not go on sale, and why; everything else is published.
DRAFTS = {"honey-gishwati-350", "bracelet-inyambo-horn"}
SUBMITTED = {"honey-nyungwe-500", "coffee-green-bourbon-1000", "sisal-trivets-4"}
SENT_BACK = {
    "chilli-dried-birdseye-100": (
        "REG-PAPERS",
        "Urusenda rwumye: dukeneye icyemezo cy'ubuzima bw'ibimera (RICA) mbere yo kohereza mu Bushinwa.",
    ),
    "papyrus-mat-90x180": (
        "LST-MISSING-DIMENSIONS",
        "Uburebure bw'umuzingo ntibuhuye n'ifoto. Ongera upime umukeka uzinze, hanyuma wongere wohereze.",
    ),
}
PAUSED = {"inkangara-large-40"}
SOLD_OUT = {"sisal-bowl-set-3"}
# Days that making one takes once it is ordered.
MADE_TO_ORDER = {"inkangara-large-40": 14, "inanga-zither-60": 21}
EVIDENCE = "Demonstration only: no real evidence. A broker's written answer would be named here."


def seed(*, now: datetime) -> int:
    """Make those that are missing, with their drawings; says how many."""
    wanted = [(place, good) for place, good in enumerate(file.rows()) if not marks.made(f"good:{good.slug}")]
    if not wanted:
        return 0
    by = people.find("moderator")
    for (place, good), drawn in zip(wanted, drawings.of_all(good for _place, good in wanted), strict=True):
        product = _listed(good, now=now - FIRST_LISTED)
        for content in drawn.values():
            pictures.add(product, content, is_illustration=True)
        _decide(product, good, by=by, now=now - FIRST_LISTED + timedelta(hours=20 * place))
        marks.mark(f"good:{good.slug}")
    jobs.run(search.index)
    return len(wanted)


def derive_covers(slugs: Iterable[str]) -> None:
    """Make the small files of these goods' covers at once, so that orders can show them."""
    covers = [product.cover for product in Product.objects.filter(slug__in=list(slugs)).prefetch_related("pictures")]
    jobs.derive([cover.pk for cover in covers if cover is not None and not cover.files])


def sell_out() -> None:
    """The shop counted: none are left of these."""
    for slug in SOLD_OUT:
        if not marks.made(f"sold out:{slug}"):
            variant = variant_of(slug)
            stock.set_on_hand(variant, variant.reserved, actor=shops.owner_of(variant.product.seller))
            marks.mark(f"sold out:{slug}")


def show() -> int:
    """Have lists show texts, prices and stock at once, before the workers start; says how many goods changed."""
    jobs.run(texts.follow)
    shown = jobs.run(showing.refresh)
    jobs.run(search.index)
    return shown


def variant_of(slug: str) -> Variant:
    """The variant of a good that orders are made of: the first."""
    found = Variant.objects.select_related("product__seller").filter(product__slug=slug).order_by("pk").first()
    assert found is not None, slug  # noqa: S101  (the file has it)
    return found


def _listed(good: Good, *, now: datetime) -> Product:
    """The good as a draft of its shop's, with what staff add; found again by its address."""
    known = Product.objects.filter(slug=good.slug).first()
    return known or _list(good, shops.find(OTHER_SHOPS.get(good.slug, SHOP_OF[good.category])), now=now)


@transaction.atomic
def _list(good: Good, seller: Seller, *, now: datetime) -> Product:
    maker, district = makers.origin(seller, good)
    facts = listing.Facts(
        product_type=vocabulary.types()[good.product_type],
        facts=good.facts,
        variants=[_as_said(choice) for choice in good.choices] or [_as_said(good)],
        written_in="en",
        description=good.description_en,
        maker=maker,
        district=district,
        lead_days=MADE_TO_ORDER.get(good.slug, 0),
    )
    product = listing.create(seller, facts, actor=shops.owner_of(seller), now=now)
    # What staff write in the admin: the address, the words for customs, a translation of the maker's own words.
    Product.objects.filter(pk=product.pk).update(slug=good.slug, customs_description=good.customs_description)
    product.refresh_from_db()
    texts.edit(product, ProductText.Field.DESCRIPTION, "zh", good.description_zh, people.find("moderator"))
    numbers = [choice.sku for choice in good.choices] or [good.sku]
    for variant, sku in zip(variants.offered(product), numbers, strict=True):
        Variant.objects.filter(pk=variant.pk).update(sku=sku)
    return product


def _as_said(sold: Good | Choice) -> VariantFacts:
    options = sold.options if isinstance(sold, Choice) else []
    return VariantFacts(
        options={option["attribute"]: option["value"] for option in options},
        receive=Money(sold.receive_rwf, "RWF"),
        weight_g=sold.weight_g,
        sides=(sold.length_mm, sold.width_mm, sold.height_mm),
        stock=sold.stock,
    )


def _decide(product: Product, good: Good, *, by: User, now: datetime) -> None:
    """Bring a draft to where it belongs, from wherever an earlier run left it."""
    if good.slug in DRAFTS:
        return
    actor = shops.owner_of(product.seller)
    if product.status == Product.Status.DRAFT:
        listing.submit(product, actor=actor)
        product.refresh_from_db()
    if good.slug in SUBMITTED:
        return
    if product.status == Product.Status.SUBMITTED and good.slug in SENT_BACK:
        reason, statement = SENT_BACK[good.slug]
        moderation.request_changes(product, reason_code=reason, statement=statement, by=by, now=timezone.now())
    elif product.status == Product.Status.SUBMITTED:
        if product.hs_code is not None and product.hs_code.access == HsCode.Access.UNKNOWN:
            moderation.approve_access(product, evidence=EVIDENCE, by=by)
        moderation.publish(product, by=by, now=now)
        product.refresh_from_db()
    if good.slug in PAUSED:
        listing.pause(product, actor=actor)
