"""Rwandan identity numbers and tax numbers: what can be checked of them without asking the authority. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

YOUNGEST_HOLDER = 16
_FORM = re.compile(r"[123](?P<born>(?:19|20)\d{2})[78]\d{7}\d\d{2}")


class BadNationalId(Refusal):
    """Not the form of a Rwandan identity number."""

    code = "national_id_invalid"
    status = 422
    message = _("An ID number has 16 digits. Copy it from the card.")


class TooYoung(BadNationalId):
    """Cards are issued from the age of 16."""

    code = "national_id_too_young"
    message = _("The year of birth in the ID number cannot be right. Copy it from the card.")


class BadTin(Refusal):
    """Not the form of a taxpayer number."""

    code = "tin_invalid"
    status = 422
    message = _("A TIN has 9 digits.")


@dataclass(frozen=True)
class NationalId:
    """A number of the right form. Its last two digits are a secret check, so only the card proves it."""

    number: str
    born_in: int

    @property
    def masked(self) -> str:
        """Status, year of birth and the last two digits: `1 1990 * ******* * 12`."""
        return f"{self.number[0]} {self.number[1:5]} * ******* * {self.number[-2:]}"


def parse(text: str, *, today: date) -> NationalId:
    """Read a number as written on the card, with or without spaces. Raises BadNationalId, TooYoung."""
    number = _digits(text)
    found = _FORM.fullmatch(number)
    if found is None or not number.isascii():
        raise BadNationalId
    born_in = int(found["born"])
    if today.year - born_in < YOUNGEST_HOLDER:
        raise TooYoung
    return NationalId(number, born_in)


def tin(text: str) -> str:
    """A taxpayer number: nine digits; there is no public check digit. Raises BadTin."""
    number = _digits(text)
    if not re.fullmatch(r"[0-9]{9}", number):
        raise BadTin
    return number


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
