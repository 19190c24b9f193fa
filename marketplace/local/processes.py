"""One program under care: its command, its log, its start and its end."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import leash
from .console import say

TAIL_BYTES = 4000
LOG_KEPT_BYTES = 5_000_000


@dataclass(frozen=True)
class Identity:
    """The user that a program runs as, where that is not the user who started the run."""

    uid: int
    gid: int


def run_as(
    identity: Identity | None, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a short command as that user, or as ourselves, and return what it said. Raises OSError if it cannot start."""
    return subprocess.run(
        [str(word) for word in command],
        cwd="/",  # the other user may not be allowed where we are
        env=dict(environment) if environment is not None else None,
        capture_output=True,
        text=True,
        user=identity.uid if identity else None,
        group=identity.gid if identity else None,
        extra_groups=[] if identity else None,
        check=False,
    )


@dataclass
class Program:
    """A program and how to treat it. `foundation` marks the servers that all others stand on."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    identity: Identity | None = None
    foundation: bool = False
    patience: float = 15
    process: subprocess.Popen[bytes] | None = None
    log_begins: int = field(default=0)

    def start(self) -> None:
        """Start it in a process group of its own, on a leash, with its output at the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _turn_over(self.log)
        with self.log.open("ab") as log:
            self.log_begins = log.tell()
            self.process = subprocess.Popen(
                [str(word) for word in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=dict(self.environment),
                process_group=0,
                preexec_fn=leash.at_birth(self.stop_signal),
                user=self.identity.uid if self.identity else None,
                group=self.identity.gid if self.identity else None,
                extra_groups=[] if self.identity else None,
            )
        leash.tie(self.process.pid, self.stop_signal)

    def died(self) -> int | None:
        """The exit code of a program that has ended by itself (negative: the signal), else None."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Send the signal that ends it in good order."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def bury(self) -> None:
        """Wait for the end, force it after `patience` seconds, and end what it left behind in its process group."""
        if not self.process:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not stop within {self.patience:.0f} s; it is forced to")
        leash.send_group(self.process.pid, signal.SIGKILL)
        self.process.wait()
        leash.untie(self.process.pid)
        self.process = None

    def tail(self) -> str:
        """The last lines that it wrote since its last start."""
        with self.log.open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(self.log_begins, log.tell() - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-25:]) or "    (it wrote nothing)"


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def likely_cause(tail: str) -> str:
    """What a log's tail says to somebody who has seen it before; empty if it says nothing known."""
    known = {
        "No space left on device": "The disk is full. Make room, then start again; nothing that was saved is lost.",
        "[Errno 28]": "The disk is full. Make room, then start again; nothing that was saved is lost.",
        "Address already in use": "Another program took the port in the meantime. Choose one: PORT=8080 ./run demo",
        "Cannot allocate memory": "The machine ran out of memory. About 1 GB must be free.",
        "ModuleNotFoundError": "A package is missing. Remove the folder .venv; the next ./run makes it anew.",
    }
    return next((advice for sign, advice in known.items() if sign in tail), "")


def _turn_over(log: Path) -> None:
    """Keep one old log, so that a demo left running does not fill the disk with its diary."""
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.1"))
