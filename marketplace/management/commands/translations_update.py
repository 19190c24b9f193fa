from django.core.management.base import BaseCommand, CommandError

from marketplace import translations


class Command(BaseCommand):
    """Extracts texts from code and templates into locale/*.po and compiles them. Run it after changing a text."""

    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        try:
            translations.extract()
        except translations.NoExtractor as error:
            raise CommandError(str(error)) from error
        translations.compile_all()
        for gap in translations.gaps():
            self.stdout.write(f"{gap.language}: {gap.message!r}: {gap.problem}")
