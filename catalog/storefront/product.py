"""The page of one product: what it is, what it costs, how it comes, and from whose hands."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import pagecache
from kernel.http import public_page

from .. import (
    cards,
    compositions,
    fingerprint,
    framing,
    origins,
    places,
    ratings,
    showing,
    structured,
    texts,
    vocabulary,
)
from ..models import Picture, Product, Variant
from ..rwanda_map import KIGALI
from . import choice, trails

OTHERS = 6
# Dots across, of a picture to look at closely.
LARGE = 1080
# What a product's page never shows.
UNSHOWN = ("search_tokens", "search_pinyin", "marks", "cover_files", "seller__story", "seller__story_zh")
# Pages are some 20 kB each.
REMEMBERED = 1_000
TAGS = {"zh": "zh-Hans"}
# The rules that goods of an unknown type fall under, by the class of their tariff line.
REGULATED = {"food": "food", "textile": "textile"}


@dataclass(frozen=True)
class Words:
    """What is written about a product. `language` tags a description that is not in the page's own language."""

    summary: str
    description: str
    language: str
    mark: str
    specification: list[tuple[str, str]]
    label: list[tuple[str, str]]


class Drawn(NamedTuple):
    """The parts of a product's page that follow from its rows alone: remembered under their fingerprint."""

    product_id: int
    title: str
    description: str
    share_url: str
    structured: SafeString
    trail: SafeString
    main: SafeString
    bar: SafeString


_drawn: dict[tuple[Any, ...], Drawn] = {}


@public_page
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product, for everybody the same. `?v=` or `?o-colour=..` chooses a variant. Unpublished is not found."""
    here = fingerprint.of_page(slug)
    if here is None:
        raise Http404
    pagecache.depends_on(request, showing.page_of(here.product_id))
    others = Product.objects.on_sale().filter(category_id=here.category_id).exclude(pk=here.product_id)
    context = {
        "page": _page(request, slug, here.word),
        "others": cards.of(others.newest().for_cards()[:OTHERS]),
        "section": "categories",
    }
    return render(request, "storefront/catalog/product.html", context)


def _page(request: HttpRequest, slug: str, word: str) -> Drawn:
    """The page as it was drawn from the same rows, for the same choice, in the same language; else drawn now."""
    key = (word, get_language(), framing.prefix(), *choice.answered(request))
    if key not in _drawn or framing.prefix() is None:
        if len(_drawn) >= REMEMBERED:
            _drawn.clear()
        _drawn[key] = _draw(request, slug)
    return _drawn[key]


def _draw(request: HttpRequest, slug: str) -> Drawn:
    goods = Product.objects.on_sale().select_related("seller", "category", "hs_code", "maker").defer(*UNSHOWN)
    thing = get_object_or_404(goods, slug=slug)
    variants = list(thing.variants.filter(retired_at=None).order_by("pk"))
    if not variants:
        raise Http404
    pictures = list(thing.pictures.order_by("position", "created_at"))
    words, passport = _words(thing), origins.passport(thing)
    trail = trails.of(
        (thing.category.name, reverse("catalog:category", args=[thing.category.slug])),
        (thing.name, reverse("catalog:product", args=[thing.slug])),
    )
    context = {
        "product": thing,
        "words": words,
        "pictures": pictures,
        "gallery": [(picture, picture.url(LARGE)) for picture in pictures],
        **choice.context(request, variants),
        "lang": cards.foreign(thing),
        "place": f"{_('Rwanda')} · {places.named(thing.district or thing.seller.district)}",
        "shop": _shop(thing),
        "shop_place": places.badge(thing.seller),
        "passport": passport,
        "kigali": KIGALI,
        "rules": rules(_regulation(thing), get_language() or "en"),
        **trail,
    }
    return Drawn(
        product_id=thing.pk,
        title=thing.name,
        description=words.summary or words.description or thing.name,
        share_url=urljoin(settings.SITE_URL, pictures[0].share_url) if pictures else "",
        structured=_structured(thing, words, variants, pictures, material=passport.materials),
        trail=trail["trail_data"],
        main=SafeString(render_to_string("storefront/catalog/_product.html", context, request)),
        bar=SafeString(render_to_string("storefront/catalog/_product_bar.html", context, request)),
    )


@functools.cache
def rules(regulation: str, language: str) -> SafeString:
    """What everybody must know who buys goods under a regulation (`food`, `textile`, `general`), rendered once."""
    return SafeString(render_to_string("storefront/catalog/_rules.html", {"regulation": regulation}).strip())


def _regulation(thing: Product) -> str:
    """The regulation of its type, else of its tariff line."""
    described = vocabulary.types().get(thing.product_type)
    if described is not None:
        return described.regulation
    return REGULATED.get(thing.hs_code.article_class if thing.hs_code else "", "general")


def _words(thing: Product) -> Words:
    """The texts of a product in the reader's language; what has not been composed yet is composed now."""
    language = (get_language() or "en")[:2]
    shown = texts.shown(thing, language)
    made = None if shown.specification else compositions.in_language(thing, language)
    spoken = shown.language or _language_of(thing, language)
    return Words(
        summary=shown.summary or (made.summary if made else ""),
        description=shown.description,
        language="" if spoken == language else TAGS.get(spoken, spoken),
        mark=shown.mark,
        specification=shown.specification or (list(made.specification) if made else _plain(thing)),
        label=shown.label or (list(made.label) if made else []),
    )


def _language_of(thing: Product, language: str) -> str:
    """The language in which `in_language` found a description."""
    return next((code for code in (language, "en", "zh") if getattr(thing, f"description_{code}")), language)


def _plain(thing: Product) -> list[tuple[str, str]]:
    """What is known of goods of no known type."""
    rows = [
        (_("Product"), thing.name),
        (_("Country of origin"), _("Rwanda")),
        (_("District"), places.named(thing.district or thing.seller.district)),
    ]
    return [(name, value) for name, value in rows if value]


def _shop(thing: Product) -> str:
    chinese = (get_language() or "").startswith("zh")
    return (thing.seller.name_zh if chinese else "") or thing.seller.name


def _structured(
    thing: Product, words: Words, variants: list[Variant], pictures: list[Picture], *, material: str
) -> SafeString:
    """The page for search engines."""
    page = _absolute("catalog:product", thing.slug)
    offers = [
        structured.Offer(
            sku=variant.sku,
            url=f"{page}?v={variant.pk}" if len(variants) > 1 else page,
            price=variant.price,
            in_stock=variant.available > 0,
            made_to_order=thing.lead_days > 0,
        )
        for variant in variants
    ]
    goods = structured.Goods(
        name=thing.name,
        url=page,
        offers=offers,
        seller=_shop(thing),
        seller_url=_absolute("catalog:shop", thing.seller.slug),
        description=words.summary or words.description[:300],
        images=[urljoin(settings.SITE_URL, picture.url(LARGE)) for picture in pictures],
        category=thing.category.name,
        material=material,
        rating=ratings.of(thing),
    )
    return structured.script(structured.product(goods))


def _absolute(name: str, *slugs: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=slugs)
