"""What the sandbox remembers: JSON things in one SQLite file, so that a restart forgets nothing."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Thing = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL DEFAULT '',
    due REAL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS things_by_parent ON things (kind, parent);
CREATE INDEX IF NOT EXISTS things_by_due ON things (kind, due) WHERE due IS NOT NULL;
"""


class Store:
    """Things of a kind, each with an id, perhaps a parent (a refund's charge) and a time at which something is due."""

    def __init__(self, folder: Path | None) -> None:
        """Open `sandbox.sqlite3` in the folder, or a store in memory without one."""
        self._lock = threading.RLock()
        self._depth = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        name = ":memory:" if folder is None else str(folder / "sandbox.sqlite3")
        self._db = sqlite3.connect(name, check_same_thread=False, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and one at a time: two requests never see each other's half-done work."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def put(self, kind: str, thing: Thing, *, name: str = "", parent: str = "", due: float | None = None) -> Thing:
        """Keep the thing under `name` (its own `id` by default), replacing what was there, `due` included."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO things (kind, id, parent, due, body) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (kind, id) "
                "DO UPDATE SET parent = excluded.parent, due = excluded.due, body = excluded.body",
                (kind, name or thing["id"], parent, due, json.dumps(thing, ensure_ascii=False)),
            )
        return thing

    def get(self, kind: str, name: str) -> Thing | None:
        """The thing of that name, or None."""
        found = self._read("kind = ? AND id = ?", kind, name)
        return found[0] if found else None

    def of(self, kind: str, parent: str) -> list[Thing]:
        """The things of that parent, oldest first."""
        return self._read("kind = ? AND parent = ? ORDER BY seq", kind, parent)

    def newest(self, kind: str, limit: int = 50) -> list[Thing]:
        """The latest things of a kind, newest first."""
        return self._read("kind = ? ORDER BY seq DESC LIMIT ?", kind, limit)

    def due(self, kind: str, now: float, limit: int = 100) -> list[Thing]:
        """The things whose time has come, in the order of their times."""
        return self._read("kind = ? AND due <= ? ORDER BY due, seq LIMIT ?", kind, now, limit)

    def count(self, kind: str) -> int:
        """How many there are of a kind."""
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM things WHERE kind = ?", (kind,)).fetchone()[0])

    def delete(self, kind: str, name: str) -> None:
        """Forget the thing of that name."""
        with self.transaction():
            self._db.execute("DELETE FROM things WHERE kind = ? AND id = ?", (kind, name))

    def setting(self, name: str, default: Any = None) -> Any:
        """A switch of the control page."""
        found = self.get("setting", name)
        return default if found is None else found["value"]

    def set(self, name: str, value: Any) -> None:
        """Turn a switch of the control page."""
        self.put("setting", {"value": value}, name=name)

    def take(self, name: str) -> Any:
        """A switch that works once: its value, and it is off again."""
        with self.transaction():
            value = self.setting(name)
            if value is not None:
                self.delete("setting", name)
            return value

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _read(self, where: str, *values: str | float) -> list[Thing]:
        with self._lock:
            rows = self._db.execute(f"SELECT body FROM things WHERE {where}", values).fetchall()  # noqa: S608
        return [json.loads(row[0]) for row in rows]


def seconds() -> int:
    """The time as Stripe writes it."""
    return int(time.time())
