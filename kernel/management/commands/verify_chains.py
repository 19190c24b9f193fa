"""`manage.py verify_chains`: walk every seal and compare it with its row."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import sealing


class Command(BaseCommand):
    help = (
        "Verifies the sealed chains, prints their heads, and fails if a row was edited, deleted, reordered or cut off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", action="append", default=[], metavar="CHAIN:POSITION:HASH", help="a head that was kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        heads = dict(self._head(text) for text in options["head"])
        wrong = 0
        for name in sealing.CHAINS:
            for problem in sealing.verify(name, head=heads.get(name)):
                self.stderr.write(problem)
                wrong += 1
            position, head = sealing.last(name)
            self.stdout.write(f"{name}:{position}:{head}")
        if wrong:
            raise CommandError(f"{wrong} problems found", returncode=1)

    def _head(self, text: str) -> tuple[str, tuple[int, str]]:
        try:
            name, position, head = text.split(":")
            return name, (int(position), head)
        except ValueError as error:
            raise CommandError(f"{text!r} is not CHAIN:POSITION:HASH", returncode=2) from error
