"""The staff's pages: nobody else comes in, and no page of theirs breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from tests import cast

from . import walk

pytestmark = pytest.mark.django_db

PAGES = ("changelist", "add", "change", "delete", "history")


def pages() -> Iterator[str]:
    """Every model's pages, with its first row where one is needed."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.order_by("pk").first()
        for page in PAGES:
            ids = [] if page in {"changelist", "add"} else [row.pk] if row else None
            try:
                if ids is not None:
                    yield reverse(f"{name}_{page}", args=ids)
            except NoReverseMatch:  # this admin leaves that page out
                continue


def test_only_staff_come_in(lived_in):
    wrong = []
    for role, user in walk.people(lived_in).items():
        if role == "moderator":
            continue
        client = walk.client_of(user)
        for url in pages():
            response = client.get(url)
            if response.status_code != 302 or "login" not in response["Location"]:
                wrong.append(f"{role} {url}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def test_no_page_breaks_and_no_look_changes_anything(lived_in):
    root = cast.person("Root", language="en", is_staff=True, is_superuser=True)
    wrong = []
    for user in (lived_in.moderator, root):
        client = walk.client_of(user)
        before = walk.snapshot()
        for url in pages():
            response = client.get(url)
            if response.status_code not in {200, 403, 302}:
                wrong.append(f"{user} {url}: {response.status_code}")
        # Searching must not break either, whatever is typed.
        for url in (url for url in pages() if url.count("/") == 4 and user == root):
            for typed in ("'%_\\ \x00", "9" * 40):
                if client.get(url, {"q": typed}).status_code >= 500:
                    wrong.append(f"{user} {url} searching {typed!r}")
        if walk.changed(before):
            wrong.append(f"{user} changed {walk.changed(before)} by looking")
    assert not wrong, "\n".join(wrong)


def test_a_translator_sees_texts_and_nothing_else(lived_in):
    client = walk.client_of(cast.translator())
    open_to = {url for url in pages() if client.get(url).status_code == 200}
    assert open_to == {reverse("admin:index"), reverse("admin:catalog_producttext_changelist")}
    address = reverse("admin:catalog_producttext_write", args=[lived_in.basket.product_id, "title", "zh"])
    assert client.get(address).status_code == 200
    before = walk.snapshot()
    for url in pages():
        if url not in open_to:
            assert client.post(url, {"_publish": "1", "post": "yes"}).status_code in {302, 403}, url
    assert not walk.changed(before)


def test_no_list_shows_an_identity_number(lived_in):
    User.objects.filter(pk=lived_in.moderator.pk).update(is_superuser=True)
    client = walk.client_of(User.objects.get(pk=lived_in.moderator.pk))
    shown = [url for url in pages() if b"11010519491231002" in walk.body_of(client.get(url))]
    assert shown == []
