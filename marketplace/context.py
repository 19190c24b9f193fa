"""What every page's frame needs to know. It never touches the session, so that public pages stay cacheable."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.languages import localised
from accounts.models import LegalText
from kernel.http import in_wechat

# Code in our settings -> the tag for `lang` and `hreflang`, the language's own name, and its shortest sign.
TONGUES = {
    "zh-hans": ("zh-Hans", "简体中文", "中"),
    "en": ("en", "English", "EN"),
    "fr": ("fr", "Français", "FR"),
    "rw": ("rw", "Ikinyarwanda", "RW"),
}
TABS = ("home", "categories", "cart", "me")
FILES = {
    "css": "css/isoko.css",
    "js": "js/isoko.js",
    "search_js": "js/search.js",
    "early": "js/early.js",
    "icons": "img/icons.svg",
    "share": "img/share.jpg",
    "favicon": "img/favicon.svg",
    "touch": "img/favicon.png",
}
# Words that apps and search engines hang on an address and that change nothing of the page.
TRACKING = re.compile(
    r"utm_\w+|from|isappinstalled|scene|subscene|clicktime|enterid|sessionid|ascene|nsukey|share\w*|wx\w*|\w*clid|spm"
)


@dataclass(frozen=True)
class Alternate:
    """The page being shown, in one language: `url` is a path on this host, `absolute` the same for search engines."""

    code: str
    tag: str
    name: str
    short: str
    url: str
    absolute: str
    current: bool


@dataclass(frozen=True)
class Ways:
    """The addresses that the frame of every buyers' page leads to, in one language."""

    home: str
    categories: str
    search: str
    suggest: str
    cart: str
    me: str
    settings: str
    about: str
    report: str
    sell: str
    notice: str
    privacy: str
    terms: str


@functools.cache
def ways(language: str) -> Ways:
    """The frame's addresses, worked out once."""
    kinds = LegalText.Kind
    with translation.override(language):
        return Ways(
            home=reverse("catalog:home"),
            categories=reverse("catalog:categories"),
            search=reverse("catalog:search"),
            suggest=reverse("catalog:suggest"),
            cart=reverse("orders:cart"),
            me=reverse("accounts:me"),
            settings=reverse("accounts:settings"),
            about=reverse("about"),
            report=reverse("catalog:report"),
            sell=reverse("sell:apply"),
            notice=reverse("legal", args=[kinds.CONSUMER_NOTICE]),
            privacy=reverse("legal", args=[kinds.PRIVACY]),
            terms=reverse("legal", args=[kinds.TERMS]),
        )


@functools.cache
def part(name: str, language: str) -> SafeString:
    """A part of the frame that is the same on every page of a language, rendered once."""
    with translation.override(language):
        facts = {
            "ways": ways(language),
            "operator": settings.OPERATOR_NAME,
            "registration": settings.OPERATOR_REGISTRATION,
            "sandbox_control_url": settings.SANDBOX_CONTROL_URL,
            "files": files(),
        }
        return SafeString(render_to_string(name, facts).strip())


@functools.cache
def tabs(language: str, here: str, how: str) -> SafeString:
    """The tabs of the main pages, where `here` is the one the reader is on (`how`: page) or under (`how`: true)."""
    with translation.override(language):
        facts = {"ways": ways(language), "files": files(), "here": here, "how": how}
        return SafeString(render_to_string("storefront/_tabs.html", facts).strip())


@functools.cache
def files() -> dict[str, str]:
    """The addresses of the frame's own files."""
    return {name: static(path) for name, path in FILES.items()}


class Site:
    """The frame's facts, worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.path = request.path
        self.full_path = request.get_full_path()
        self.found = getattr(request, "resolver_match", None) is not None
        self.demo: bool = settings.DEMO
        self.base_url: str = settings.SITE_URL.rstrip("/")
        self.language = get_language() or settings.LANGUAGE_CODE
        self.files = files()

    @cached_property
    def ways(self) -> Ways:
        """Where the frame leads."""
        return ways(self.language)

    @property
    def foot(self) -> SafeString:
        """The end of every buyers' page."""
        return part("storefront/_foot.html", self.language)

    @property
    def demo_bar(self) -> SafeString:
        """The bar that changes between the people of the demo; nothing anywhere else."""
        return part("_demo_bar.html", self.language) if self.demo else SafeString()

    def tabs(self, section: str) -> SafeString:
        """The main pages, with the one the reader is on marked; `section` is the one the page belongs to."""
        for name in TABS:
            if self.path == getattr(self.ways, name):
                return tabs(self.language, name, "page")
        return tabs(self.language, section if section in TABS else "", "true")

    @cached_property
    def icons(self) -> str:
        """The address of the icons' sprite."""
        return self.files["icons"]

    @cached_property
    def tag(self) -> str:
        """The language of the page as HTML writes it, such as `zh-Hans`."""
        return TONGUES.get(self.language, (self.language, "", ""))[0]

    @property
    def in_wechat(self) -> bool:
        """Whether WeChat's own browser asks. For private pages alone: pages that many share may not differ by it."""
        return in_wechat(self.request)

    @property
    def share_card(self) -> str:
        """The picture that a shared link shows where the page has none of its own."""
        return self.base_url + self.files["share"]

    @cached_property
    def canonical(self) -> str:
        """The one address of this page for search engines; empty where the address says nothing of the language.

        A sorted or filtered list is the plain list to them; a later page of the plain list is a page of its own.
        """
        if not self.translated:
            return ""
        words = {word for word in self.request.GET if not TRACKING.fullmatch(word)}
        number = self.request.GET.get("page", "") if words == {"page"} else ""
        is_number = number.isascii() and number.isdecimal() and len(number) <= 6
        later = f"?page={int(number)}" if is_number and int(number) > 1 else ""
        return f"{self.base_url}{self.path}{later}"

    @cached_property
    def alternates(self) -> list[Alternate]:
        """This page in each language; a page that does not exist leads to the front page instead."""
        start = self.base_url + self.path
        rest = self.canonical.removeprefix(start)
        return [self._alternate(code, rest) for code in TONGUES]

    @cached_property
    def translated(self) -> bool:
        """Whether the languages have addresses of their own here, which pages under /sell/ have not."""
        return self.found and localised(self.path, "en") != localised(self.path, "fr")

    def _alternate(self, code: str, rest: str) -> Alternate:
        tag, name, short = TONGUES[code]
        url = localised(self.full_path if self.found else "/", code)
        absolute = f"{self.base_url}{localised(self.path, code)}{rest}" if self.translated else ""
        return Alternate(code, tag, name, short, url, absolute, code == self.language)


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor: `site` in every template."""
    return {"site": Site(request)}
