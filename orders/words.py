"""Words that buyers and shops write for others to read: made plain, kept short, and free of people's numbers. Pure."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from kernel import formatting
from kernel.refusals import Refusal

LONGEST = 500
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Joins emoji, and letters in some scripts.
_JOINER = "\u200d"


class NothingWritten(Refusal):
    """Words are wanted here."""

    code = "nothing_written"
    status = 422
    message = _("Write a few words.")


class TooLong(Refusal):
    """A review is read on a phone."""

    code = "review_too_long"
    status = 422
    message = _("Write at most %(most)s characters.")


def cleaned(text: str) -> str:
    """Words as they are kept: no hidden signs, at most one empty line in a row, numbers of people masked.

    Nothing but blanks is nothing. Raises TooLong.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n")) if _is_seen(sign))
    plain = re.sub(r"[^\S\n]+", " ", plain)
    plain = re.sub(r"\s*\n\s*\n\s*", "\n\n", plain).strip(f" \n{_JOINER}")
    if len(plain) > LONGEST:
        raise TooLong(most=LONGEST)
    return formatting.mask_numbers(plain)


def wanted(text: str) -> str:
    """The same where there must be some. Raises NothingWritten, TooLong."""
    if plain := cleaned(text):
        return plain
    raise NothingWritten


def language_of(text: str, spoken: str) -> str:
    """The language of words typed on a page in `spoken`: who writes in Han characters writes Chinese."""
    return "zh-hans" if _HAN.search(text) else spoken


def _is_seen(sign: str) -> bool:
    if sign in {"\n", _JOINER}:
        return True
    return sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
