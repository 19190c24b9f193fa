"""Names of people and places as they go on labels and customs papers: kept as written, or refused. Pure."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

LONGEST = 30
_JOINERS = frozenset(" ·•‧.'’-")


class BadName(Refusal):
    """A name that a label or a customs paper could not carry."""

    code = "bad_name"
    status = 422
    message = _("Write the name in Chinese characters or Latin letters, 2 to 30 of them, without signs or digits.")


class BadText(Refusal):
    """A line with signs that a label cannot carry."""

    code = "bad_text"
    status = 422
    message = _("Write this on one line with letters, digits and common signs only.")


def person(text: str) -> str:
    """A person's name in Han characters or Latin letters, spaces made single. Raises BadName.

    Other scripts are refused because papers and labels are set in fonts that would print boxes for them.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    letters = [sign for sign in name if sign not in _JOINERS]
    if len(name) > LONGEST or len(letters) < 2 or not all(_is_letter(sign) for sign in letters) or name[0] in _JOINERS:
        raise BadName
    return name


def line(text: str, *, longest: int) -> str:
    """One line of free text such as a street, spaces made single. Raises BadText for signs that hide or mark up."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if len(plain) > longest or re.search(r"[<>]", plain) or any(_is_hidden(sign) for sign in plain):
        raise BadText
    return plain


def _is_letter(sign: str) -> bool:
    if sign == "〇" or unicodedata.combining(sign):
        return True
    return sign.isalpha() and unicodedata.name(sign, "").startswith(("LATIN ", "CJK UNIFIED IDEOGRAPH"))


def _is_hidden(sign: str) -> bool:
    """Control and direction signs, private use, and pictures that no label font has."""
    return unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs", "Cn", "So", "Zl", "Zp"}
