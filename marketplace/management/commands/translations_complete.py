from django.core.management.base import BaseCommand, CommandError

from marketplace import translations


class Command(BaseCommand):
    """Fails when a text is missing, untranslated or not compiled in any language."""

    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        found = translations.gaps()
        for gap in found:
            self.stderr.write(f"{gap.language}: {gap.message!r}: {gap.problem}")
        if not translations.is_in_step():
            raise CommandError("The catalogues are behind the code: run ./run manage translations_update")
        if found:
            raise CommandError(f"{len(found)} texts are not ready")
        self.stdout.write(f"All texts are translated; {len(translations.to_review())} in Kinyarwanda wait for review.")
