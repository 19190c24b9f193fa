"""Files of pictures that no row names, left by uploads that broke off and pictures taken down. The clock removes them.

Files are shared by content, so one is only removed under its lock (`files.keep`) and after asking every row again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.db import connection, transaction

from kernel import locks, storage, work

from . import files

# Every folder is looked at six times a day, so nothing stray is a day old.
ROUND = timedelta(hours=4)
STEP = timedelta(minutes=30)
FOLDERS = 256
BATCH = 200
MOST_REMOVED = 2000


@work.every(seconds=STEP.total_seconds())
def sweep(*, now: datetime) -> int:
    """Look through the folders whose turn it is, and remove what belongs to nothing; says how many files went."""
    return remove([name for folder in _turn(now) for name in storage.stored(default_storage, folder)], now=now)


def remove(names: Collection[str], *, now: datetime) -> int:
    """Remove those of these files that no row names and that are older than half a day; says how many went."""
    strangers, before = sorted(set(names) - _shown(names)), now - storage.SPARED
    old = list(islice((name for name in strangers if storage.is_older(default_storage, name, before)), MOST_REMOVED))
    return sum(_remove(old[start : start + BATCH]) for start in range(0, len(old), BATCH))


def named(names: Collection[str]) -> set[str]:
    """Which of these files a row names: a picture's, what lists show of a product, or a column of files anywhere."""
    return _shown(names) | storage.named(names)


def _shown(names: Collection[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT name FROM (
                SELECT unnest(ARRAY[original, share]) AS name FROM catalog_picture
                UNION ALL SELECT value FROM catalog_picture, jsonb_each_text(files)
                UNION ALL SELECT value FROM catalog_picture, jsonb_each_text(avif_files)
                UNION ALL
                SELECT found #>> '{}' FROM catalog_product,
                    jsonb_path_query(cover_files, 'strict $.** ? (@.type() == "string")') AS found
            ) AS every WHERE name = ANY(%s)
            """,
            [list(names)],
        )
        return {name for (name,) in cursor.fetchall()}


def _turn(now: datetime) -> list[str]:
    """The folders of this half hour; every one has its turn within a round."""
    turns = ROUND // STEP
    turn = int(now.timestamp() // STEP.total_seconds()) % turns
    return [f"{files.FOLDER}/{number:02x}" for number in range(FOLDERS) if number % turns == turn]


@transaction.atomic
def _remove(names: list[str]) -> int:
    """Remove files, but for those of originals that are being stored right now, or that a row has come to name."""
    ours = {stem for stem in {files.stem_in(name) for name in names} if locks.free_until_commit(stem)}
    gone = {name for name in names if files.stem_in(name) in ours} - named(names)
    for name in gone:
        default_storage.delete(name)
    return len(gone)
