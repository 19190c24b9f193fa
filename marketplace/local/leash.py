"""No child outlives its supervisor, even one that was killed with `kill -9` and could not say goodbye.

Two ways, since each alone has a gap. On Linux each child asks the kernel to be signalled when its parent ends
(PR_SET_PDEATHSIG): that cannot fail, but does not reach the children's own children. Everywhere a small watcher process
holds the other end of a pipe: when the pipe closes, it ends the whole process groups it was told about; but it can
itself be killed.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BY_KERNEL = sys.platform == "linux"
BY_WATCHER = True
PR_SET_PDEATHSIG = 1
_watcher: subprocess.Popen[bytes] | None = None


def at_birth(death_signal: int) -> Callable[[], None] | None:
    """What a child must do between fork and exec; None where the kernel offers nothing."""
    if not BY_KERNEL:
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the supervisor died before the kernel was asked
            os._exit(1)

    return ask_kernel


def tie(group: int, death_signal: int) -> None:
    """Tell the watcher of a new process group."""
    if BY_WATCHER:
        _tell(f"+{group} {death_signal}\n")


def untie(group: int) -> None:
    """Tell the watcher that a process group has ended."""
    if BY_WATCHER:
        _tell(f"-{group} 0\n")


def _tell(line: str) -> None:
    global _watcher
    if _watcher is None:
        command = [sys.executable, str(Path(__file__).resolve())]
        _watcher = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    if _watcher.stdin:
        with contextlib.suppress(BrokenPipeError):
            _watcher.stdin.write(line.encode())
            _watcher.stdin.flush()


def watch() -> None:
    """Read announcements until the supervisor is gone, then end what is left: first asking, after ten seconds not."""
    groups: dict[int, int] = {}
    for line in sys.stdin:
        group, death_signal = (int(word) for word in line[1:].split())
        if line.startswith("+"):
            groups[group] = death_signal
        else:
            groups.pop(group, None)
    for group, death_signal in groups.items():
        send_group(group, death_signal)
    patience = time.monotonic() + 10
    while groups and time.monotonic() < patience:
        groups = {group: number for group, number in groups.items() if send_group(group, 0)}
        time.sleep(0.1)
    for group in groups:
        send_group(group, signal.SIGKILL)


def send_group(group: int, number: int) -> bool:
    """Signal a process group; False if nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    watch()
