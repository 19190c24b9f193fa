"""HTML without a template engine: every text is escaped unless it was built here."""

import html
from datetime import UTC, datetime
from pathlib import Path

from .checkout import ZERO_DECIMAL
from .web import Answer, Request, Route
from .world import World

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
VOID = {"input", "meta", "link", "br"}
STYLE = (Path(__file__).parent / "sandbox.css").read_bytes()
SIGNS = {"cny": "¥", "usd": "$", "eur": "€", "rwf": "RWF "}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def el(tag: str, /, *inside: str, **attributes: str | bool) -> Html:
    """An element. `class_` is `class`, `http_equiv` is `http-equiv`; True is a bare attribute, False none."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{html.escape(str(value))}"')
        for key, value in attributes.items()
        if value is not False
    )
    body = "".join(part if isinstance(part, Html) else html.escape(part) for part in inside)
    return Html(f"<{tag}{written}>" if tag in VOID else f"<{tag}{written}>{body}</{tag}>")


def join(*parts: str) -> Html:
    """Several parts as one."""
    return Html("".join(part if isinstance(part, Html) else html.escape(part) for part in parts))


def page(title: str, *body: str, status: int = 200, refresh: int = 0) -> Answer:
    """A whole page."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", http_equiv="refresh", content=str(refresh)) if refresh else "",
        el("title", title),
        el("link", rel="stylesheet", href="/sandbox.css"),
        el("link", rel="icon", href="data:,"),
    )
    whole = "<!doctype html>" + el("html", head, el("body", *body), lang="zh-CN")
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(status, whole.encode(), headers)


def money(minor: int, currency: str) -> str:
    """An amount for people."""
    sign = SIGNS.get(currency, currency.upper() + " ")
    return f"{sign}{minor:,}" if currency in ZERO_DECIMAL else f"{sign}{minor / 100:,.2f}"


def moment(at: float) -> str:
    """A time in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%m-%d %H:%M:%S")


def show_style(world: World, request: Request) -> Answer:
    """GET /sandbox.css."""
    return Answer(200, STYLE, {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=300"})


ROUTES: list[Route] = [("GET", "/sandbox.css", show_style)]
