"""A program that has the terminal: pytest, a Django command, a bench."""

import contextlib
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import leash
from .console import Stopped
from .places import ROOT


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a program in our own terminal and process group; return its exit code as a shell would.

    Ctrl-C reaches it directly, so that here we only wait for it to end in its own way; a SIGTERM is passed on.
    """
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=dict(environment),
        preexec_fn=leash.at_birth(signal.SIGTERM),
    )
    try:
        code = process.wait()
    except Stopped as stopped:
        # Ctrl-C at a terminal reached it as well: give it time to end in its own way.
        for number, patience in ((0, 10 if stopped.number == signal.SIGINT else 0), (signal.SIGTERM, 5)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.send_signal(number)
                process.wait(patience)
        process.kill()
        process.wait()
        raise
    return code if code >= 0 else 128 - code
