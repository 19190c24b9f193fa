"""What every page's frame needs to know. It never touches the session, so that public pages stay cacheable."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import get_language

from accounts.languages import localised

# Code in our settings -> the tag for `lang` and `hreflang`, the language's own name, and its shortest sign.
TONGUES = {
    "zh-hans": ("zh-Hans", "简体中文", "中"),
    "en": ("en", "English", "EN"),
    "fr": ("fr", "Français", "FR"),
    "rw": ("rw", "Ikinyarwanda", "RW"),
}


@dataclass(frozen=True)
class Alternate:
    """The page being shown, in one language: `url` is a path on this host, `absolute` the same for search engines."""

    code: str
    tag: str
    name: str
    short: str
    url: str
    current: bool

    @property
    def absolute(self) -> str:
        """The address with the host, without the query, which search engines need."""
        return settings.SITE_URL.rstrip("/") + self.url.partition("?")[0]


class Site:
    """The frame's facts, worked out only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.path = request.path
        self.full_path = request.get_full_path()
        self.found = getattr(request, "resolver_match", None) is not None
        self.demo: bool = settings.DEMO
        self.sandbox_control_url: str = settings.SANDBOX_CONTROL_URL
        self.base_url: str = settings.SITE_URL.rstrip("/")
        self.language = get_language() or settings.LANGUAGE_CODE

    @cached_property
    def icons(self) -> str:
        """The address of the icons' sprite."""
        return static("img/icons.svg")

    @cached_property
    def tag(self) -> str:
        """The language of the page as HTML writes it, such as `zh-Hans`."""
        return TONGUES.get(self.language, (self.language, "", ""))[0]

    @cached_property
    def alternates(self) -> list[Alternate]:
        """This page in each language; a page that does not exist leads to the front page instead."""
        return [
            Alternate(code, tag, name, short, self._in(code), code == self.language)
            for code, (tag, name, short) in TONGUES.items()
        ]

    @cached_property
    def translated(self) -> bool:
        """Whether the languages have addresses of their own here, which pages under /sell/ have not."""
        return self.found and len({alternate.url for alternate in self.alternates}) == len(TONGUES)

    def _in(self, code: str) -> str:
        url = localised(self.full_path, code) if self.found else localised("/", code)
        return "/" if url.startswith("//") else url


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor: `site` in every template."""
    return {"site": Site(request)}
