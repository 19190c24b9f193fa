"""`./run demo`: the whole house on this machine, from an empty folder to an address and three logins."""

import http.client
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from . import places, ports, servers, wiring
from .console import Trouble, say, show
from .places import ROOT
from .processes import Program
from .supervisor import Supervisor

FIRST_START_MB, LATER_START_MB = 500, 150
COMMAND = "./run demo"


def run() -> NoReturn:
    """Start everything, keep it running; it ends by Stopped (somebody asked) or by Trouble (something is wrong)."""
    var = places.var()
    port = ports.wanted("PORT", 8000)
    address = f"http://{ports.HOST}:{port}"
    with places.only_run(var, what="the demo", address=address + "/"), places.scratch() as scratch:
        ports.refuse_taken(port, variable="PORT", command=COMMAND)
        fresh = not (var / "demo-secrets.json").exists()
        places.refuse_full_disk(var, needed_mb=FIRST_START_MB if fresh else LATER_START_MB)
        supervisor = Supervisor()
        try:
            say(f"starting the demo; logs are in {shown(var / 'log')}")
            start(supervisor, var, scratch, port=port)
            say(f"ready: {address}/")
            show(welcome(var, address))
            supervisor.watch()
        finally:
            say("stopping")
            supervisor.stop()
            say(f"stopped; the data stays in {shown(var)}")


def start(supervisor: Supervisor, var: Path, scratch: Path, *, port: int) -> None:
    """Bring everything up in the order in which it needs each other."""
    addresses = servers.start(supervisor, home=var, scratch=scratch, logs=var / "log")
    sandbox_port, smtp_port = quiet_ports(var, port)
    environment = wiring.demo(var, addresses, port=port, sandbox_port=sandbox_port, smtp_port=smtp_port)
    state = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    places.write_state(var, pid=os.getpid(), what="the demo", address=environment["SITE_URL"] + "/", environment=state)

    sandbox = program("sandbox", sandbox_command(var, environment, sandbox_port, smtp_port), var, environment)
    supervisor.start(sandbox)
    supervisor.finish(
        program("static files", wiring.manage("collectstatic", "--no-input", "-v", "0"), var, environment),
        program("migrations", wiring.manage("migrate", "--no-input", "-v", "1"), var, environment),
    )
    supervisor.wait_until(lambda: answers(sandbox_port, "/healthz"), sandbox)
    supervisor.finish(program("demo data", wiring.manage("demo_data"), var, environment))

    web = program("web server", web_command(port), var, environment | {"DATABASE_POOL": "True"})
    supervisor.start(web)
    for name, command in background_commands(var).items():
        supervisor.start(program(name, command, var, environment))
    supervisor.wait_until(lambda: answers(port, "/healthz"), web)


def program(name: str, command: list[str | Path], var: Path, environment: Mapping[str, str]) -> Program:
    """A program of ours, with its log named after it."""
    return Program(name, command, var / "log" / f"{name.replace(' ', '-')}.log", environment, folder=ROOT)


def sandbox_command(var: Path, environment: Mapping[str, str], port: int, smtp_port: int) -> list[str | Path]:
    return wiring.python(
        *("-m", "sandbox", "--port", str(port), "--smtp-port", str(smtp_port)),
        *("--state", var / "sandbox", "--app-url", environment["SITE_URL"]),
    )


def web_command(port: int) -> list[str | Path]:
    """The same server as in production. Threads are counted by hand: left alone, they outnumber the connections."""
    where = ("--host", ports.HOST, "--port", str(port))
    return wiring.python(
        *("-m", "granian", "--interface", "wsgi", *where, "--workers", "1", "--blocking-threads", "8"),
        "marketplace.wsgi:application",
    )


def background_commands(var: Path) -> dict[str, list[str | Path]]:
    """The worker, the scheduler and the relay that hands due jobs to the worker."""
    celery = wiring.python("-m", "celery", "-A", "marketplace.celery")
    # Celery's processes need semaphores in /dev/shm; where a container has none, threads do the same work.
    pool = ["-P", "threads"] if Path("/dev/shm").is_dir() and not os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    return {
        "worker": [*celery, "worker", "-c", "2", "-l", "info", "--without-gossip", "--without-mingle", *pool],
        "scheduler": [*celery, "beat", "-l", "info", "-s", var / "beat-schedule", "--pidfile", ""],
        "relay": wiring.manage("relay"),
    }


def quiet_ports(var: Path, port: int) -> tuple[int, int]:
    """Ports for the sandbox and its mail box: the ones of last time if they are free, else the next free ones.

    Nobody types these, so they may move; kept, because addresses of an earlier run may still be in the data.
    """
    path = var / "demo-ports.json"
    try:
        chosen = [int(each) for each in json.loads(path.read_text())][:2] if path.exists() else []
    except (ValueError, TypeError):
        chosen = []
    if len(set(chosen)) != 2 or port in chosen or any(ports.obstacle(each) for each in chosen):
        first = ports.free_after(port)
        chosen = [first, ports.free_after(first)]
        path.write_text(json.dumps(chosen))
    return chosen[0], chosen[1]


def answers(port: int, path: str) -> bool:
    """Whether a web server on this machine answers 200 there."""
    line = http.client.HTTPConnection(ports.HOST, port, timeout=3)
    try:
        line.request("GET", path)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def welcome(var: Path, address: str) -> str:
    """The address, the logins that the demo data brought, and how to end it all."""
    path = var / "demo-logins.json"
    try:
        logins = json.loads(path.read_text())
        rows = [f"    {each['role']:<10} {each['login']:<28} {each['password']:<18} {each['url']}" for each in logins]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble(f"The demo data left no logins in {path}: {error!r}") from error
    ports_used = json.loads((var / "demo-ports.json").read_text())
    lines = [
        "",
        f"  Isoko is open:  {address}/",
        "",
        "  Sign in as (role, login, password, where):",
        *rows,
        "",
        f"  The world outside (payments, parcels, messages) is played by  http://{ports.HOST}:{ports_used[0]}/",
        "  Ctrl-C stops everything; the data is kept for the next start.",
        "",
    ]
    return "\n".join(lines)


def shown(path: Path) -> Path:
    """A path as short as it can be said."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
