"""Small programs to supervise, and ways to see what became of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from marketplace.local import leash
from marketplace.local.processes import Program

ROOT = Path(__file__).resolve().parents[2]
# A server in miniature: notes its number, has a child of its own that does the same, and stays until it is ended.
PARENT_AND_CHILD = """
import os, subprocess, sys, time
from pathlib import Path
notes = Path(sys.argv[1])
if len(sys.argv) == 2:
    child = subprocess.Popen([sys.executable, __file__, sys.argv[1], "child"])
    while not (notes / str(child.pid)).exists():
        time.sleep(0.01)
(notes / str(os.getpid())).touch()
time.sleep(60)
"""
# A run in miniature: the supervisor over two of those, ended like any other run.
SUPERVISED = """
import signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever terminal the tests themselves were started from
from marketplace.local import leash
from marketplace.local.console import Stopped, listen_for_stop
from marketplace.local.supervisor import Supervisor
from tests.running.programs import server
leash.BY_KERNEL, leash.BY_WATCHER = {by_kernel!r}, {by_watcher!r}
listen_for_stop()
supervisor = Supervisor()
try:
    supervisor.start(server(Path({folder!r}), "first"))
    supervisor.start(server(Path({folder!r}), "second"))
    supervisor.watch(every=0.05)
except Stopped:
    supervisor.stop()
"""


def server(folder: Path, name: str) -> Program:
    """A program that runs, with a child, until it is ended."""
    notes = folder / "notes" / name
    notes.mkdir(parents=True, exist_ok=True)
    script = folder / "server.py"
    script.write_text(PARENT_AND_CHILD)
    return Program(name, [sys.executable, script, notes], folder / f"{name}.log", dict(os.environ), folder, patience=3)


def failing(folder: Path, words: str, *, code: int = 3) -> Program:
    """A program that says something and ends at once."""
    script = f"print({words!r}); raise SystemExit({code})"
    return Program("failing", [sys.executable, "-c", script], folder / "failing.log", dict(os.environ), folder)


def supervised(folder: Path, *, by_kernel: bool = leash.BY_KERNEL, by_watcher: bool = True) -> subprocess.Popen[bytes]:
    """A supervisor in a process of its own, with two servers that are up."""
    script = folder / "run.py"
    script.write_text(SUPERVISED.format(root=str(ROOT), folder=str(folder), by_kernel=by_kernel, by_watcher=by_watcher))
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.DEVNULL)
    eventually(lambda: len(noted(folder)) == 4)
    return process


def noted(folder: Path) -> list[int]:
    """The numbers of all the servers and of their children that ever ran in the folder."""
    return [int(path.name) for path in folder.glob("notes/*/*")]


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet buried does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def children_of(pid: int) -> list[int]:
    """The numbers of a process's own children."""
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in done.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def eventually(true: Callable[[], bool], *, patience: float = 10) -> None:
    """Wait for something to come true, and fail if it does not."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def run_local(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`./run ...` without the installation."""
    return subprocess.run(
        [sys.executable, "-m", "marketplace.local", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
