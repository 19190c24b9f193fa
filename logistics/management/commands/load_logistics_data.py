"""Open the waybill ranges of `logistics/data/waybill_ranges.json`. Safe to run any number of times."""

from typing import Any

from django.core.management.base import BaseCommand

from logistics import waybills


class Command(BaseCommand):
    help = "Open waybill ranges that are not open yet; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{waybills.load()} waybill ranges opened")
