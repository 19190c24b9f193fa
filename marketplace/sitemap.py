"""What search engines may know of: sitemap.xml, robots.txt, and the icon where browsers look for one.

A sitemap file holds one range of ids, so that its query is bounded and its address stays the same however the shop
grows. Each page stands there once for each language, with the others beside it. Only what is on sale is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from accounts import consents
from accounts.languages import localised
from accounts.models import LegalText
from catalog.models import Category, Product
from sellers.models import Seller

from .context import TONGUES

# Four languages of these are 5,000 addresses a file.
RANGE = 1250
KEPT = "public, max-age=3600, stale-while-revalidate=86400"
XML = "application/xml; charset=utf-8"
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
# One person's pages, and lists that are the plain list in another order.
CLOSED = (
    *("/cart/", "/checkout/", "/orders/", "/me/", "/addresses/", "/sign-in/", "/sign-up/", "/favourites/"),
    *("/follows/", "/seen/", "/estimate/", "/search/?", "/c/*?*sort=", "/s/*?*sort="),
)
NOT_THE_SHOPS = ("/sell/", "/admin/", "/demo/", "/webhooks/", "/verify/")


@dataclass(frozen=True)
class Section:
    """Pages of one kind that come in ranges of ids: what is listed, when each changed, and its address."""

    rows: Callable[[], QuerySet[Any]]
    changed: str
    address: Callable[[str], str]

    def ranges(self) -> dict[int, datetime | None]:
        """The ranges that hold something, with the newest change in each."""
        numbered = self.rows().annotate(range=F("pk") / RANGE).values("range").annotate(changed=Max(self.changed))
        return {row["range"]: row["changed"] for row in numbered.order_by("range")}

    def pages(self, number: int) -> list[tuple[str, datetime | None]]:
        """Addresses in Chinese, and when each changed, of one range."""
        rows = self.rows().filter(pk__gte=number * RANGE, pk__lt=(number + 1) * RANGE).order_by("pk")
        return [(self.address(slug), changed) for slug, changed in rows.values_list("slug", self.changed)]


def _selling() -> QuerySet[Seller]:
    goods = Product.objects.on_sale().filter(seller=OuterRef("pk"))
    return Seller.objects.selling().filter(Exists(goods))


SECTIONS = {
    "products": Section(Product.objects.on_sale, "published_at", lambda slug: reverse("catalog:product", args=[slug])),
    "shops": Section(_selling, "created_at", lambda slug: reverse("catalog:shop", args=[slug])),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of sitemap files."""
    files: list[tuple[str, datetime | None]] = [(reverse("sitemap_pages"), None)]
    for kind, section in SECTIONS.items():
        files += [(reverse("sitemap_range", args=[kind, number]), at) for number, at in section.ranges().items()]
    items = (f"<sitemap><loc>{_absolute(path)}</loc>{_changed(at)}</sitemap>" for path, at in files)
    return _kept(HttpResponse(_document("sitemapindex", items), content_type=XML))


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that there is one of: front page, shelves, about us, legal texts."""
    names = ("catalog:home", "catalog:categories", "about")
    fixed: list[tuple[str, datetime | None]] = [(reverse(name), None) for name in names]
    slugs = Category.objects.order_by("position", "pk").values_list("slug", flat=True)
    fixed += [(reverse("catalog:category", args=[slug]), None) for slug in slugs]
    for kind in LegalText.Kind.values:
        versions = consents.versions(kind, settings.LANGUAGE_CODE)
        fixed += [(reverse("legal", args=[kind]), text.published_at) for text in versions[:1]]
    return _kept(HttpResponse(_document("urlset", _entries(fixed)), content_type=XML))


@require_safe
def numbered(request: HttpRequest, kind: str, number: int) -> HttpResponse | StreamingHttpResponse:
    """One range of products or shops, written while it is sent."""
    if kind not in SECTIONS or number > 10**9:
        raise Http404
    found = SECTIONS[kind].pages(number)
    return _kept(StreamingHttpResponse(_document("urlset", _entries(found)), content_type=XML))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone, in every language."""
    closed = [localised(path, code) for path in CLOSED for code in TONGUES]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in (*closed, *NOT_THE_SHOPS))]
    text = "\n".join([*lines, "", f"Sitemap: {_absolute(reverse('sitemap'))}", ""])
    return _kept(HttpResponse(text, content_type="text/plain; charset=utf-8"))


class Favicon(RedirectView):
    """`/favicon.ico`, which some browsers ask for whatever the page says."""

    http_method_names = ["get", "head"]

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return static("img/favicon.png")


def _entries(found: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    for path, changed in found:
        in_each = {tag: _absolute(localised(path, code)) for code, (tag, _name, _short) in TONGUES.items()}
        beside = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{url}"/>' for tag, url in in_each.items())
        for url in in_each.values():
            yield f"<url><loc>{url}</loc>{_changed(changed)}{beside}</url>"


def _document(root: str, items: Iterable[str]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} {SPACES}>\n'
    for item in items:
        yield item + "\n"
    yield f"</{root}>\n"


def _absolute(path: str) -> str:
    return escape(settings.SITE_URL.rstrip("/") + path)


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{at.date().isoformat()}</lastmod>" if at else ""


def _kept(response: Any) -> Any:
    response["Cache-Control"] = KEPT
    return response
