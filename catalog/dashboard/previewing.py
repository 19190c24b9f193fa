"""How a product will read to buyers, shown to its seller before it is sent."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel.http import private_page
from sellers import shops
from sellers.shops import SellerRequest

from .. import readiness, texts
from .pages import Status, mine, show, steps

# What each language is called in itself, and its tag, in the order in which a seller sees them.
LANGUAGES = (("zh", "zh-Hans", "中文"), ("en", "en", "English"), ("fr", "fr", "Français"), ("rw", "rw", "Ikinyarwanda"))


@private_page
@require_safe
@shops.for_seller
def preview(request: SellerRequest, pk: int) -> HttpResponse:
    """Title, summary and specification in the four languages, and what is still missing."""
    product = mine(request, pk)
    points = readiness.checklist(product)
    is_open = product.status in (Status.DRAFT, Status.CHANGES_REQUESTED)
    context = {
        "product": product,
        "pictures": product.ordered_pictures,
        "readings": [(tag, name, texts.shown(product, code)) for code, tag, name in LANGUAGES],
        "points": [point for point in points if not point.done] if is_open else [],
        "may_send": is_open,
        "steps": steps(3),
    }
    return show(request, "preview", context)
