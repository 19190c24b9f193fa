"""The web server that production runs, as a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from marketplace.local import demo, ports

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60


@contextlib.contextmanager
def served(**environment: str) -> Iterator[int]:
    """Start it with these variables beside the process's own; yields its port once it answers."""
    port = ports.free_after(20_000 + os.getpid() % 20_000)
    command = [str(word) for word in demo.web_command(port)]
    own = {**os.environ, **environment}
    with subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as web:
        try:
            until = time.monotonic() + PATIENCE
            while not demo.answers(port, "/healthz"):
                assert web.poll() is None, "the server did not start"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.2)
            yield port
        finally:
            web.terminate()
