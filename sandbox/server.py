"""The web server, the clock and the courier: three kinds of threads around one World, on 127.0.0.1 only."""

import logging
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from . import charges, checkout_page, control, momo, pages, parcels, paying, rates, sms, stripe, track17
from .smtp import MailServer
from .web import Answer, Request, Route, as_json
from .webhooks import deliver_due
from .world import World

LARGEST_BODY = 2 * 1024 * 1024
TICK = 0.2
APIS = ("/stripe/v1/", "/17track/", "/momo/", "/sms/")
log = logging.getLogger("sandbox")


def show_health(world: World, request: Request) -> Answer:
    """GET /healthz."""
    return as_json({"status": "ok"})


ROUTES: list[Route] = [
    ("GET", "/healthz", show_health),
    *stripe.ROUTES,
    *checkout_page.ROUTES,
    *track17.ROUTES,
    *momo.ROUTES,
    *sms.ROUTES,
    *rates.ROUTES,
    *control.ROUTES,
    *pages.ROUTES,
]
COMPILED = [(method, re.compile(path), handler) for method, path, handler in ROUTES]


def respond(world: World, request: Request) -> Answer | None:
    """The answer, or None where the control page wants it lost on the way though the work is done."""
    fault = next((take_fault(world, api) for api in APIS if request.path.startswith(api)), "")
    if fault == "refuse":
        return as_json({"error": {"message": "Try again later.", "type": "api_error"}}, 503)
    answer = dispatch(world, request)
    return None if fault == "lose" else answer


def take_fault(world: World, api: str) -> str:
    """`refuse` or `lose` for the next call of this service, once."""
    name = f"fault:{api}"
    return str(world.store.take(name) or "") if world.store.setting(name) else ""


def dispatch(world: World, request: Request) -> Answer:
    """The first route that fits."""
    wrong_method = False
    for method, path, handler in COMPILED:
        if fits := path.fullmatch(request.path):
            if method == request.method:
                return handler(world, request, **fits.groupdict())
            wrong_method = True
    return as_json({"error": {"message": "No such address."}}, 405 if wrong_method else 404)


class Conversation(BaseHTTPRequestHandler):
    """One HTTP connection, kept open between requests."""

    server: "SandboxServer"
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Read, answer."""
        self.answer()

    def do_POST(self) -> None:
        """Read, answer."""
        self.answer()

    def answer(self) -> None:
        """One request. A stranger's Host is refused, so that no page elsewhere can reach in by a name it controls."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            return self.write(as_json({"error": {"message": "Too large."}}, 413))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(parts.path), parts.query, headers, self.rfile.read(int(length)))
        if request.header("host").partition(":")[0] not in {"127.0.0.1", "localhost"}:
            return self.write(as_json({"error": {"message": "Only for this machine."}}, 421))
        try:
            answer = respond(self.server.world, request)
        except Exception:
            log.exception("%s %s", self.command, parts.path)
            answer = as_json({"error": {"message": "The sandbox stumbled.", "type": "api_error"}}, 500)
        if answer is None:
            self.close_connection = True
            return None
        return self.write(answer)

    def write(self, answer: Answer) -> None:
        """Status, headers, body."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the journal says more."""


class SandboxServer(ThreadingHTTPServer):
    """Listens on this machine only."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, world: World, port: int) -> None:
        """Bind; port 0 takes a free one."""
        self.world = world
        super().__init__(("127.0.0.1", port), Conversation)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""
        log.debug("connection ended", exc_info=True)


def tick(world: World) -> None:
    """Everything that happens by itself: sessions expire, refunds and payouts settle, parcels move."""
    now = time.time()
    for part in (paying, charges, momo, parcels):
        part.tick(world, now)


class Running:
    """A sandbox at work; `stop()` ends its threads and closes its file."""

    def __init__(self, world: World, *, port: int = 0, smtp_port: int | None = 0) -> None:
        """Start serving. Without `app_url` nobody is called: webhooks wait in the journal."""
        self.world = world
        self.web = SandboxServer(world, port)
        world.base_url = f"http://127.0.0.1:{self.web.server_address[1]}"
        self.mail = MailServer(world, smtp_port) if smtp_port is not None else None
        self._over = threading.Event()
        self._threads = [
            self._start("web", lambda: self.web.serve_forever(poll_interval=0.02)),
            self._start("clock", lambda: self._repeat(tick)),
            self._start("courier", lambda: self._repeat(lambda place: deliver_due(place) if place.app_url else None)),
        ]
        if self.mail is not None:
            mail = self.mail
            self._threads.append(self._start("mail", lambda: mail.serve_forever(poll_interval=0.02)))

    def stop(self) -> None:
        """End."""
        self._over.set()
        self.world.bell.ring()
        for server in filter(None, (self.web, self.mail)):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join(20)
        self.world.store.close()

    def _start(self, name: str, work: Callable[[], object]) -> threading.Thread:
        thread = threading.Thread(target=work, name=f"sandbox-{name}", daemon=True)
        thread.start()
        return thread

    def _repeat(self, work: Callable[[World], object]) -> None:
        while not self._over.is_set():
            heard = self.world.bell.rung
            try:
                work(self.world)
            except Exception:
                log.exception("the sandbox stumbled")
            self.world.bell.wait(heard, TICK)
