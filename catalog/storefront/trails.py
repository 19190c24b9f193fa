"""The way from the front page down to a page: links for people, and the same as data for search engines."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _t

from .. import structured


def of(*steps: tuple[str, str]) -> dict[str, Any]:
    """Context for components/breadcrumbs.html (`trail`), and `trail_data` for the head block.

    Steps are (name, path) below the front page; the last is the page itself.
    """
    trail = [(_t("Home"), reverse("catalog:home")), *steps]
    site = settings.SITE_URL.rstrip("/")
    described = structured.breadcrumbs([(name, site + path) for name, path in trail])
    return {"trail": trail, "trail_data": structured.script(described)}
