"""Walking the house: every address there is, as everybody there is, and what a visit changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.house import House

ROLES = ("stranger", "buyer", "other_buyer", "seller", "other_seller", "moderator")
# Rows that come and go with a visit and mean nothing to anybody.
FLEETING = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog", "django_migrations"}
OUR_ORIGIN = "http://testserver"


@dataclass(frozen=True)
class Address:
    """A named URL pattern of the house."""

    name: str
    pattern: URLPattern


def addresses(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[Address]:
    """Every URL of ours; Django's admin is walked by its own test."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from addresses(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield Address(":".join((*spaces, entry.name or str(entry.pattern))), entry)


def people(house: House) -> dict[str, User | None]:
    """Who walks, by role. The house is Lin's (`buyer`) and Mukamana's (`seller`)."""
    return {
        "stranger": None,
        "buyer": house.buyer,
        "other_buyer": house.other_buyer,
        "seller": house.artisan,
        "other_seller": house.other_artisan,
        "moderator": house.moderator,
    }


def client_of(user: User | None, **options: Any) -> Client:
    """A browser in which this person is signed in; a crash comes as the 500 that they would see."""
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, backend="accounts.backends.HandleBackend")
    return client


def url_of(name: str, ids: str, house: House) -> str:
    """The URL with somebody's ids: `pk=draft.pk picture=picture.pk` are attributes of the house."""
    return reverse(name, kwargs=dict(_id(pair, house) for pair in ids.split()))


def _id(pair: str, house: House) -> tuple[str, Any]:
    name, _equals, path = pair.partition("=")
    value: Any = house
    if path.startswith("'"):
        return name, path.strip("'")
    for attribute in path.split("."):
        value = getattr(value, attribute)
    return name, value


def word_for(response: Any) -> str:
    """An answer in a word: its status, or where it sends people."""
    if response.status_code not in {301, 302, 303, 307, 308}:
        return str(response.status_code)
    path = urlsplit(response["Location"]).path
    if path.endswith("/sign-in/"):
        return "sign-in"
    return "apply" if path == "/sell/apply/" else "→"


def body_of(response: Any) -> bytes:
    """What was sent, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def snapshot() -> dict[str, tuple[int, int]]:
    """What every table holds: how many rows, and a sum over their content."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - FLEETING)
    known = set(connection.introspection.table_names())
    parts = [
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t"  # noqa: S608
        for table in tables
        if table in known
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, int(content)) for table, count, content in cursor.fetchall()}


def changed(before: dict[str, tuple[int, int]]) -> set[str]:
    """The tables that are not what they were."""
    now = snapshot()
    return {table for table in now if now[table] != before[table]}
