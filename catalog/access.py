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
