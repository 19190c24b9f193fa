"""Resident identity numbers of mainland China, by GB 11643. Pure: text and a date in, a number or a refusal out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

ADULT = 18
OLDEST = 130
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# The first two digits of GB/T 2260. 81, 82 and 83 are residence permits of people from Hong Kong, Macao and Taiwan.
_PROVINCES = {
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44"),
    *("45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"),
}
_PERMITS = {"81", "82", "83"}


class BadResidentId(Refusal):
    """The number cannot be a resident identity number."""

    code = "id_invalid"
    status = 422
    message = _("This is not an ID number of mainland China.")


class WrongLength(BadResidentId):
    code = "id_invalid_length"
    message = _("An ID number has 18 characters. Count them again.")


class OldCard(BadResidentId):
    """Cards with 15 digits ended in 2013; customs takes the 18-digit number only."""

    code = "id_legacy_15"
    message = _("This is a number of 15 digits from an old card. Write the 18 characters of the current card.")


class WrongFormat(BadResidentId):
    code = "id_invalid_format"
    message = _("An ID number has 17 digits and then a digit or X.")


class WrongRegion(BadResidentId):
    code = "id_invalid_region"
    message = _("The first six digits of the ID number name no place. Check them.")


class WrongDate(BadResidentId):
    code = "id_invalid_date"
    message = _("Digits 7 to 14 of the ID number are not a date. Check them.")


class FutureDate(BadResidentId):
    code = "id_invalid_future_date"
    message = _("The birth date in the ID number is in the future. Check digits 7 to 14.")


class WrongCheckDigit(BadResidentId):
    code = "id_invalid_checksum"
    message = _("The last character of the ID number does not match the others. Check each digit.")


class TooOld(BadResidentId):
    code = "id_too_old"
    message = _("The birth date in the ID number is too long ago. Check digits 7 to 14.")


class UnderAge(Refusal):
    """Buyers under 18 do not give their number here (Law on the Protection of Minors, Art. 72)."""

    code = "id_under_age"
    status = 422
    message = _("The orderer must be 18 or older. Please ask a parent to order.")


@dataclass(frozen=True)
class ResidentId:
    """A number that passed, its holder's birth date, and whether it is a residence permit (81, 82, 83)."""

    number: str
    born: date
    is_permit: bool

    def age(self, *, on: date) -> int:
        """Full years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))

    @property
    def masked(self) -> str:
        """`1****************X`."""
        return f"{self.number[0]}{'*' * 16}{self.number[-1]}"


def parse(text: str, *, today: date) -> ResidentId:
    """Read a number as people write it: full width, lower-case x, spaces, hyphens. Raises BadResidentId by reason."""
    number = re.sub(
        r"[\s\u200b-\u200f\u2060\ufeff\u2010-\u2015\u2212-]", "", unicodedata.normalize("NFKC", text)
    ).upper()
    if re.fullmatch(r"[0-9]{15}", number):
        raise OldCard
    if len(number) != 18:
        raise WrongLength
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise WrongFormat
    if number[:2] not in _PROVINCES or (number[2:6] == "0000" and number[:2] not in _PERMITS):
        raise WrongRegion
    born = _date(number[6:14])
    if born > today:
        raise FutureDate
    if check_digit(number[:17]) != number[17]:
        raise WrongCheckDigit
    return ResidentId(number, born, is_permit=number[:2] in _PERMITS)


def of_adult(text: str, *, today: date) -> ResidentId:
    """The number of somebody who may order: 18 or older, not impossibly old. Raises UnderAge, TooOld, BadResidentId."""
    found = parse(text, today=today)
    age = found.age(on=today)
    if age > OLDEST:
        raise TooOld
    if age < ADULT:
        raise UnderAge
    return found


def check_digit(first_17: str) -> str:
    """ISO 7064 MOD 11-2 over the first seventeen digits."""
    return _CHECK[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def _date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise WrongDate from error
