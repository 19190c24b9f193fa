"""What the person at the terminal reads: timed progress lines, and troubles told in full sentences."""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TextIO

STARTED = float(os.environ.get("RUN_STARTED", time.monotonic()))


class Trouble(Exception):
    """Something the person at the terminal must know and can act on; `code` becomes the exit code.

    1: something failed on the way. 2: it cannot start as things are now (port taken, already running, no room).
    """

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


class Stopped(BaseException):
    """Somebody asked the run to end: Ctrl-C, SIGTERM or a closed terminal; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def say(text: str) -> None:
    """Print one line of progress with the seconds since `./run` began."""
    show(f"{time.monotonic() - STARTED:6.1f} s  {text}")


def show(text: str) -> None:
    """Print plain lines."""
    _write(f"{text}\n", sys.stdout)


def complain(text: str) -> None:
    """Print a trouble where errors go, set apart from the progress lines."""
    _write(f"\n{text}\n", sys.stderr)


def _write(text: str, stream: TextIO) -> None:
    """Write, or go on silently where nobody reads any more: a closed terminal must not cut the cleaning up short."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())


def listen_for_stop() -> None:
    """Turn the first stop signal into `Stopped`; later ones change nothing, so that cleaning up is never cut short."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, lambda *_: None)
        raise Stopped(number)

    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup a closed terminal is meant to change nothing
        signals.append(signal.SIGHUP)
    for each in signals:
        signal.signal(each, stop)
