"""What people type to say who they are: an e-mail or a mobile number, in any writing, brought to one form. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

# Rwanda: wallets and calls on 72, 73, 78, 79 (77 is data only). China: thirteen to nineteen, eleven digits.
RWANDAN = re.compile(r"\+2507[2389]\d{7}")
CHINESE = re.compile(r"\+861[3-9]\d{9}")

_LONGEST = 254
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u00ad"))
_EMAIL = EmailValidator()


class BadHandle(Refusal):
    """Neither an e-mail nor a mobile number that we can reach."""

    code = "bad_handle"
    status = 422
    message = _("Write an e-mail address or a mobile number, for example 138 1234 1234 or 0788 123 456.")


class BadEmail(BadHandle):
    """Looks like an e-mail but is none."""

    code = "bad_email"
    message = _("This e-mail address is not complete. Check it again.")


class BadPhone(BadHandle):
    """Not a mobile number of Rwanda or mainland China."""

    code = "bad_phone"
    message = _("This is not a mobile number of China (11 digits) or Rwanda (07…).")


class BadChinesePhone(BadPhone):
    """A courier in China needs a number that rings there."""

    code = "bad_chinese_phone"
    message = _("Write a mobile number of mainland China: 11 digits that begin with 1.")


class BadWallet(BadPhone):
    """Mobile money needs a Rwandan number of MTN or Airtel."""

    code = "bad_wallet"
    message = _("Write a Rwandan mobile number: 078, 079, 072 or 073 and seven more digits.")


@dataclass(frozen=True)
class Handle:
    """An e-mail in lower case or a phone in E.164."""

    kind: str
    value: str

    def __str__(self) -> str:
        return self.value

    @property
    def is_phone(self) -> bool:
        return self.kind == "phone"


def parse(text: str) -> Handle:
    """Read what somebody typed. Raises BadHandle, or BadEmail or BadPhone where it is clear what was meant."""
    plain = _plain(text)
    if not plain:
        raise BadHandle
    if "@" in plain:
        return Handle("email", email(plain))
    if not re.search(r"\d{5}", re.sub(r"[\s().-]", "", plain)):
        raise BadHandle
    return Handle("phone", phone(plain))


def email(text: str) -> str:
    """An e-mail address in lower case. Raises BadEmail.

    Only plain ASCII passes: twins in other alphabets that fold to somebody's address would reach their account.
    """
    plain = _plain(text).lower()
    if len(plain) > _LONGEST or not plain.isascii() or re.search(r'[\s"<>(),;:\\]', plain):
        raise BadEmail
    try:
        _EMAIL(plain)
    except ValidationError as error:
        raise BadEmail from error
    return plain


def phone(text: str) -> str:
    """A Rwandan or Chinese mobile number as E.164, whatever spaces, dashes or prefix it had. Raises BadPhone."""
    plain = _plain(text)
    if len(plain) > 40 or not re.fullmatch(r"[\s(]*\+?[\d\s().·/-]+", plain):
        raise BadPhone
    digits = re.sub(r"[^0-9]", "", plain)
    # A Chinese mobile has eleven digits and begins with 1; no Rwandan writing does.
    home = "CN" if re.fullmatch(r"(86)?1\d{10}", digits) else "RW"
    try:
        number = phonenumbers.format_number(
            phonenumbers.parse(("+" if "+" in plain else "") + digits, home), phonenumbers.PhoneNumberFormat.E164
        )
    except phonenumbers.NumberParseException as error:
        raise BadPhone from error
    if not (RWANDAN.fullmatch(number) or CHINESE.fullmatch(number)):
        raise BadPhone
    return number


def chinese_phone(text: str) -> str:
    """A mobile number of mainland China. Raises BadChinesePhone."""
    try:
        number = phone(text)
    except BadPhone as error:
        raise BadChinesePhone from error
    if not CHINESE.fullmatch(number):
        raise BadChinesePhone
    return number


def wallet(text: str) -> str:
    """A Rwandan number that mobile money can reach: +250 72, 73, 78 or 79. Raises BadWallet."""
    try:
        number = phone(text)
    except BadPhone as error:
        raise BadWallet from error
    if not RWANDAN.fullmatch(number):
        raise BadWallet
    return number


def operator(number: str) -> str:
    """Whose wallet an E.164 Rwandan number is: `mtn` or `airtel`."""
    return "mtn" if number[4:6] in {"78", "79"} else "airtel"


def _plain(text: str) -> str:
    if len(text) > 4 * _LONGEST:
        return text[: 4 * _LONGEST]
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).replace("\u2013", "-").strip()
