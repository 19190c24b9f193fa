"""The page of one product: what it is, what it costs, how it comes, and from whose hands.

A page depends on nothing but what was read for it and what was asked for. So what was drawn is remembered by these, as
cards are: whatever changes is another answer of the database, and nothing has to be told.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.http import public_page

from .. import cards, compositions, framing, origins, pages, places, texts, vocabulary
from ..models import Product
from ..origins import Passport
from ..rwanda_map import KIGALI
from . import choice, described, reading, trails
from .choice import Asked
from .reading import Reading

# Dots across, of a picture to look at closely.
LARGE = 1080
REMEMBERED = 256
TAGS = {"zh": "zh-Hans"}
# The rules that goods of an unknown type fall under, by the class of their tariff line.
REGULATED = {"food": "food", "textile": "textile"}
LONGEST_TITLE = {"zh": 24}


@dataclass(frozen=True)
class Drawn:
    """The parts of a finished page."""

    product_id: int
    seller_id: int
    title: str
    description: str
    share: str
    head: SafeString
    main: SafeString
    bar: SafeString


@dataclass(frozen=True)
class Words:
    """What is written about a product. `language` tags a description that is not in the page's own language."""

    summary: str
    description: str
    language: str
    mark: str
    specification: list[tuple[str, str]]
    label: list[tuple[str, str]]


@public_page
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product, for everybody the same. `?v=` or `?o-colour=..` chooses a variant. Unpublished is not found."""
    language = get_language() or "en"
    answer = reading.ask(slug, texts.read_in(language))
    # Signed addresses of pictures end after a while, so pages with those are never remembered.
    draw = drawn if framing.prefix() is not None else drawn.__wrapped__
    page = draw(answer, language, choice.asked(request)) if answer else None
    if page is None:
        raise Http404
    pages.shows_product(request, page.product_id, page.seller_id)
    return render(request, "storefront/catalog/product.html", {"page": page, "section": "categories"})


@functools.lru_cache(maxsize=REMEMBERED)
def drawn(answer: str, language: str, asked: Asked) -> Drawn | None:
    """The page of an answer of `reading.ask`; None for goods without a variant. Needs the language to be active."""
    found = reading.opened(answer)
    if not found.variants:
        return None
    thing, words = found.product, _words(found, language)
    path = reverse("catalog:product", args=[thing.slug])
    shelf = reverse("catalog:category", args=[thing.category.slug])
    trail = trails.of((thing.category.name, shelf), (thing.name, path))
    passport = origins.passport(thing, found.batch)
    context = {**_context(found, words, passport, language), **choice.context(asked, found.variants), **trail}
    return Drawn(
        product_id=thing.pk,
        seller_id=thing.seller_id,
        title=Truncator(thing.name).chars(LONGEST_TITLE.get(language[:2], 40)),
        description=Truncator(words.summary or words.description or thing.name).chars(120),
        share=described.absolute(found.pictures[0].share_url) if found.pictures else "",
        head=described.script(found, words.summary or words.description, passport.materials) + trail["trail_data"],
        main=SafeString(render_to_string("storefront/catalog/_product.html", context)),
        bar=SafeString(render_to_string("storefront/catalog/_product_bar.html", context)),
    )


def _context(found: Reading, words: Words, passport: Passport, language: str) -> dict[str, Any]:
    thing = found.product
    return {
        "product": thing,
        "words": words,
        "pictures": found.pictures,
        "gallery": [(picture, picture.url(LARGE)) for picture in found.pictures],
        "lang": cards.foreign(thing),
        "place": f"{_('Rwanda')} · {places.named(thing.district or thing.seller.district)}",
        "shop": described.shop(thing),
        "shop_place": places.badge(thing.seller),
        "passport": passport,
        "kigali": KIGALI,
        "services": standing("_services", language),
        "rules": standing("_rules", language, _regulation(thing)),
        "others": cards.of(found.others),
        "icons": static("img/icons.svg"),
        "report": reverse("catalog:report"),
    }


@functools.cache
def standing(name: str, language: str, regulation: str = "") -> SafeString:
    """A part that is the same for all goods under a regulation (`food`, `textile`, `general`), drawn once."""
    return SafeString(render_to_string(f"storefront/catalog/{name}.html", {"regulation": regulation}).strip())


def _regulation(thing: Product) -> str:
    """The regulation of its type, else of its tariff line."""
    kind = vocabulary.types().get(thing.product_type)
    if kind is not None:
        return kind.regulation
    return REGULATED.get(thing.hs_code.article_class if thing.hs_code else "", "general")


def _words(found: Reading, language: str) -> Words:
    """The texts of a product in the reader's language; what has not been composed yet is composed now."""
    thing, tongue = found.product, language[:2]
    shown = texts.told(thing, tongue, found.texts)
    made = None if shown.specification else compositions.in_language(thing, tongue)
    spoken = shown.language or _language_of(thing, tongue)
    return Words(
        summary=shown.summary or (made.summary if made else ""),
        description=shown.description,
        language="" if spoken == tongue else TAGS.get(spoken, spoken),
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
