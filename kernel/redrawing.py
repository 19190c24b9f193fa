"""Pictures and PDFs that strangers send: judged by their head, then drawn anew by a process of its own, which may fail.

Nothing that was sent comes back: what is returned was encoded here, so no hidden place, owner or script survives. A
decoder is the likeliest thing in the house to be broken into or blown up, so it runs with bounded memory and time,
without a word of our settings, and its death is one refusal. The web process never holds more than the bytes.

`kernel.drawing` is that process.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

DRAWING = Path(__file__).with_name("drawing.py")
# A picture of 25 million pixels in the format that needs most, WebP, is unpacked within this.
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 8
WALL_SECONDS = 30
PATIENCE = 20

# One at a time in each web process: a queue of big pictures then costs time and not memory.
_turn = threading.BoundedSemaphore(1)


class Rejected(Exception):
    """Nothing came of it. `why`: unreadable, damaged, busy; heic, pixels, small (pictures); locked, pages (PDFs)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Drawn:
    """A picture of our own making: a progressive JPEG in sRGB, the right way up, with no metadata."""

    content: bytes
    width: int
    height: int


def redraw(raw: bytes, *, longest: int, least: int = 1, quality: int = 88) -> Drawn:
    """Draw a picture anew, at most `longest` pixels long; anything shorter than `least` on a side is refused.

    Of an animation the first frame is taken. Raises Rejected.
    """
    numbers, content = _asked(raw, {"kind": "picture", "longest": longest, "least": least, "quality": quality})
    return Drawn(content, *numbers)


def reprint(raw: bytes, *, longest: int, pages: int, quality: int = 80) -> bytes:
    """A PDF as pictures of its pages, each at most `longest` pixels long: no script, link or attachment is in it.

    Raises Rejected, also where there are more than so many pages.
    """
    return _asked(raw, {"kind": "pdf", "longest": longest, "pages": pages, "quality": quality})[1]


def _asked(raw: bytes, order: dict[str, Any]) -> tuple[list[int], bytes]:
    """Have the other process do it: the numbers and the bytes that it says. Raises Rejected."""
    if not _turn.acquire(timeout=PATIENCE):
        raise Rejected("busy")
    try:
        said = _elsewhere(raw, {**order, "memory": MEMORY, "cpu": CPU_SECONDS})
    finally:
        _turn.release()
    verdict, _newline, content = said.partition(b"\n")
    word, *rest = verdict.decode("ascii", "replace").split()
    if word != "drawn":
        raise Rejected(rest[0] if word == "no" else "damaged")
    return [int(number) for number in rest], content


def _elsewhere(raw: bytes, order: dict[str, Any]) -> bytes:
    command = [sys.executable, "-I", str(DRAWING), json.dumps(order)]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, env={}, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        log.warning("a file of %s bytes took longer than %s seconds", len(raw), WALL_SECONDS)
        return b"no damaged\n"
    if done.returncode:
        log.warning("a file of %s bytes ended its reader with %s", len(raw), done.returncode)
        return b"no damaged\n"
    return done.stdout
