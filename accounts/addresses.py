"""Addresses of buyers in mainland China. A changed address is a new row: orders keep what they copied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from . import handles, names
from . import regions as _regions
from .models import Address, User

MOST = 20
STREET_LONGEST = 120


class BadRegion(Refusal):
    """Province, city and district do not belong together."""

    code = "bad_region"
    status = 422
    message = _("Choose province, city and district again: they do not belong together.")


class BadPostcode(Refusal):
    """Chinese postcodes have six digits; where none is known it is left out."""

    code = "bad_postcode"
    status = 422
    message = _("A postcode has 6 digits. Leave it empty if you do not know it.")


class BadStreet(Refusal):
    """A street that a courier could not find or a label could not carry."""

    code = "bad_street"
    status = 422
    message = _("Write street, building and door number, 4 to 120 characters on one line.")


class TooManyAddresses(Refusal):
    """The address book is full."""

    code = "too_many_addresses"
    message = _("You have 20 addresses. Delete one that you no longer use.")


def regions() -> list[Any]:
    """The tree of provinces, cities and districts; see `accounts.regions`."""
    return _regions.tree()


@transaction.atomic
def save(user: User, form_data: Mapping[str, Any], *, replaces: Address | None = None, now: datetime) -> Address:
    """Add an address, or put it in the place of another. Raises BadName, BadPhone, BadRegion, BadStreet, BadPostcode.

    `form_data` has recipient, phone, province_code, district_code, street, postcode and is_default. The first address,
    and one that replaces the default, become the default.
    """
    place = place_of(str(form_data["province_code"]), str(form_data["district_code"]))
    clean = {
        "recipient": names.person(str(form_data["recipient"])),
        "phone": handles.chinese_phone(str(form_data["phone"])),
        "street": street(str(form_data["street"])),
        "postcode": postcode(str(form_data.get("postcode") or "")),
    }
    User.objects.select_for_update().get(pk=user.pk)
    mine = Address.objects.of(user)
    if replaces is not None:
        mine.filter(pk=replaces.pk).update(archived_at=now)
    if mine.count() >= MOST:
        raise TooManyAddresses
    was_default = replaces is not None and replaces.is_default
    is_default = bool(form_data.get("is_default")) or was_default or not mine.exists()
    if is_default:
        mine.update(is_default=False)
    return Address.objects.create(
        user=user,
        province_code=place.province_code,
        province=place.province,
        city=place.city,
        district_code=place.code,
        district=place.name,
        is_default=is_default,
        created_at=now,
        **clean,
    )


@transaction.atomic
def make_default(address: Address) -> None:
    """Make an address the one that checkout begins with."""
    User.objects.select_for_update().get(pk=address.user_id)
    Address.objects.of(address.user).update(is_default=False)
    Address.objects.filter(pk=address.pk, archived_at=None).update(is_default=True)


@transaction.atomic
def delete(address: Address, *, now: datetime) -> None:
    """Take an address out of the book. The newest of the others becomes the default if this was it."""
    User.objects.select_for_update().get(pk=address.user_id)
    gone = Address.objects.filter(pk=address.pk, archived_at=None)
    was_default = gone.filter(is_default=True).exists()
    gone.update(archived_at=now, is_default=False)
    heir = Address.objects.of(address.user).first()
    if was_default and heir is not None:
        Address.objects.filter(pk=heir.pk).update(is_default=True)


def place_of(province_code: str, district_code: str) -> _regions.District:
    """The district, if it lies in that province. Raises BadRegion."""
    place = _regions.district(district_code)
    if place is None or place.province_code != province_code:
        raise BadRegion
    return place


def street(text: str) -> str:
    """One line that a courier can use. Raises BadStreet."""
    try:
        line = names.line(text, longest=STREET_LONGEST)
    except names.BadText as error:
        raise BadStreet from error
    if len(line) < 4:
        raise BadStreet
    return line


def postcode(text: str) -> str:
    """Six digits, or nothing. Raises BadPostcode."""
    digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if digits and (not re.fullmatch(r"[0-9]{6}", digits) or digits == "000000"):
        raise BadPostcode
    return digits
