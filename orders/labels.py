"""The words of order lists: tabs, and what a buyer calls the state of each part, as shoppers in China know it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Consignment

C = Consignment.Status


@dataclass(frozen=True)
class Tab:
    """A tab of a list, with how many rows stand behind it."""

    key: str
    title: str
    count: int
    current: bool


@dataclass(frozen=True)
class Label:
    """A state in a word, a tone for its colour, and a sentence under it."""

    text: str | Promise
    tone: str = ""
    note: str | Promise = ""


OF = {
    C.AWAITING_PAYMENT: Label(pgettext_lazy("orders", "To pay"), "warn"),
    C.TO_ACCEPT: Label(pgettext_lazy("orders", "To ship"), "info", _("Waiting for the maker to accept (48 hours)")),
    C.ACCEPTED: Label(pgettext_lazy("orders", "To ship"), "info", _("The maker is preparing your goods")),
    C.PACKED: Label(pgettext_lazy("orders", "To ship"), "info", _("Packed, on its way to the post office")),
    C.HANDED_OVER: Label(pgettext_lazy("orders", "To receive"), "info", _("On its way from Rwanda")),
    C.DELIVERED: Label(pgettext_lazy("orders", "To receive"), "ok", _("Delivered; completes by itself after 10 days")),
    C.COMPLETED: Label(pgettext_lazy("orders", "Completed"), "ok"),
    C.DECLINED: Label(pgettext_lazy("orders", "Refunded"), "quiet", _("The maker cannot deliver it")),
    C.AUTO_CANCELLED: Label(pgettext_lazy("orders", "Refunded"), "quiet", _("The maker did not accept it in time")),
    C.CANCELLED: Label(pgettext_lazy("orders", "Cancelled"), "quiet"),
    C.RETURNED: Label(pgettext_lazy("orders", "Refunded"), "quiet", _("It was returned to the maker")),
}


TO_REVIEW = Label(pgettext_lazy("orders", "To review"), "ok", _("Completed. Tell others how it is."))


def of(consignment: Consignment, *, to_review: bool = False) -> Label:
    """The label of one shop's part; a completed one may wait for its buyer's review."""
    if to_review and consignment.status == C.COMPLETED:
        return TO_REVIEW
    return OF[C(consignment.status)]
