"""Ports of this machine: is one free, who has it, which one instead."""

import contextlib
import errno
import os
import shutil
import socket
import subprocess
from pathlib import Path

from .console import Trouble

HOST = "127.0.0.1"


def wanted(variable: str, default: int) -> int:
    """The port that the person asks for by an environment variable. Raises Trouble if it is no port."""
    text = os.environ.get(variable) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"{variable}={text} is not a port: use a number from 1024 to 65535.", code=2)
    return int(text)


def refuse_taken(port: int, *, variable: str, command: str) -> None:
    """Raise Trouble if the port cannot be had, with who has it and what to type instead."""
    problem = obstacle(port)
    if problem == errno.EACCES:
        raise Trouble(
            f"Port {port} is reserved for administrators. Choose another:\n  {variable}=8080 {command}", code=2
        )
    if problem:
        raise Trouble(
            f"Port {port} is taken{by_whom(port)}.\n"
            f"Stop that program, or choose another port:\n  {variable}={free_after(port)} {command}",
            code=2,
        )


def obstacle(port: int) -> int:
    """0 if a server could listen on the port now, else the error number that says why not."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=0.5):
        return errno.EADDRINUSE  # asked first: macOS lets a second server bind beside one on all addresses
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0


def free_after(port: int) -> int:
    """The next free port, or any free one."""
    for candidate in range(port + 1, min(port + 50, 65536)):
        if not obstacle(candidate):
            return candidate
    return any_free()


def any_free() -> int:
    """A port that the system says is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def by_whom(port: int) -> str:
    """` by PROGRAM (process N)` if this machine lets us see it, else nothing."""
    holder = _holder_on_linux(port) or _holder_by_lsof(port)
    return f" by {holder[1]} (process {holder[0]})" if holder else ""


def _holder_on_linux(port: int) -> tuple[int, str] | None:
    """Find the listening socket's inode in /proc/net, then the process that has it open."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        with contextlib.suppress(OSError):
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().split(b"\0")
                return int(process.name), b" ".join(words[:4]).decode("utf-8", "replace").strip()
    return None


def _listening_inodes(port: int) -> list[str]:
    inodes = []
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with contextlib.suppress(OSError):
            for row in table.read_text().splitlines()[1:]:
                words = row.split()
                if words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port:
                    inodes.append(words[9])
    return inodes


def _holder_by_lsof(port: int) -> tuple[int, str] | None:
    if not shutil.which("lsof"):
        return None
    command = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    found = {line[:1]: line[1:] for line in reversed(lines)}
    return (int(found["p"]), found.get("c", "?")) if "p" in found else None
