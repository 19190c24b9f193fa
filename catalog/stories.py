"""What shops tell of themselves, as a reader can best read it, and the drawing that stands beside it."""

from __future__ import annotations

from django.utils.translation import get_language

from accounts.models import Language
from sellers.models import Seller

# How many portraits static/img/portraits.svg draws.
PORTRAITS = 4


def portrait(seller: Seller) -> int:
    """Which of the drawn portraits stands for a shop, always the same one."""
    return seller.pk % PORTRAITS


def told(seller: Seller) -> tuple[str, str]:
    """A shop's story, and its language's tag where that is not the page's. Chinese readers get the Chinese one."""
    language = get_language() or Language.CHINESE
    if language == Language.CHINESE and seller.story_zh:
        return seller.story_zh, ""
    if seller.language == language:
        return seller.story, ""
    return seller.story, "zh-Hans" if seller.language == Language.CHINESE else seller.language
