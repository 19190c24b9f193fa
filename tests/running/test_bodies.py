"""The real web server against bodies that are too long, without a length, or other than their head says."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.local import demo
from tests.web import served

pytestmark = pytest.mark.running

FORM = b"POST /sell/apply/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
PIECE = b"x" * 65_536


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A web server as the demonstration starts it, without a database: nobody gets as far as that here."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"}
    with served(**nowhere, DEMO="True", VAR_DIR=str(tmp_path_factory.mktemp("var"))) as port:
        yield port


def memory(port: int) -> int:
    """Kilobytes that the server's processes hold."""
    pattern = f"--port {port}"
    found = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if pattern in words:
                    status = (folder / "status").read_text()
                    found += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
            except (OSError, StopIteration):
                continue
    return found


def said(port: int, head: bytes, pieces: int = 0, *, piece: bytes = PIECE) -> tuple[bytes, int]:
    """The first line of the answer, and how many bytes of the body the server took before it closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as line:
        line.sendall(head)
        taken = 0
        try:
            for _n in range(pieces):
                line.sendall(piece)
                taken += len(piece)
        except OSError:
            pass
        try:
            return line.recv(4096).partition(b"\r\n")[0], taken
        except OSError:
            return b"closed", taken


def test_26_megabytes_are_refused_and_not_taken_in(port: int) -> None:
    before = memory(port) if sys.platform == "linux" else 0
    answer, taken = said(port, FORM + b"Content-Length: 27262976\r\n\r\n", pieces=416)
    assert answer.startswith(b"HTTP/1.1 413") or answer == b"closed"
    assert taken < 8_000_000
    if sys.platform == "linux":
        assert memory(port) - before < 20_000
    assert demo.answers(port, "/healthz")


def test_a_body_without_a_length_or_an_end_is_refused(port: int) -> None:
    chunk = b"10000\r\n" + PIECE + b"\r\n"
    answer, taken = said(port, FORM + b"Transfer-Encoding: chunked\r\n\r\n", pieces=2000, piece=chunk)
    assert answer.startswith(b"HTTP/1.1 411") or answer == b"closed"
    assert taken < 8_000_000
    assert demo.answers(port, "/healthz")


def test_the_refusal_is_read_by_who_waits_for_it(port: int) -> None:
    """Who sends the head and listens, as a browser that expects an answer does, is told why."""
    assert said(port, FORM + b"Content-Length: 27262976\r\n\r\n")[0].startswith(b"HTTP/1.1 413")
    assert said(port, FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")[0].startswith(b"HTTP/1.1 411")


@pytest.mark.parametrize("claim", [b"-1", b"1e9", b"9" * 400, b"0x10"])
def test_a_length_that_is_none_is_refused(port: int, claim: bytes) -> None:
    answer, _taken = said(port, FORM + b"Content-Length: " + claim + b"\r\n\r\n")
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413", b"closed", b""}
    assert demo.answers(port, "/healthz")


def test_who_sends_slowly_keeps_others_waiting_for_nothing(port: int) -> None:
    """A few that send a byte a second: others are served. As many as there are threads are the proxy's to hold."""
    lines = [socket.create_connection(("127.0.0.1", port), timeout=15) for _n in range(5)]
    for line in lines:
        line.sendall(FORM.replace(b"/sell/apply/", b"/sign-in/") + b"Content-Length: 1000\r\n\r\nx")
    try:
        for _second in range(3):
            for line in lines:
                line.sendall(b"x")
            began = time.monotonic()
            assert demo.answers(port, "/healthz") and time.monotonic() - began < 2
    finally:
        for line in lines:
            line.close()
