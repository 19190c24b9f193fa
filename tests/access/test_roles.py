"""Every address as everybody: who gets in, what a look changes, and who may keep the answer."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import translation

from accounts.models import User
from tests.house import House

from . import walk
from .declared import DOORS, FREE, PRIVATE, PUBLIC, SAME_ORIGIN, SECRET, SIGNATURE, Door
from .walk import ROLES

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en", "fr", "rw")
OK = {"200", "201", "204", "→", "409", "422"}
REFUSED = {"403", "404", "sign-in", "apply"}
EVIL = "https://evil.example"


def doors(house: House) -> Iterator[tuple[str, Door, str]]:
    for name, door in DOORS.items():
        yield name, door, walk.url_of(name, door.ids, house)


def test_every_address_is_declared():
    known = {address.name for address in walk.addresses()}
    assert known - DOORS.keys() == set(), "say in tests/access/declared.py who may go there"
    assert DOORS.keys() - known == set(), "these addresses are gone"


def test_a_look_gets_what_is_declared_and_changes_nothing(lived_in):
    wrong = []
    clients = {role: walk.client_of(user) for role, user in walk.people(lived_in).items()}
    before = walk.snapshot()
    for name, door, url in doors(lived_in):
        for role, expected in zip(ROLES, door.get, strict=True):
            response, head = clients[role].get(url), clients[role].head(url)
            if (got := walk.word_for(response)) != expected:
                wrong.append(f"{role} GET {name}: {got}, declared {expected}")
            if head.status_code != response.status_code or walk.body_of(head):
                wrong.append(f"{role} HEAD {name}: {head.status_code} with {len(walk.body_of(head))} bytes")
        now = walk.snapshot()
        if undeclared := {table for table in now if now[table] != before[table]} - door.writes:
            wrong.append(f"GET {name} changed {undeclared}")
        before = now
    assert not wrong, "\n".join(wrong)


def test_an_empty_form_gets_what_is_declared_and_changes_nothing_of_others(lived_in):
    wrong = []
    signed_in = {role: walk.client_of(user).cookies for role, user in walk.people(lived_in).items()}
    before = walk.snapshot()
    for name, door, url in doors(lived_in):
        for role, expected in zip(ROLES, door.post, strict=True):
            with transaction.atomic():
                client = walk.client_of(None)
                client.cookies = copy.deepcopy(signed_in[role])
                got = walk.word_for(client.post(url, headers={"origin": walk.OUR_ORIGIN}))
                moved = walk.changed(before) if got in REFUSED else set()
                transaction.set_rollback(True)
            if got != expected and not (expected == "ok" and got in OK):
                wrong.append(f"{role} POST {name}: {got}, declared {expected}")
            if moved:
                wrong.append(f"{role} POST {name} was answered {got}, and changed {moved}")
    assert not wrong, "\n".join(wrong)


def test_no_form_is_taken_from_another_site(lived_in):
    wrong = []
    people = [lived_in.buyer, lived_in.artisan, None]
    everybody = [walk.client_of(user, enforce_csrf_checks=True) for user in people]
    before = walk.snapshot()
    for name, door, url in doors(lived_in):
        if set(door.post) == {"405"} or door.needs == SIGNATURE:
            continue
        for client in everybody:
            for headers in ({"origin": EVIL}, {"origin": "null"}, {"referer": EVIL + "/page"}, {}):
                answer = client.post(url, {"quantity": "1", "language": "fr"}, headers=headers)
                if answer.status_code != 403:
                    wrong.append(f"POST {name} with {headers}: {answer.status_code}")
        if walk.changed(before):
            wrong.append(f"POST {name} from elsewhere changed {walk.changed(before)}")
    assert not wrong, "\n".join(wrong)


def test_our_own_pages_need_no_token_where_pages_are_shared(lived_in):
    buyer = walk.client_of(lived_in.buyer, enforce_csrf_checks=True)
    shared = [url for _name, door, url in doors(lived_in) if door.needs == SAME_ORIGIN]
    assert {buyer.post(url, headers={"origin": walk.OUR_ORIGIN}).status_code for url in shared} <= {
        200,
        302,
        303,
        404,
        422,
    }


def test_answers_are_kept_by_nobody_who_should_not(lived_in):
    wrong = []
    for role, user in walk.people(lived_in).items():
        client = walk.client_of(user)
        for name, door, url in doors(lived_in):
            response = client.get(url)
            if response.status_code == 200 and (bad := _badly_kept(door, response)):
                wrong.append(f"{role} {name}: {bad}")
            elif response.status_code != 200 and "public" in response.get("Cache-Control", ""):
                wrong.append(f"{role} {name}: {response.status_code} may be kept")
    assert not wrong, "\n".join(wrong)


def _badly_kept(door: Door, response) -> str:
    how = response.get("Cache-Control", "")
    if door.cache == PUBLIC:
        shared = "public" in how and response.get("ETag") and not response.cookies
        return "" if shared and "Cookie" not in response.get("Vary", "") else f"is not shared: {how} {response.cookies}"
    if door.cache == SECRET:
        return "" if "no-store" in how else f"may be stored: {how or 'nothing said'}"
    if door.cache == PRIVATE:
        return "" if "private" in how or "no-store" in how else f"may be shared: {how or 'nothing said'}"
    assert door.cache == FREE
    return ""


def test_a_known_page_is_not_sent_again(lived_in):
    client = walk.client_of(None)
    for _name, door, url in doors(lived_in):
        if door.cache == PUBLIC:
            first = client.get(url)
            again = client.get(url, headers={"if-none-match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b""), url


def test_pages_that_many_share_do_not_look_at_the_browser(lived_in):
    """A cache would show to all what was made for the first."""
    plain = walk.client_of(None)
    odd = {"user-agent": "MicroMessenger/8.0.49", "accept-language": "fr", "save-data": "on", "cookie": "a=b"}
    for _name, door, url in doors(lived_in):
        if door.cache == PUBLIC:
            assert plain.get(url).content == plain.get(url, headers=odd).content, url


def test_every_answer_is_guarded(lived_in):
    wrong = []
    client = walk.client_of(lived_in.artisan)
    for name, _door, url in doors(lived_in):
        response = client.get(url)
        policy = response.get("Content-Security-Policy", "")
        if "default-src" not in policy or "unsafe-inline" in policy or "unsafe-eval" in policy:
            wrong.append(f"{name}: policy {policy!r}")
        if response.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{name}: may be sniffed")
        if not response.get("X-Request-Id"):
            wrong.append(f"{name}: has no number")
    assert not wrong, "\n".join(wrong)


def test_nobody_reads_what_is_not_theirs(lived_in):
    """What only Lin, or only Mukamana, may read is on no page that another role can open."""
    lins = [lived_in.address.street, lived_in.address.phone.removeprefix("+86"), lived_in.buyer.email, "11010519491231"]
    mukamanas = ["Canary basket", "canary-card", lived_in.artisan.email, lived_in.shop.momo_number]
    seen = []
    for role, user in walk.people(lived_in).items():
        secrets = (lins if role not in {"buyer", "seller", "moderator"} else []) + (
            mukamanas if role not in {"seller", "moderator"} else []
        )
        client = walk.client_of(user)
        for name, _door, url in doors(lived_in):
            response = client.get(url)
            text = walk.body_of(response).decode("utf-8", "replace") + str(dict(response.items()))
            seen += [f"{role} reads {secret} at {name}" for secret in secrets if secret in text]
    assert not seen, "\n".join(seen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(lived_in, language):
    wrong = []
    User.objects.update(language=language)
    with translation.override(language):
        pages = [walk.url_of(name, door.ids, lived_in) for name, door in DOORS.items()]
    for user in (lived_in.buyer, lived_in.artisan, None):
        client = walk.client_of(user)
        wrong += [f"{user} {url}" for url in pages if client.get(url).status_code >= 500]
    assert not wrong, "\n".join(wrong)
