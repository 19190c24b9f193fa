"""The words in which posts report events, by the UPU's EMSEVT meanings, for readers of other languages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Lower case as posts write it -> as we say it. What is not here is shown as it came.
SAID: dict[str, str | Promise] = {
    "posting/collection": _("Posted"),
    "arrival at outward office of exchange": _("At the export centre"),
    "presented to export customs/security": _("Shown to export customs"),
    "held by export customs/security": _("Held by export customs"),
    "returned from export customs/security": _("Back from export customs"),
    "held at outward office of exchange": _("Waiting at the export centre"),
    "export cancelled": _("Export called off"),
    "departure from outward office of exchange": _("Left the export centre"),
    "arrival at transit office of exchange": _("Arrived for transit"),
    "departure from transit office of exchange": _("Left transit"),
    "arrival at inward office of exchange": _("At the import centre"),
    "held at inward office of exchange": _("Waiting at the import centre"),
    "presented to import customs": _("Shown to import customs"),
    "held by import customs": _("Held by import customs"),
    "returned from import customs": _("Back from import customs"),
    "departure from inward office of exchange": _("Left the import centre"),
    "into sorting centre": _("Arrived at the sorting centre"),
    "out of sorting centre": _("Left the sorting centre"),
    "arrival at delivery office": _("At the delivery office"),
    "held at delivery depot": _("Waiting at the delivery office"),
    "out for physical delivery": _("With the courier"),
    "arrival at collection point": _("Ready to be picked up"),
    "unsuccessful delivery": _("Could not be delivered"),
    "final delivery": _("Handed over to the recipient"),
    "import terminated": _("Import ended"),
    "being returned to the sender": _("On its way back"),
    "returned to the sender": _("Back with the sender"),
}


def spoken(description: str) -> str:
    """A carrier's words in the reader's language where they are known; a remark after a colon stays as it came."""
    words, colon, remark = description.partition(":")
    known = SAID.get(" ".join(words.lower().split()))
    if known is None:
        return description
    return f"{known} ({remark.strip()})" if colon and remark.strip() else str(known)
