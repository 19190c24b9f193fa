"""Load the corridors' dated rules and tariffs from `logistics/data/corridors/`. Safe to run any number of times."""

from typing import Any

from django.core.management.base import BaseCommand

from logistics import rules


class Command(BaseCommand):
    help = "Load corridors, route rules, article tax rates and carrier services; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in rules.files():
            loaded = rules.load(path)
            self.stdout.write(f"{path.name}: {loaded.version}, {loaded.services} services")
