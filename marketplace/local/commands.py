"""`./run test`, `./run bench` and `./run manage`: one program in the terminal, with servers behind it."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import chromium, demo, foreground, places, ports, servers, wiring
from .console import Trouble, say
from .supervisor import Supervisor


@contextlib.contextmanager
def throwaway_servers(*, fast: bool = False) -> Iterator[dict[str, str]]:
    """Embedded servers on empty data that vanish with the block. `fast` gives up safety on power loss: tests only."""
    supervisor = Supervisor()
    with places.scratch() as scratch:
        places.refuse_full_disk(scratch, needed_mb=400)
        try:
            yield servers.start(supervisor, home=scratch, scratch=scratch, logs=scratch / "log", throwaway=fast)
        finally:
            supervisor.stop()


def test(arguments: list[str]) -> int:
    """Run pytest on every test, or as the arguments say. Returns pytest's exit code; its last line stays the last."""
    parallel = max(2, min(4, os.cpu_count() or 2))
    browser = {} if "not journey" in arguments else chromium.environment()
    with throwaway_servers(fast=True) as addresses, places.scratch() as folder:
        say(f"running the tests in {parallel} processes")
        command = wiring.python("-m", "pytest", "-n", str(parallel), "--dist", "loadgroup", *arguments)
        # Whatever the tests and the browser leave in a temporary folder vanishes with this one.
        environment = wiring.tests(addresses) | browser | {"TMPDIR": str(folder)}
        return foreground.run(command, environment)


def bench(arguments: list[str]) -> int:
    """Run one bench, or all of them in turn, on servers with their normal safety. Returns the first failure's code."""
    known = sorted(path.stem for path in (places.ROOT / "bench").glob("*.py") if not path.stem.startswith("_"))
    chosen = arguments[:1] or known
    if not set(chosen) <= set(known):
        raise Trouble(f"There is no bench/{chosen[0]}.py. There are: {', '.join(known) or 'none yet'}.", code=2)
    codes = []
    for name in chosen:
        with throwaway_servers() as addresses, places.scratch() as folder:
            say(f"bench {name}")
            environment = wiring.bench(folder, addresses)
            codes.append(foreground.run(wiring.python("-m", f"bench.{name}", *arguments[1:]), environment))
    return next((code for code in codes if code), 0)


def manage(arguments: list[str]) -> int:
    """Run a Django command with the running demo's environment, or on its data while it is down."""
    var = places.var()
    state = places.read_state(var)
    if state.get("environment"):
        return foreground.run(wiring.manage(*arguments), {**wiring.base(), **state["environment"]})
    supervisor = Supervisor()
    with places.only_run(var, what=f"./run manage {arguments[0] if arguments else ''}"), places.scratch() as scratch:
        try:
            environment = offline_environment(supervisor, var, scratch)
            return foreground.run(wiring.manage(*arguments), environment)
        finally:
            supervisor.stop()


def offline_environment(supervisor: Supervisor, var: Path, scratch: Path) -> Mapping[str, str]:
    """The demo's environment with only its servers up, for the time of one command."""
    addresses = servers.start(supervisor, home=var, scratch=scratch, logs=var / "log")
    port = ports.wanted("PORT", 8000)
    sandbox_port, smtp_port = demo.quiet_ports(var, port)
    return wiring.demo(var, addresses, port=port, sandbox_port=sandbox_port, smtp_port=smtp_port)
