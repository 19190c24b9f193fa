"""The people of the demonstration. All of them are invented, and so are their numbers and addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from accounts import addresses, people
from accounts.handles import Handle
from accounts.models import Language, User

from . import marks

PASSWORD = "isoko-demo"


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, by e-mail or phone, with the one password of the demonstration."""

    key: str
    name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True)
class Home:
    """Where a buyer's parcels go."""

    recipient: str
    phone: str
    province_code: str
    district_code: str
    street: str
    postcode: str


BUYER = Person("buyer", "林夏", "buyer@isoko.example", "+8613800138000", Language.CHINESE)
SELLER = Person("seller", "Mukamana Claudine", "seller@isoko.example", "+250788100001", Language.KINYARWANDA)
MODERATOR = Person("moderator", "Mugisha Eric", "moderator@isoko.example", "+250788100009", Language.ENGLISH)
TRANSLATOR = Person("translator", "文雅", "translator@isoko.example", "+8613600136003", Language.CHINESE)
PEOPLE = (
    BUYER,
    SELLER,
    MODERATOR,
    TRANSLATOR,
    Person("wang", "王小雨", "xiaoyu@isoko.example", "+8613900139001", Language.CHINESE),
    Person("chen", "陈明", "chenming@isoko.example", "+8613700137002", Language.CHINESE),
    Person("uwase", "Uwase Divine", "coffee@isoko.example", "+250788100002", Language.KINYARWANDA),
    Person("habimana", "Habimana Jean", "tea@isoko.example", "+250788100003", Language.FRENCH),
    Person("ingabire", "Ingabire Josiane", "imigongo@isoko.example", "+250788100004", Language.KINYARWANDA),
    Person("umutoni", "Umutoni Grace", "kitenge@isoko.example", "+250788100005", Language.ENGLISH),
    Person("niyonzima", "Niyonzima Olivier", "kivu@isoko.example", "+250788100006", Language.KINYARWANDA),
    Person("uwimana", "Uwimana Solange", "solange@isoko.example", "+250788100007", Language.KINYARWANDA),
    Person("nshimiyimana", "Nshimiyimana Patrick", "patrick@isoko.example", "+250788100008", Language.KINYARWANDA),
)
HOMES = {
    "buyer": Home("林夏", "13800138000", "330000", "330106", "文三路138号3幢502室", "310012"),
    "wang": Home("王小雨", "13900139001", "310000", "310104", "漕溪北路88号1201室", "200030"),
    "chen": Home("陈明", "13700137002", "510000", "510107", "科华北路62号6栋301室", "610041"),
}
LOGINS = ((BUYER, "/"), (SELLER, "/sell/"), (MODERATOR, "/admin/"))


def seed(*, now: datetime) -> int:
    """Make those who are missing; says how many."""
    return sum(_make(person, now=now) for person in PEOPLE if not marks.made(f"person:{person.key}"))


def find(key: str) -> User:
    """The account of one of them."""
    person = next(person for person in PEOPLE if person.key == key)
    return User.objects.get(email=person.email)


def write_logins() -> None:
    """Leave the three logins where `./run demo` looks for them, readable by the owner alone."""
    rows = [
        {
            "role": person.key,
            "name": person.name,
            "login": person.email,
            "password": PASSWORD,
            "url": settings.SITE_URL.rstrip("/") + path,
        }
        for person, path in LOGINS
    ]
    path = settings.VAR_DIR / "demo-logins.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)


@transaction.atomic
def _make(person: Person, *, now: datetime) -> bool:
    user = people.sign_up(Handle("email", person.email), language=person.language, name=person.name)
    user.phone = person.phone
    user.save(update_fields=["phone"])
    if person is TRANSLATOR or any(
        person is one for one, _home in LOGINS
    ):  # the others sign in by a code, which the sandbox shows
        people.set_password(user, PASSWORD)
    if home := HOMES.get(person.key):
        addresses.save(user, home.__dict__, now=now)
    if person is MODERATOR:
        # A superuser for the demonstration only, so that one login shows every screen of the staff.
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
        user.groups.add(*Group.objects.filter(name="moderators"))
    if person is TRANSLATOR:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        user.groups.add(*Group.objects.filter(name="translators"))
    marks.mark(f"person:{person.key}")
    return True
