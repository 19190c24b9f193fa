"""Why a moderator sends a product back or stops it: a code, words for the seller, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sellers.reasons import Reason

_ALL = (
    Reason("LST-PHOTO-QUALITY", _("The photos are not clear"), _("Take them in daylight, with the whole product.")),
    Reason("LST-PHOTO-NOT-OWN", _("The photos are not yours"), _("Send photos that you took of your own product.")),
    Reason("LST-TITLE-MISLEADING", _("The name promises something else"), _("Write what the product is, no more.")),
    Reason("LST-WRONG-CATEGORY", _("The kind of product is wrong"), _("Choose the kind that the moderator names.")),
    Reason(
        "LST-MISSING-DIMENSIONS", _("Weight or size cannot be right"), _("Weigh and measure the packed product again.")
    ),
    Reason("LST-MISSING-INGREDIENTS", _("It does not say what is in it"), _("Write every material or ingredient.")),
    Reason(
        "LST-SUPERLATIVE-CLAIM", _("It says that it is the best"), _("Say what it is like. Do not say best or first.")
    ),
    Reason("LST-HEALTH-CLAIM", _("It says that it heals"), _("Take out every word about health.")),
    Reason("LST-DUPLICATE", _("You listed this product already"), _("Change the stock of the first one instead.")),
    Reason("REG-FORBIDDEN-WILDLIFE", _("It comes from a protected animal or plant"), _("This cannot be sold here.")),
    Reason(
        "REG-PAPERS", _("Papers are needed before it can be sent"), _("Send us the papers that the moderator names.")
    ),
    Reason("LST-OTHER", _("Something else"), _("Do what the moderator wrote, then send again.")),
)
REASONS = {reason.code: reason for reason in _ALL}


def of(code: str) -> Reason:
    """The reason with a code; an unknown code is something else."""
    return REASONS.get(code, REASONS["LST-OTHER"])
