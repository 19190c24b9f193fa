"""Store the legal texts of `accounts/data/legal/` that changed, as new versions."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import consents


class Command(BaseCommand):
    """`manage.py load_legal`, safe to repeat."""

    help = "Store changed legal texts as new versions."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{consents.load()} new legal texts")
