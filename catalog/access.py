"""Whether goods may be sent to a consumer in China: judged by their tariff line, before anybody can buy them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from .models import HsCode, Product

Access = HsCode.Access


class MayNotBeSent(Refusal):
    """These goods may not be sold to China as things stand."""

    code = "may_not_be_sent"
    message = _("These goods cannot be sent to China yet: %(reason)s")


# What sellers must have or do, by the first figures of the tariff line; the rules themselves are in `data/hs.csv`.
_HEALTH = _("A plant health certificate is needed before it is sent.")
_WOOD = _("Only finished, dry wood. Say which tree it is. Protected trees are never accepted.")
_PLAITED = _("It must be clean and dry. You sign a statement that goes with the parcel.")
PAPERS = {
    "0409": _("Who makes it must first be registered with China Customs."),
    **dict.fromkeys(("0802", "0901110", "0904", "0905"), _HEALTH),
    **dict.fromkeys(("2008", "2103"), _("Perhaps who makes it must first be registered with China Customs.")),
    "4101": _("Raw hides may not be sent."),
    "420221": _("Leather needs proof of the animal and of the tanning."),
    **dict.fromkeys(("4419", "4420", "9202", "9403"), _WOOD),
    **dict.fromkeys(("4601", "4602"), _PLAITED),
    "5208": _("Say where the cloth was printed."),
    "7113": _("First it must be settled how silver is taxed."),
    "7116": _("Stones need proof of where they come from."),
    **dict.fromkeys(("960110", "9601900"), _("It is made of an animal.")),
    "9701": _("It may count as made of an animal, because of the dung and ash in it."),
}


@dataclass(frozen=True)
class Outlook:
    """What a seller may expect of a kind of goods before listing it: whether it may be sent, and what that takes."""

    access: str
    text: str | Promise
    papers: str | Promise

    @property
    def is_blocked(self) -> bool:
        return self.access == Access.BLOCKED


SAID = {
    Access.OK: _("May be sent to China"),
    Access.NEEDS_PAPERS: _("May be sent with papers"),
    Access.UNKNOWN: _("Not settled yet: we ask for you"),
    Access.BLOCKED: _("May not be sent to China"),
}


def outlook(line: HsCode | None) -> Outlook:
    """What to expect of goods of this tariff line."""
    access = Access(line.access) if line else Access.UNKNOWN
    code = line.code if line else ""
    papers = next((text for figures, text in PAPERS.items() if code.startswith(figures)), "")
    return Outlook(access, SAID[access], papers)


@dataclass(frozen=True)
class Verdict:
    """`ok`, else a reason for the seller; `note` is what the tariff line's row says about it."""

    ok: bool
    reason: str | Promise
    note: str


def may_send(product: Product) -> Verdict:
    """Judge a product by its customs code.

    What is not settled or needs papers passes only with a named approval and its evidence; what is blocked never does.
    """
    line = product.hs_code
    if line is None:
        return Verdict(False, _("the customs number is not chosen yet."), "")
    if line.access == Access.OK:
        return Verdict(True, "", line.access_note)
    if line.access == Access.BLOCKED:
        return Verdict(False, _("this kind of goods is not allowed."), line.access_note)
    if product.access_approved_by and product.access_evidence:
        return Verdict(True, "", line.access_note)
    if line.access == Access.NEEDS_PAPERS:
        return Verdict(False, _("papers are needed first. We will tell you which."), line.access_note)
    return Verdict(False, _("it is not settled whether this kind is allowed. We are asking."), line.access_note)


def require(product: Product) -> None:
    """Raises MayNotBeSent unless the goods may be sent."""
    verdict = may_send(product)
    if not verdict.ok:
        raise MayNotBeSent(reason=verdict.reason)
