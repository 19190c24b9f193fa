"""Template tags of the frame: a price taken apart, to be set in different sizes; a text said twice; the tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import mark_safe

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


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """`{% capture title %}{% block title %}..{% endblock %}{% endcapture %}`: keep what is inside, to be written twice.

    What was kept may stand in an attribute too.
    """
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


class CaptureNode(template.Node):
    """Writes nothing; leaves its text in the context."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> str:
        text = " ".join(self.nodelist.render(context).split()).replace('"', "&quot;")
        context[self.name] = mark_safe(text)  # noqa: S308  (its nodes have escaped it)
        return ""


@register.simple_tag(takes_context=True)
def main_tabs(context: Context) -> str:
    """The tabs of the main pages, by the `section` that the view gave."""
    return context["site"].tabs(context.get("section", "")) if "site" in context else ""
