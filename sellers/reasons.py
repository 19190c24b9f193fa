"""Why a moderator says no to a shop: a code for counting, words for the seller, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reason:
    """One reason, with the hint how to fix it."""

    code: str
    label: str | Promise
    fix: str | Promise


_ALL = (
    Reason(
        "KYC-DOC-UNREADABLE", _("A paper cannot be read"), _("Take the photo again in daylight, with the whole card.")
    ),
    Reason("KYC-DOC-MISSING", _("A paper is missing"), _("Add the paper that the moderator names, then send again.")),
    Reason("KYC-NAME-MISMATCH", _("The names do not match"), _("Write the name exactly as it is on the card.")),
    Reason(
        "KYC-MOMO-MISMATCH", _("The MoMo number is not yours"), _("Give a MoMo number registered in the shop's name.")
    ),
    Reason("KYC-UNDERAGE", _("The owner is under age"), _("Ask an adult or a cooperative to apply for you.")),
    Reason("KYC-DUPLICATE", _("This shop exists already"), _("Sign in with the phone number of the first shop.")),
    Reason("KYC-PLACE", _("The place is not clear"), _("Write district, sector and how to find you.")),
    Reason("KYC-OTHER", _("Another reason"), _("Do what the moderator wrote, then send again.")),
)
REASONS = {reason.code: reason for reason in _ALL}


def of(code: str) -> Reason:
    """The reason with a code; an unknown code is another reason."""
    return REASONS.get(code, REASONS["KYC-OTHER"])
