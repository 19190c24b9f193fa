"""Web servers to measure, each in a process of its own on loopback, and readers who ask them in turn."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator

from marketplace.local import ports, wiring

READERS = 4
PATIENCE = 60.0
_numbers = itertools.count(1)


class Server:
    """One granian process as the demo runs it: one worker, eight threads, pooled connections."""

    def __init__(self, name: str, settings: str = "marketplace.settings", **environment: str) -> None:
        self.name = name
        self.port = ports.free_after(20_000)
        where = ("--host", ports.HOST, "--port", str(self.port), "--workers", "1", "--blocking-threads", "8")
        command = wiring.python("-m", "granian", "--interface", "wsgi", *where, "marketplace.wsgi:application")
        own = {"DJANGO_SETTINGS_MODULE": settings, "DATABASE_POOL": "True", "LOG_LEVEL": "ERROR", **environment}
        self.process = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def a_second(self, path: str, *, times: int, headers: dict[str, str] | None = None) -> float:
        """Answers a second to a few readers who ask for one page again and again, `times` in all.

        `{n}` in the path stands for a number that no request had before.
        """
        failed: list[str] = []
        readers = [
            threading.Thread(target=self._read, args=(path, times // READERS, headers or {}, failed))
            for _reader in range(READERS)
        ]
        began = time.perf_counter()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert not failed, (self.name, path, failed[0])
        return times // READERS * READERS / (time.perf_counter() - began)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

    def _read(self, path: str, times: int, headers: dict[str, str], failed: list[str]) -> None:
        line = http.client.HTTPConnection(ports.HOST, self.port, timeout=PATIENCE)
        try:
            for _turn in range(times):
                line.request("GET", path.format(n=next(_numbers)), headers=headers)
                answer = line.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"status {answer.status}")
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            failed.append(str(error))
        finally:
            line.close()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while ports.obstacle(self.port) == 0:
            assert self.process.poll() is None, f"{self.name} did not start"
            assert time.monotonic() < until, f"{self.name} does not listen"
            time.sleep(0.05)


@contextlib.contextmanager
def running(*servers: Server) -> Iterator[None]:
    """The servers for the time of the block."""
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def compare(
    name: str, ours: tuple[Server, str], floor: tuple[Server, str], *, times: int = 240, rounds: int = 5
) -> float:
    """Answers a second of ours and of the floor, in turn, so that a busy machine slows both; the median ratio."""
    for server, path in (ours, floor):
        server.a_second(path, times=40)
    pairs = [
        (ours[0].a_second(ours[1], times=times), floor[0].a_second(floor[1], times=times)) for _round in range(rounds)
    ]
    ratio = statistics.median(mine / least for mine, least in pairs)
    mine, least = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name:<34} {mine:8.1f} /s   floor {least:8.1f} /s   ratio {ratio:5.2f}", flush=True)
    return ratio
