"""Requests and answers, without a framework."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """What came in. Header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The header, or an empty text."""
        return self.headers.get(name.lower(), "")

    def fields(self) -> dict[str, str]:
        """A posted HTML form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def asked(self) -> dict[str, str]:
        """The query string."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    """What goes out."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[..., Answer]
Route = tuple[str, str, Handler]
"""Method, path as a regular expression with named groups, and `handler(world, request, **groups)`."""


def words(text: str) -> list[str]:
    """A vocabulary written as one text."""
    return text.split()


def as_json(body: Any, status: int = 200, **headers: str) -> Answer:
    """A JSON answer; `Request_Id=` becomes the header `Request-Id`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json", **named})


def see(address: str) -> Answer:
    """After a form: look there now."""
    return Answer(303, b"", {"Location": address})


def read_json(request: Request) -> Any:
    """The body as JSON, or None where it is none."""
    try:
        return json.loads(request.body)
    except (ValueError, UnicodeDecodeError):
        return None


def from_our_own_page(request: Request) -> bool:
    """Whether a browser says that this form was on one of our pages; a program must say so too, with `Origin`."""
    origin, site = request.header("origin"), request.header("sec-fetch-site")
    if origin:
        return origin == f"http://{request.header('host')}"
    return site in {"same-origin", "none"}
