"""Where files that are nobody's business are kept: identity papers and export papers."""

from django.core.files.storage import Storage, storages


def private() -> Storage:
    """The storage that no address leads to; a function, so that migrations hold its name and no credentials."""
    return storages["private"]
