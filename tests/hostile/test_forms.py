"""Whatever is typed into whichever form, the answer is never a crash and nothing is half written."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client, RequestFactory

from kernel.http import is_own_path
from marketplace import invariants
from tests.access import walk

from . import forms

pytestmark = pytest.mark.django_db

ZALGO = "Z" + "\u0336\u0344\u0310" * 3000
TEXTS = {
    "NUL": "a\x00b",
    "lone surrogate": "a\ud800b",
    "10 kB": "长" * 10_000,
    "nothing but blanks": " \t\u3000\u200b",
    "right to left": "\u202egnp.exe",
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}'\"--",
    "formula": "=cmd|'/c calc'!A0",
    "combining marks": ZALGO,
    "emoji": "👩🏿‍🌾🇷🇼",
    "newlines": "a\r\nBcc: b@example.com\r\n\r\nc",
}
NUMBERS = [
    "0",
    "-1",
    "1000000",
    "0.5",
    "１２",
    "1e3",
    "NaN",
    "inf",
    "1,234.50",
    "99999999999999999999",
    str(2**63),
    "٣",
    "--",
]
# One bad field hides the others from the database, so these stand alone too, among good ones.
OURS = {"origin": walk.OUR_ORIGIN}
FORM = "application/x-www-form-urlencoded"
FILES = [b"", b"\x89PNG\r\n\x1a\n", b"<svg onload=alert(1)>", b"%PDF-1.4", b"\xff\xd8\xff\xe0" * 50]
ALONE = {"NUL", "lone surrogate", "newlines"}


@dataclass
class Found:
    """A form, and what the browser of a person who sees it keeps."""

    cookies: Any
    form: forms.Form

    @property
    def browser(self) -> Client:
        """A fresh browser of theirs: what the last attack did to its cookies is forgotten."""
        client = walk.client_of(None)
        client.cookies = copy.deepcopy(self.cookies)
        return client


@pytest.fixture(scope="module")
def found(built) -> list[Found]:
    """Every form there is, but the one that signs out."""
    every = [(user, form) for user, form in forms.of_house(built) if not form.action.endswith("/sign-out/")]
    kept = {user: walk.client_of(user).cookies for user, _form in every}
    return [Found(kept[user], form) for user, form in every]


def sent(one: Found, values: dict[str, str]) -> int:
    """The status of the answer to a form with these values; what it did is undone."""
    body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in values.items()})
    with transaction.atomic():
        if one.form.method == "get":
            status = one.browser.get(one.form.action.partition("?")[0], QUERY_STRING=body).status_code
        else:
            status = one.browser.generic("POST", one.form.action, body, FORM, headers=OURS).status_code
        transaction.set_rollback(True)
    return status


def attack(found: list[Found], values_of: Callable[[forms.Form], Iterator[tuple[str, dict[str, str]]]]) -> None:
    """Send each form as each attack says. Fails with all that crashed."""
    crashes = []
    for one in found:
        for what, values in values_of(one.form):
            status = sent(one, values)
            if status >= 500 and status != 503:
                crashes.append(f"{one.form.method} {one.form.action} with {what[:40]}: {status}")
    assert not crashes, "\n".join(crashes)


def test_the_forms_we_know_of_are_found(found):
    actions = " ".join(one.form.action for one in found)
    for part in ("/search/", "/sign-in/", "/sign-up/", "/cart/", "/checkout/", "/addresses/", "/customs/", "/cancel/"):
        assert part in actions, part
    for part in ("/sell/apply/", "/products/", "/stock/", "/pack/", "/accept/", "/decline/"):
        assert part in actions, part


def test_a_form_sent_as_it_stands_is_read(found):
    """The control: the attacks below get past the doors, to the fields."""
    for one in found:
        pressed = dict(one.form.buttons[:1])
        status = sent(one, {**one.form.values, **pressed})
        assert status in {200, 302, 303, 409, 422} or "person" in pressed, f"{one.form}: {status}"


@pytest.mark.parametrize("what", TEXTS)
def test_no_text_breaks_a_form(found, what):
    def each_field_and_all(form: forms.Form):
        everywhere = {**form.values, **dict.fromkeys(form.typed, TEXTS[what])}
        yield what, everywhere
        for name, value in form.buttons:
            yield f"{what}, pressing {name}", {**everywhere, name: value}
        for name in form.typed if what in ALONE else ():
            yield f"{what} in {name}", {**form.values, name: TEXTS[what]}

    attack(found, each_field_and_all)


def test_no_number_breaks_a_form(found):
    def in_every_field(form: forms.Form):
        for number in NUMBERS:
            yield number, {name: number if name in form.typed else value for name, value in form.values.items()}

    attack(found, in_every_field)


def test_choices_that_were_not_offered_break_nothing(found):
    def other_choices(form: forms.Form):
        for value in ("", "999999999999999999999", "\x00", "x' OR 1=1--", "[]"):
            yield value, dict.fromkeys(form.values, value)
        yield "nothing at all", {}

    attack(found, other_choices)


def test_files_where_none_belong_and_bad_ones_where_they_do(found):
    crashes = []
    for one in found:
        if one.form.method != "post":
            continue
        for name in [*one.form.files, *list(one.form.values)[:1]]:
            for content in FILES:
                file = io.BytesIO(content)
                file.name = "../../x\u202e\r\n.php.jpg"
                with transaction.atomic():
                    values = {**one.form.values, name: file}
                    status = one.browser.post(one.form.action, values, headers=OURS).status_code
                    transaction.set_rollback(True)
                if status >= 500:
                    crashes.append(f"{one.form.action}: a file {content[:8]!r} in {name}: {status}")
    assert not crashes, "\n".join(crashes)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_cart_takes_whole_numbers_only(lived_in, number):
    before = walk.snapshot()
    for url, user in (
        (f"/cart/add/{lived_in.basket.pk}/", None),
        (f"/cart/lines/{lived_in.line.pk}/", lived_in.buyer),
    ):
        answer = walk.client_of(user).post(url, {"quantity": number}, headers=OURS)
        assert answer.status_code in {422, 303, 302}, (url, answer.status_code)
    lived_in.line.refresh_from_db()
    assert lived_in.line.quantity in {1, 12, 3} and "orders_order" not in walk.changed(before)


def test_a_total_that_was_not_shown_is_not_charged(lived_in):
    client = walk.client_of(lived_in.buyer)
    (checkout,) = [form for form in forms.of_page(client, "/checkout/") if "total" in form.values]
    good = {**checkout.values, "orderer": "林夏", "agree_notice": "on"}
    theirs = str(lived_in.address.pk - 10**6)
    before = walk.snapshot()
    for change in (
        {"total": "1"},
        {"total": str(int(good["total"]) - 1)},
        {"total": "-5"},
        {"quote": "00000000-0000-0000-0000-000000000000"},
        {"quote": "'"},
        {"address": theirs},
        {"address": str(2**70)},
        {"agree_notice": ""},
    ):
        values = {name: value for name, value in {**good, **change}.items() if value}
        answer = client.post("/checkout/", values)
        assert answer.status_code in {302, 404, 409, 422}, change
        assert walk.changed(before) <= {"logistics_quote"}, change


def test_all_that_together_leaves_the_house_in_order(lived_in, found):
    for one in found:
        if one.form.method == "post":
            values = {**one.form.values, **dict.fromkeys(one.form.typed, "1")}
            one.browser.post(one.form.action, values, headers=OURS)
    assert {one.name: wrong for one, wrong in invariants.breaches()} == {}


EVIL_WAYS = [
    *("//evil.example", "https:evil.example", "\\/evil.example", "/\\evil.example", "javascript:alert(1)"),
    *("%2F%2Fevil.example", "/%2Fevil.example", "/%252Fevil.example", "/\tevil.example", "/%09/evil.example"),
    *("http://127.0.0.1@evil.example/", "///evil.example", "/%5Cevil.example", "\x00/", "https://evil.example"),
    *("data:text/html,x", "/%0d%0aSet-Cookie:a=b"),
]


@pytest.mark.parametrize("wanted", EVIL_WAYS)
def test_next_leads_nowhere_but_home(lived_in, wanted):
    assert not is_own_path(wanted, RequestFactory().get("/"))
    for client, url, values in (
        (
            walk.client_of(None),
            "/sign-in/",
            {"how": "password", "handle": lived_in.buyer.email, "password": "lin-secret"},
        ),
        (walk.client_of(lived_in.buyer), "/language/", {"language": "en"}),
        (walk.client_of(None), f"/cart/add/{lived_in.basket.pk}/", {"quantity": "1"}),
    ):
        answer = client.post(url, {**values, "next": wanted}, headers=OURS)
        assert answer.status_code in {302, 303}, (url, answer.status_code)
        assert "evil" not in answer["Location"] and answer["Location"].startswith("/"), answer["Location"]
        assert not answer["Location"].startswith(("//", "/\\")), answer["Location"]
