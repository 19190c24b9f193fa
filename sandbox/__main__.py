"""`python -m sandbox --port 8100 --smtp-port 8125 --state var/sandbox --app-url http://127.0.0.1:8000`."""

import argparse
import json
import logging
import signal
import threading
from pathlib import Path
from urllib.parse import urlsplit

from .server import Running
from .store import Store
from .world import Keys, World

OURS = {"127.0.0.1", "localhost"}


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s sandbox %(levelname)s %(message)s")
    options = read_options()
    world = World(
        store=Store(options.state),
        keys=Keys.from_environment(),
        app_url=options.app_url.rstrip("/"),
        track17_per_second=options.track17_per_second,
        momo_delay=options.momo_delay,
        refund_delay=options.refund_delay,
    )
    if options.auto is not None:
        world.store.set("auto", options.auto)
    for number, name in json.loads(options.holders.read_text()).items() if options.holders else ():
        world.store.set(f"holder:{number}", name)
    over = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: over.set())
    running = Running(world, port=options.port, smtp_port=options.smtp_port)
    logging.getLogger("sandbox").info("listening on %s", world.base_url)
    over.wait()
    running.stop()


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="sandbox", description="Stand-ins for outside services, on this machine only."
    )
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, default=None, help="none: no mail")
    parser.add_argument("--state", type=Path, default=Path("var/sandbox"))
    parser.add_argument("--app-url", type=local_address, required=True, help="where the webhooks go")
    parser.add_argument("--auto", type=float, default=None, help="seconds between a parcel's steps; 0: only when told")
    parser.add_argument("--momo-delay", type=float, default=3.0, help="seconds a payout stays PENDING")
    parser.add_argument("--refund-delay", type=float, default=2.0, help="seconds a wallet's refund stays pending")
    parser.add_argument("--track17-per-second", type=int, default=3, help="17TRACK's limit; 0: none")
    parser.add_argument(
        "--holders", type=Path, default=None, help='JSON of MoMo names: {"250788123456": "Aline Uwase"}'
    )
    return parser.parse_args()


def local_address(text: str) -> str:
    """An http address of this machine; anything else is refused, so nothing can leave it."""
    parts = urlsplit(text)
    if parts.scheme != "http" or parts.hostname not in OURS:
        raise argparse.ArgumentTypeError(f"{text!r} must begin with http://127.0.0.1")
    return text


if __name__ == "__main__":
    main()
