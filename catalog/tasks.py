"""Where the workers find this app's tasks."""

from . import avif, pictures, popular, prices, rates, search, showing, strays, texts, translating

__all__ = ["avif", "pictures", "popular", "prices", "rates", "search", "showing", "strays", "texts", "translating"]
