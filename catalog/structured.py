"""What search engines read beside a page: schema.org descriptions as JSON-LD. Pure: values in, text out.

Every address given here must be absolute. Prices are written as `128.00`, times are not written at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from kernel.money import Money

SCHEMA = "https://schema.org"
# A JSON string may hold these escaped, and then no browser takes them for markup or for the end of a line.
UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
MOST_OFFERS = 24

Described = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """One variant as it can be bought: its own address, price, and how it is to be had."""

    sku: str
    url: str
    price: Money
    in_stock: bool
    made_to_order: bool = False

    @property
    def availability(self) -> str:
        """A member of schema.org's ItemAvailability."""
        if not self.in_stock:
            return f"{SCHEMA}/OutOfStock"
        return f"{SCHEMA}/MadeToOrder" if self.made_to_order else f"{SCHEMA}/InStock"


@dataclass(frozen=True)
class Rating:
    """The mean of so many reviews, from one to five stars."""

    stars: Decimal
    count: int


@dataclass(frozen=True)
class Goods:
    """A product in the language of its page. `offers` has one entry for each variant, at least one."""

    name: str
    url: str
    offers: Sequence[Offer]
    seller: str
    seller_url: str
    description: str = ""
    images: Sequence[str] = ()
    category: str = ""
    material: str = ""
    origin: str = "RW"
    rating: Rating | None = None


def product(goods: Goods) -> Described:
    """A `Product` with an `Offer`, or with an `AggregateOffer` where there are several variants."""
    sku = goods.offers[0].sku if len(goods.offers) == 1 else ""
    return _filled(
        {
            "@context": SCHEMA,
            "@type": "Product",
            "name": goods.name,
            "url": goods.url,
            "description": goods.description,
            "image": list(goods.images),
            "sku": sku,
            "category": goods.category,
            "material": goods.material,
            "aggregateRating": _rating(goods.rating) if goods.rating else "",
            "countryOfOrigin": {"@type": "Country", "name": goods.origin},
            "offers": _offers(goods),
        }
    )


def breadcrumbs(trail: Sequence[tuple[str, str]]) -> Described:
    """A `BreadcrumbList` of (name, absolute address), from the front page down to the page itself."""
    return {
        "@context": SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(trail, start=1)
        ],
    }


def script(*described: Mapping[str, Any]) -> SafeString:
    """The descriptions as one script element of data, which browsers do not run and which nothing in it can end."""
    body: Any = described[0] if len(described) == 1 else list(described)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  (escaped just now)


def _offers(goods: Goods) -> Described:
    each = [_offer(offer, goods) for offer in goods.offers]
    if len(each) == 1:
        return each[0]
    cheapest, dearest = (pick(goods.offers, key=lambda offer: offer.price.minor) for pick in (min, max))
    return {
        "@type": "AggregateOffer",
        "priceCurrency": cheapest.price.currency,
        "lowPrice": f"{cheapest.price.major:f}",
        "highPrice": f"{dearest.price.major:f}",
        "offerCount": len(each),
        "offers": each[:MOST_OFFERS],
    }


def _rating(rating: Rating) -> Described:
    return {
        "@type": "AggregateRating",
        "ratingValue": f"{rating.stars:.1f}",
        "reviewCount": rating.count,
        "bestRating": 5,
        "worstRating": 1,
    }


def _offer(offer: Offer, goods: Goods) -> Described:
    return {
        "@type": "Offer",
        "sku": offer.sku,
        "url": offer.url,
        "price": f"{offer.price.major:f}",
        "priceCurrency": offer.price.currency,
        "availability": offer.availability,
        "itemCondition": f"{SCHEMA}/NewCondition",
        "seller": {"@type": "Organization", "name": goods.seller, "url": goods.seller_url},
    }


def _filled(described: Described) -> Described:
    return {name: value for name, value in described.items() if value not in ("", [])}
