"""Where the workers find this app's tasks."""

from . import pictures, prices, rates, search, showing, texts, translating

__all__ = ["pictures", "prices", "rates", "search", "showing", "texts", "translating"]
