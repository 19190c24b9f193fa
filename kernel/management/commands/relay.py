"""`manage.py relay`: hand due jobs to the workers until stopped."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel.relay import Relay


class Command(BaseCommand):
    help = "Hands due jobs to the workers, until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then leave")

    def handle(self, *args: Any, **options: Any) -> None:
        relay = Relay()
        if options["once"]:
            self.stdout.write(f"{relay.once()} sent")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_received: relay.stop.set())
        relay.forever()
