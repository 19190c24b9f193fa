"""The real programs on a database of their own, and ways to kill, freeze and question them. All on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

from marketplace.local import demo, leash, ports, valkey, wiring
from marketplace.local.places import ROOT
from marketplace.local.processes import Program
from marketplace.local.supervisor import Supervisor

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Rig:
    """Programs by name, under a supervisor that starts again whoever dies, as long as `look` or `until` is called."""

    supervisor: Supervisor
    programs: dict[str, Program]
    environment: dict[str, str]
    cast: dict[str, Any]
    database: psycopg.Connection
    site: str

    # Faults -----------------------------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """`kill -9` of a program and of all its children."""
        process = self.programs[name].process
        if process is not None and process.poll() is None:
            leash.send_group(process.pid, signal.SIGKILL)
            process.wait()

    @contextlib.contextmanager
    def away(self, name: str) -> Iterator[None]:
        """Killed, and nobody starts it again before the block ends."""
        kept = next(each for each in self.supervisor.kept if each.program.name == name)
        self.supervisor.kept.remove(kept)
        self.kill(name)
        try:
            yield
        finally:
            kept.program.bury()
            kept.program.start()
            self.supervisor.kept.append(kept)

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Stopped in its tracks: it holds its connections and answers nobody."""
        process = self.programs[name].process
        assert process is not None
        os.killpg(process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGCONT)

    # Time -------------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Start again who died."""
        self.supervisor.look(now=time.monotonic())

    def until(self, true: Callable[[], Any], *, patience: float = 40, tending: bool = True) -> None:
        """Wait for something to come true, looking after the programs meanwhile."""
        deadline = time.monotonic() + patience
        while not true():
            assert time.monotonic() < deadline, f"it never came true; {self.work()}"
            if tending:
                self.look()
            time.sleep(0.05)

    def up(self) -> None:
        """Wait until the web answers."""
        self.until(lambda: demo.answers(int(urlsplit(self.site).port or 0), "/healthz"))

    def quiet(self) -> None:
        """Let two minutes pass for what was sent to a dead worker, and wait until nothing is left to do."""
        self.until(lambda: self.all_up() and not self.one("SELECT count(*) FROM kernel_job WHERE state = 'waiting'"))
        self.ask("UPDATE kernel_job SET sent_at = sent_at - interval '3 minutes' WHERE state = 'sent'")
        self.until(
            lambda: (
                not self.one("SELECT count(*) FROM kernel_job WHERE state IN ('waiting', 'sent') AND due_at < now()")
            )
        )

    def all_up(self) -> bool:
        return all(each.start_at is None and each.program.died() is None for each in self.supervisor.kept)

    # Questions --------------------------------------------------------------------------------------------------------

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        cursor = self.database.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    def one(self, query: str, *values: Any) -> Any:
        return self.ask(query, *values)[0][0]

    def work(self) -> list[tuple[Any, ...]]:
        """Unfinished jobs, for the message of a failed wait."""
        return self.ask(
            "SELECT id, task, state, attempts, last_error FROM kernel_job WHERE state <> 'done' ORDER BY id"
        )

    def invariants(self) -> subprocess.CompletedProcess[str]:
        """What `check_invariants` says of it all."""
        return subprocess.run(
            [str(word) for word in wiring.manage("check_invariants")],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


class Browser:
    """Somebody with a browser who tries again when a page does not come."""

    def __init__(self, rig: Rig, login: list[str], *, patience: float = 45) -> None:
        self.rig, self.login, self.patience = rig, login, patience
        self.http = httpx.Client(base_url=rig.site, timeout=10, trust_env=False)

    def close(self) -> None:
        self.http.close()

    def get(self, url: str) -> httpx.Response:
        return self._tried(lambda: self.http.get(url))

    def post(self, url: str, data: dict[str, str], *, origin: str = "") -> httpx.Response:
        """Send a form, again and again until there is an answer: whoever presses a button twice does no more."""
        own = urlsplit(str(self.http.base_url.join(url)))
        headers = {"Origin": origin or f"{own.scheme}://{own.netloc}"}
        return self._tried(lambda: self.http.post(url, data=data, headers=headers))

    def fill(self, page: str, action: str, data: dict[str, str]) -> httpx.Response:
        """Open a page and send a form with its token."""
        token = TOKEN.search(self.get(page).text)
        assert token, page
        return self.post(action, {**data, "csrfmiddlewaretoken": token.group(1)})

    def sign_in(self) -> None:
        handle, password = self.login
        answer = self.fill(
            "/sign-in/?how=password", "/sign-in/", {"how": "password", "handle": handle, "password": password}
        )
        assert answer.status_code == 302, answer.text[:2000]

    def checkout_form(self) -> dict[str, str]:
        """What stands on the checkout page, filled in as a buyer would."""
        page = self.get("/checkout/").text
        said = {}
        for tag in re.findall(r"<input[^>]*>", page):
            facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if facts.get("name") in {"quote", "total", "address", "csrfmiddlewaretoken"}:
                said[facts["name"]] = facts.get("value", "")
        return {**said, "orderer": "林夏", "agree_notice": "on"}

    def pay(self, page: str) -> None:
        """Pay by Alipay on the provider's page."""
        where = urlsplit(page)
        answer = self.post(page, {"deed": "pay", "method": "alipay"}, origin=f"{where.scheme}://{where.netloc}")
        assert answer.status_code in {303, 409}, answer.text[:2000]

    def _tried(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                answer = call()
                if answer.status_code < 500:
                    return answer
            except httpx.TransportError:
                answer = None
            assert time.monotonic() < deadline, f"no answer; the last was {answer}"
            time.sleep(0.3)


@contextlib.contextmanager
def standing(scratch: Path, *, template: str, buyers: int) -> Iterator[Rig]:
    """All programs up, on a copy of the database `template`; everything is gone afterwards."""
    supervisor = Supervisor(deaths_allowed=1000, first_delay=0.1, longest_delay=0.3)
    with _copy_of(template) as url:
        try:
            yield _start(supervisor, scratch, url, buyers=buyers)
        finally:
            for each in supervisor.kept:
                if each.program.process is not None:
                    leash.send_group(each.program.process.pid, signal.SIGCONT)
            supervisor.stop()


def _start(supervisor: Supervisor, scratch: Path, url: str, *, buyers: int) -> Rig:
    queues = valkey.Valkey(scratch / "valkey", scratch / "vk", scratch / "log" / "queues.log")
    queues.prepare()
    supervisor.start(queues.program())
    port, sandbox_port, smtp_port = ports.any_free(), ports.any_free(), ports.any_free()
    addresses = {"DATABASE_URL": url, "REDIS_URL": queues.url()}
    environment = wiring.demo(scratch, addresses, port=port, sandbox_port=sandbox_port, smtp_port=smtp_port)
    supervisor.start(
        demo.program(
            "sandbox", demo.sandbox_command(scratch, environment, sandbox_port, smtp_port), scratch, environment
        )
    )
    seed = demo.program("seed", wiring.python("-m", "tests.faults.seed", str(buyers), "500"), scratch, environment)
    supervisor.finish(
        seed,
        demo.program("static files", wiring.manage("collectstatic", "--no-input", "-v", "0"), scratch, environment),
    )
    supervisor.start(demo.program("web", demo.web_command(port), scratch, environment | {"DATABASE_POOL": "True"}))
    for name, command in demo.background_commands(scratch).items():
        supervisor.start(demo.program(name, command, scratch, environment))
    rig = Rig(
        supervisor,
        {each.program.name: each.program for each in supervisor.kept},
        environment,
        json.loads(seed.log.read_text().splitlines()[-1]),
        psycopg.connect(_for_psycopg(url), autocommit=True),
        environment["SITE_URL"],
    )
    rig.up()
    return rig


@contextlib.contextmanager
def _copy_of(template: str) -> Iterator[str]:
    """A database of our own on the tests' server, by its URL."""
    server, name = urlsplit(os.environ["DATABASE_URL"]), f"{template}_faults"
    admin = _for_psycopg(urlunsplit(server._replace(path="/postgres")))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(drop)
        _copy(connection, name, template)
        try:
            yield urlunsplit(server._replace(path=f"/{name}"))
        finally:
            connection.execute(drop)


def _copy(connection: psycopg.Connection, name: str, template: str) -> None:
    """Copy a database as soon as nobody is in it: connections of an earlier test may take a moment to end."""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    for patience in range(50, -1, -1):
        try:
            connection.execute(copy)
            return
        except psycopg.errors.ObjectInUse:
            if not patience:
                raise
            time.sleep(0.2)


def _for_psycopg(url: str) -> str:
    return "postgresql" + url[url.index("://") :]
