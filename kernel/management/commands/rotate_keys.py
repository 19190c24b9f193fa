"""`manage.py rotate_keys`: seal every secret anew under the current key, so that older keys may be taken away."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import crypt


class Command(BaseCommand):
    help = (
        "Seals encrypted columns anew under FIELD_KEY_CURRENT. Safe to stop and to run again, while the house is open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a used key is missing or old")

    def handle(self, *args: Any, **options: Any) -> None:
        for model, column in crypt.declared():
            label = f"{model._meta.label}.{column}"
            if not options["check"]:
                changed = 0
                while count := crypt.rotate(model, column):
                    changed += count
                self.stdout.write(f"{label}: {changed} sealed anew")
            used = crypt.keys_in_use(model, column)
            if gone := used - set(settings.FIELD_KEYS):
                raise CommandError(f"{label}: sealed by keys that FIELD_KEYS lacks: {', '.join(sorted(gone))}")
            if old := used - {settings.FIELD_KEY_CURRENT}:
                raise CommandError(f"{label}: still sealed by older keys: {', '.join(sorted(old))}")
        self.stdout.write("every secret is sealed by the current key")
