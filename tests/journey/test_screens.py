"""Every screen, in the languages of its readers, on a phone and on a desk: it answers, fits, and is readable to all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from babel.messages import pofile
from django.conf import settings as house
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog import pictures
from catalog.models import Picture, Product
from logistics.models import CustomsHold, ExportDocument
from marketplace.demo import goods, kept, orders, people, shops
from orders import carts, reviews
from orders.models import Consignment, Order, OrderLine
from sandbox.testing import Sandbox
from sellers.models import ModerationCase, Seller

from .people import watch

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey"), pytest.mark.django_db(transaction=True)]

# The narrowest phone that many still carry, and a desk; staff have wider ones.
PHONE, STAFFS, DESK = (360, 780), (390, 844), (1280, 900)
GOODS = {
    "agaseke-petite-18",
    "sisal-bowl-30",
    "papyrus-mat-90x180",
    "coffee-huye-washed-250",
    "coffee-drip-bags-10",
    "honey-nyungwe-500",
}
STORIES = {
    *("completed by time", "reviewed again", "held by customs", "packed", "being prepared", "to accept", "to pay"),
    "declined",
}
LINES = (("agaseke-petite-18", 1), ("sisal-bowl-30", 1))
RULES = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
# Words that a language may share with English, and names.
SHARED = re.compile(r"^[^a-zA-Z]*$|^(Isoko|MoMo|TIN|English|Imigongo)$")


# What is marked as another language, such as a carrier's own words, is not asked about.
TEXTS_IN_THE_PAGES_LANGUAGE = r"""() => {
  const found = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const {data, parentElement} = walk.currentNode;
    if (parentElement.closest('[lang]') === document.documentElement) found.add(data.replace(/\s+/g, ' ').trim());
  }
  return [...found];
}"""


@dataclass
class Town:
    """What there is to look at: paths by the person who may see them."""

    stranger: list[str] = field(default_factory=list)
    buyer: list[str] = field(default_factory=list)
    seller: list[str] = field(default_factory=list)
    moderator: list[str] = field(default_factory=list)


@pytest.fixture
def town(reference_rows: None, outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A small part of the demonstration: a few goods of two shops, and orders at every stage."""
    now = timezone.now()
    rows = [good for good in goods.file.rows() if good.slug in GOODS]
    monkeypatch.setattr(goods.file, "rows", lambda: rows)
    people.seed(now=now)
    shops.seed(now=now)
    goods.seed(now=now)
    kept.seed(now=now)
    for picture in Picture.objects.filter(status=Picture.Status.WAITING):
        pictures.derive(picture_id=picture.pk)
    goods.show()
    told = [_of_few_goods(story) for story in (*orders.PAID_OUT, *orders.OTHERS) if story.key in STORIES]
    assert len(told) == len(STORIES)
    orders.tell(told, now=now)
    buyer = people.find("buyer")
    for slug, quantity in LINES:
        carts.add(carts.of(buyer), goods.variant_of(slug), quantity=quantity)
    _review(buyer, now=now)
    return _paths(buyer, shops.find("baskets"))


def _review(buyer: User, *, now: datetime) -> None:
    """One of two things that arrived is reviewed, and the shop has answered."""
    line = OrderLine.objects.filter(consignment__status="completed").earliest("pk")
    said = {"stars": 4, "text": "编得很密，颜色比图片深一点。", "anonymous": False, "language": "zh-hans"}
    review = reviews.write(line, **said, by=buyer, now=now)
    reviews.add(review, "用了一阵子，没有变形。", by=buyer, now=now)
    reviews.reply(review, "Murakoze cyane!", language="rw", actor="test", now=now)


def _of_few_goods(story: orders.Story) -> orders.Story:
    """The same story with goods that are on these few shelves."""
    return orders.Story(story.key, "buyer", LINES[: len(story.lines)], story.days_ago, story.deeds, story.note)


def _paths(buyer: User, seller: Seller) -> Town:
    mine = Order.objects.of(buyer)
    parts = Consignment.objects.for_seller(seller)
    hold = CustomsHold.objects.get(answered_at=None)
    paper = ExportDocument.objects.filter(parcel__consignment__in=parts).latest("pk")
    product = Product.objects.for_seller(seller).get(slug="papyrus-mat-90x180")
    waiting = parts.filter(status="to_accept").get()
    packed = parts.filter(status="packed").get()
    case = ModerationCase.objects.filter(kind=ModerationCase.Kind.SELLER, status="new").latest("pk")
    submitted = Product.objects.get(status=Product.Status.SUBMITTED)
    basket = goods.variant_of("agaseke-petite-18")
    reviewed, due = OrderLine.objects.filter(consignment__status="completed").order_by("pk")
    return Town(
        stranger=[
            *("/", "/c/", "/c/basketry/", "/c/textile/", "/search/?q=coffee", "/search/?q=zzzz", "/nowhere/"),
            *("/p/agaseke-petite-18/", "/p/coffee-huye-washed-250/", f"/s/{seller.slug}/", f"/estimate/{basket.pk}/"),
            *("/sign-in/", "/sign-in/?how=password", "/sign-up/", "/legal/consumer_notice/", "/legal/privacy/"),
            *("/search/", "/search/filters/?q=basket", "/c/basketry/filters/", "/c/basketry/?type=peace-basket"),
            *("/search/?q=basket&material=sisal&sort=price", f"/p/agaseke-petite-18/?v={basket.pk}"),
            *("/legal/", "/legal/terms/1/", "/about/", "/report/", "/settings/", "/seen/"),
            *("/report/?product=agaseke-petite-18", f"/report/?shop={seller.slug}"),
            *("/p/agaseke-petite-18/reviews/", "/p/agaseke-petite-18/reviews/?only=critical"),
            "/p/sisal-bowl-30/reviews/",
        ],
        buyer=[
            *("/cart/", "/checkout/", "/orders/", "/orders/?tab=refunds", "/me/", "/me/inbox/", "/me/identity/"),
            *("/me/password/", "/addresses/", "/addresses/add/", f"/customs/{hold.pk}/"),
            *("/me/favourites/", "/me/follows/", "/orders/?tab=to-review"),
            *(f"/orders/lines/{reviewed.pk}/review/", f"/orders/lines/{due.pk}/review/"),
            *(f"/orders/{order.number}/" for order in mine.order_by("-placed_at")),
        ],
        seller=[
            *("/sell/", "/sell/orders/", "/sell/products/", "/sell/products/add/", "/sell/money/", "/sell/help/"),
            *("/sell/products/add/?shelf=basketry", "/sell/products/add/peace-basket/", "/sell/makers/"),
            *("/sell/makers/add/", f"/sell/products/{product.pk}/about/", f"/sell/products/{product.pk}/preview/"),
            *(f"/sell/products/{product.pk}/kind/", f"/sell/products/{product.pk}/batches/"),
            *("/sell/status/", f"/sell/products/{product.pk}/", f"/sell/products/{product.pk}/photos/"),
            *(f"/sell/orders/{part.pk}/" for part in parts.order_by("pk")),
            *(f"/sell/orders/{waiting.pk}/decline/", f"/sell/orders/{packed.pk}/print/"),
            "/sell/reviews/",
            *("/verify/", f"/verify/{paper.verify_code}/"),
        ],
        moderator=[
            *("/admin/", "/admin/sellers/moderationcase/", f"/admin/sellers/moderationcase/{case.pk}/"),
            *(f"/admin/sellers/moderationcase/{case.pk}/decide/", f"/admin/sellers/seller/{case.seller_id}/"),
            "/admin/orders/review/",
            *("/admin/catalog/product/", f"/admin/catalog/product/{submitted.pk}/change/"),
            *("/admin/catalog/producttext/", f"/admin/catalog/producttext/{submitted.pk}/title/zh/"),
        ],
    )


@dataclass
class Look:
    """Somebody looks at pages, and writes down what is wrong with them."""

    open_browser: Callable[..., Any]
    site: str
    faults: list[str]

    def at(self, who: str, paths: list[str], *, language: str, prefix: str = "") -> None:
        """All pages, each on the phone and then on the desk."""
        context = self.open_browser(width=PHONE[0], height=PHONE[1], locale=LOCALES[language])
        page = context.new_page()
        watch(page, self.faults, hosts={self.site.partition("//")[2]})
        if who != "stranger":
            self._become(page, who, language)
        for path in paths:
            self._look(page, prefix + path, language=language, who=who)
        context.close()

    def _become(self, page: Page, who: str, language: str) -> None:
        page.goto(self.site + "/en/")
        page.locator(f'.demobar [name="person"][value="{who}"]').click()
        User.objects.filter(pk=people.find(who).pk).update(language=language)

    def _look(self, page: Page, path: str, *, language: str, who: str) -> None:
        heard = len(self.faults)
        where = f"{who} {language} {path}"
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        answer = page.goto(self.site + path)
        expect(page.locator('[hx-trigger="load"], [data-fragment]')).to_have_count(0)
        status = answer.status if answer else 0
        if path.endswith("/nowhere/"):
            del self.faults[heard:]  # the browser says of itself that this page is a 404
            status = 200 if status == 404 else status
        if status != 200:
            self.faults.append(f"{where}: {status}")
        if language != "en":
            self.faults += [f"{where}: left in English: {text}" for text in left_in_english(page, language)]
        for width, height in (STAFFS if who == "moderator" else PHONE, DESK):
            page.set_viewport_size({"width": width, "height": height})
            if who != "moderator":  # the admin is Django's
                self.faults += [f"{where} at {width}: {fault}" for fault in barriers(page)]
            wider = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            if wider > 0:
                self.faults.append(f"{where}: {wider} px wider than {width}")
            _keep(page, f"{who}-{language}-{path}-{width}")


LOCALES = {"zh-hans": "zh-CN", "rw": "rw", "en": "en"}
FILES = {"zh-hans": "zh_Hans", "rw": "rw"}


def test_every_screen(town: Town, open_browser: Callable[..., Any], live_server: Any) -> None:
    faults: list[str] = []
    look = Look(open_browser, live_server.url, faults)
    look.at("stranger", town.stranger, language="zh-hans")
    look.at("buyer", town.buyer, language="zh-hans")
    look.at("seller", town.seller, language="rw")
    look.at("stranger", town.stranger, language="en", prefix="/en")
    look.at("buyer", town.buyer, language="en", prefix="/en")
    look.at("seller", town.seller, language="en")
    look.at("moderator", town.moderator, language="en")
    assert faults == [], "\n".join(["", *dict.fromkeys(faults)])


def barriers(page: Page) -> Iterator[str]:
    """What axe finds against WCAG 2.2 AA, with the first place of each. The page's own policy forbids adding scripts,
    so the library is evaluated from outside."""
    page.evaluate(AXE_SCRIPT)
    ask = {"runOnly": RULES, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = page.evaluate(f"axe.run({json.dumps(ask)})")
    for violation in found["violations"]:
        node = violation["nodes"][0]
        yield f"{violation['id']} at {node['target'][0]}: {node.get('failureSummary', '')[:160]}"


def left_in_english(page: Page, language: str) -> list[str]:
    """Texts of ours that stand on the page in English though they have a translation."""
    texts = page.evaluate(TEXTS_IN_THE_PAGES_LANGUAGE)
    return sorted(set(texts) & english_of(FILES[language]))


@cache
def english_of(locale: str) -> frozenset[str]:
    """The English texts that this language words otherwise."""
    with (Path(house.BASE_DIR) / "locale" / locale / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = pofile.read_po(file)
    return frozenset(
        str(message.id)
        for message in catalog
        if message.id and message.string and message.string != message.id and not SHARED.match(str(message.id))
    )


def _keep(page: Page, name: str) -> None:
    """A picture of the whole page, where SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(
            path=Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.png", full_page=True
        )
