"""What a first visit costs a phone with an empty cache, as the real web server sends it, against what is allowed."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as house
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext

from catalog import pictures
from catalog.models import Picture
from marketplace.demo import goods, people, shops
from marketplace.local import ports
from tests.web import served

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("budgets"), pytest.mark.django_db(transaction=True)]

PRODUCTION = {"DJANGO_SETTINGS_MODULE": "marketplace.settings", "VAR_DIR": str(house.VAR_DIR), "LOG_LEVEL": "ERROR"}
ON_THE_FIRST_SCREEN = """() => [...document.images].filter(image => {
  const box = image.getBoundingClientRect();
  return box.width && box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0;
}).map(image => image.currentSrc)"""


@dataclass(frozen=True)
class Budget:
    """Kilobytes on the line, heads of answers included, and how many requests.

    What a page asks for after it stands, such as the price to the reader's door, counts into the total.
    """

    html: float
    css: float
    js: float
    images: float
    total: float
    requests: int


HOME, LIST, PRODUCT = Budget(9, 12, 10, 75, 106, 16), Budget(8, 12, 12, 66, 98, 14), Budget(10, 12, 16, 60, 98, 16)
PAGES = [
    ("/", HOME),
    ("/en/", HOME),
    ("/search/?sort=new", LIST),
    ("/search/?q=卢旺达", LIST),
    ("/en/search/?sort=new", LIST),
    ("/c/coffee/", LIST),
    ("/p/coffee-huye-washed-250/", PRODUCT),
    ("/en/p/agaseke-petite-18/", PRODUCT),
]


@pytest.fixture
def site(reference_rows: None, settings: Any) -> Iterator[str]:
    """The whole demonstration's goods behind the web server that production runs, with static files built."""
    now = timezone.now()
    people.seed(now=now)
    shops.seed(now=now)
    goods.seed(now=now)
    for picture in Picture.objects.filter(status=Picture.Status.WAITING):
        pictures.derive(picture_id=picture.pk)
    goods.show()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "marketplace.assets.LeanStaticFilesStorage"},
    }
    call_command("collectstatic", "--no-input", verbosity=0)
    server = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))
    with served(DATABASE_URL=address, **PRODUCTION) as port:
        yield f"http://{ports.HOST}:{port}"
    connection.close()


def test_a_first_visit_stays_within_its_budget(site: str, open_browser: Callable[..., BrowserContext]) -> None:
    over: list[str] = []
    for path, budget in PAGES:
        spent = visit(open_browser(width=390, device_scale_factor=2), site, path)
        sys.stderr.write(f"{path} {spent}\n")
        over += [
            f"{path}: {spent[kind]} of {kind}, where {getattr(budget, kind)} are allowed"
            for kind in vars(budget)
            if spent[kind] > getattr(budget, kind)
        ]
    assert over == []


def visit(context: BrowserContext, site: str, path: str) -> dict[str, float]:
    """Kilobytes by kind, and requests. Pictures further down, which the browser may fetch early, do not count."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    answers: dict[str, tuple[str, str]] = {}
    sizes: dict[str, int] = {}
    line.on(
        "Network.responseReceived",
        lambda said: answers.update({said["requestId"]: (said["response"]["url"], said["response"]["mimeType"])}),
    )
    line.on("Network.loadingFinished", lambda said: sizes.update({said["requestId"]: said["encodedDataLength"]}))
    page.goto(site + path, wait_until="networkidle")
    seen = set(page.evaluate(ON_THE_FIRST_SCREEN))
    spent: Counter[str] = Counter()
    for request, (url, kind) in answers.items():
        if url.startswith("data:"):
            continue
        assert urlsplit(url).netloc == urlsplit(site).netloc, f"{path} asks another host: {url}"
        name = "later" if kind == "text/html" and url != page.url else kind_of(kind)
        if name == "images" and not kind.startswith("image/svg") and url not in seen:
            continue
        spent[name] += sizes[request]
        spent["requests"] += 1
    spent["total"] = sum(spent[name] for name in ("html", "css", "js", "images", "later"))
    assert spent["html"], path
    assert spent["images"], path
    return {name: spent[name] if name == "requests" else round(spent[name] / 1000, 1) for name in vars(HOME)}


def kind_of(mime: str) -> str:
    """The column of the table that an answer belongs to."""
    if mime.startswith("image/"):
        return "images"
    return {"text/html": "html", "text/css": "css"}.get(mime, "js")
