"""Finding every form of the house as a browser would, so that a form made tomorrow is attacked tomorrow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

from accounts.models import User
from tests.access import walk
from tests.access.declared import DOORS
from tests.house import House

TYPED = {"text", "search", "email", "tel", "number", "password", "url", "textarea", "hidden", "date"}


@dataclass
class Form:
    """A form of ours: where it goes, how, and what stands in it."""

    page: str
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, str, frozenset[str]]:
        """What tells this form from another of the same kind on another page."""
        return self.method, "".join("#" if sign.isdigit() else sign for sign in self.action), frozenset(self.values)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self._open, self._select = page, [], None, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page, facts.get("action") or self.page)
            self._open = Form(self.page, action, facts.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, facts)

    def _field(self, tag: str, facts: dict[str, str]) -> None:
        assert self._open is not None
        name, kind = facts.get("name", ""), facts.get("type", "text") if tag == "input" else tag
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in facts or self._select not in self._open.values:
                self._open.values[self._select] = facts.get("value", "")
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "button":
            self._open.buttons.append((name, facts.get("value", "")))
        elif kind == "file":
            self._open.files.add(name)
        elif kind in TYPED:
            self._open.values[name] = facts.get("value", "")
            self._open.typed.add(name)
        elif kind in {"checkbox", "radio"} and ("checked" in facts or name not in self._open.values):
            self._open.values[name] = facts.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def of_page(client: Client, page: str) -> list[Form]:
    """The forms of one page."""
    response = client.get(page)
    if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
        return []
    reader = _Reader(page)
    reader.feed(response.content.decode())
    return [form for form in reader.forms if not urlsplit(form.action).netloc]


def of_house(house: House) -> Iterator[tuple[User | None, Form]]:
    """Every kind of form once, with the person who sees it."""
    seen = set()
    for user in (house.buyer, house.artisan, house.applying.members.get().user, None):
        client = walk.client_of(user)
        pages = [walk.url_of(name, door.ids, house) for name, door in DOORS.items() if "200" in door.get]
        more = [f"/sell/orders/{part.pk}/" for part in (house.to_accept, house.accepted, house.delivered)]
        more += [f"/orders/{house.to_accept.order.number}/", f"/orders/{house.delivered.order.number}/"]
        for page in [*pages, *more, "/sign-in/?how=password"]:
            for form in of_page(client, page):
                if form.shape not in seen:
                    seen.add(form.shape)
                    yield user, form
