"""The message catalogues: extracted from code and templates, compiled, and complete in every language."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings

EXTRACT = [
    "django-makemessages-rs",
    "--all",
    "--detect-aliases",
    "--sort-output",
    "--add-location=file",
    "--no-obsolete",
    "--no-fuzzy-matching",
    "--keep-header",
    "--width=120",
    "--ignore=.venv",
    "--ignore=var",
    "--ignore=tests",
    "--ignore=sandbox",
    "--ignore=bench",
]
REVIEW = "review: native speaker"
# Django translates its own sentences into these languages; ours may leave them to it.
DJANGOS_OWN = {"zh_Hans", "fr"}
BORROWED = "marketplace/borrowed_texts.py"


@dataclass(frozen=True)
class Gap:
    """Something wrong with one message of one language."""

    language: str
    message: str
    problem: str


def extract(*, check: bool = False) -> bool:
    """Bring every catalogue in step with code and templates; with `check`, only say whether it is."""
    done = subprocess.run([*EXTRACT, *(["--check"] if check else [])], cwd=settings.BASE_DIR, capture_output=True)
    return done.returncode == 0


def compile_all() -> None:
    """Write the .mo file beside each .po file."""
    for path in sources():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, _catalogue(path))


def gaps() -> list[Gap]:
    """Messages without a translation, with other placeholders than the English, or not compiled."""
    found = []
    for path in sources():
        language = path.parent.parent.name
        compiled = {_key(message): str(message.string) for message in _compiled(path)}
        for message in _catalogue(path):
            if not message.id or (language in DJANGOS_OWN and _is_borrowed(message)):
                continue
            if problem := _problem(message, compiled):
                found.append(Gap(language, str(message.id), problem))
    return found


def to_review() -> list[tuple[str, str]]:
    """(English, Kinyarwanda) of every text that a native speaker must still read."""
    path = settings.BASE_DIR / "locale" / "rw" / "LC_MESSAGES" / "django.po"
    return [(str(m.id), str(m.string)) for m in _catalogue(path) if REVIEW in m.user_comments]


def sources() -> list[Path]:
    """Every .po file of the house."""
    return sorted(Path(settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po"))


def _problem(message: Message, compiled: dict[tuple[str, str | None], str]) -> str:
    if not message.string:
        return "not translated"
    if message.fuzzy:
        return "fuzzy: gettext would not use it"
    if {str(name) for name in _placeholders(str(message.id))} != set(_placeholders(str(message.string))):
        return "its placeholders differ from the English"
    if compiled.get(_key(message)) != str(message.string):
        return "not compiled: run ./run manage translations_update"
    return ""


def _is_borrowed(message: Message) -> bool:
    return bool(message.locations) and all(path == BORROWED for path, _line in message.locations)


def _placeholders(text: str) -> list[str]:
    return [part.split(")")[0] for part in text.split("%(")[1:]]


def _key(message: Message) -> tuple[str, str | None]:
    return str(message.id), message.context or None


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _compiled(path: Path) -> list[Message]:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return []
    with compiled.open("rb") as file:
        return list(read_mo(file))
