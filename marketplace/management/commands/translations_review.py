from django.core.management.base import BaseCommand

from catalog import vocabulary
from marketplace import translations


class Command(BaseCommand):
    """Lists the Kinyarwanda texts that a native speaker has not read yet: of pages, then of the vocabulary of goods."""

    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        for english, kinyarwanda in [*translations.to_review(), *vocabulary.to_review()]:
            self.stdout.write(f"{english}\n    {kinyarwanda}")
