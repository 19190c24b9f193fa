"""Load tariff lines, shelves, the price rule and sample rates, and have texts follow new words. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalog import reference, texts


class Command(BaseCommand):
    """`manage.py load_catalog_data`"""

    help = "Loads tariff lines, categories, the price rule and sample exchange rates; again it brings them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in reference.load().items():
            self.stdout.write(f"{name}: {count}")
        texts.follow_daily(now=timezone.now())
