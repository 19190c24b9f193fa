"""Where the workers find this app's tasks."""

from . import pictures, popular, prices, rates, search, showing, texts, translating

__all__ = ["pictures", "popular", "prices", "rates", "search", "showing", "texts", "translating"]
