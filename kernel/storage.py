"""Where files that are nobody's business are kept: identity papers and export papers. What no row names is removed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db.models import FileField

from . import work

# A file is stored a moment before its row is; what is still alone after this long was left by something that broke off.
SPARED = timedelta(hours=12)
BATCH = 500


def private() -> Storage:
    """The storage that no address leads to; a function, so that migrations hold its name and no credentials."""
    return storages["private"]


@work.every(seconds=4 * 3600)
def sweep(*, now: datetime) -> int:
    """Remove private files that belong to nothing, before they are a day old; says how many went."""
    names, removed = stored(private()), 0
    while batch := list(islice(names, BATCH)):
        for name in sorted(set(batch) - named(batch)):
            if is_older(private(), name, now - SPARED):
                private().delete(name)
                removed += 1
    return removed


def named(names: Collection[str]) -> set[str]:
    """Which of these files a row of any model names: asks every column of files that there is, so none is forgotten."""
    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                wanted = model._base_manager.filter(**{f"{field.name}__in": names})
                found |= set(wanted.values_list(field.name, flat=True))
    return found


def stored(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files in a folder and below it. A folder that is not there is empty."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from stored(storage, prefix + name)


def is_older(storage: Storage, name: str, moment: datetime) -> bool:
    """Whether a file is there and was last written before a moment."""
    try:
        return storage.get_modified_time(name) < moment
    except FileNotFoundError:  # somebody else removed it
        return False
