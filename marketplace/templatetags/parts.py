"""Template filters that take a written price apart, so that its parts can be set in different sizes."""

import re
from dataclasses import dataclass

from django import template

register = template.Library()
WRITTEN = re.compile(r"^(?P<before>\D*)(?P<whole>\d[\d,.\s\u00a0\u202f]*?)(?P<cents>[.,]\d{2})?(?P<after>\D*)$")


@dataclass(frozen=True)
class Parts:
    """`¥`, `12,800`, `.50` and nothing; or nothing, `10,000`, nothing and ` RWF`."""

    before: str
    whole: str
    cents: str
    after: str


@register.filter
def price_parts(written: str) -> Parts:
    """The parts of a price that a money filter has written; a text of another shape stays whole."""
    match = WRITTEN.match(str(written))
    if match is None:
        return Parts("", str(written), "", "")
    return Parts(match["before"], match["whole"], match["cents"] or "", match["after"])
