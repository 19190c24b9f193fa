"""The message catalogues: extracted from code and templates, compiled, and complete in every language."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

EXTRACTOR = "django-makemessages-rs"
IGNORED = (".venv", "var", "tests", "sandbox", "bench", "locale")
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


class NoExtractor(Exception):
    """The tool that reads texts out of code and templates is not installed: it comes with the development lock."""


def extract() -> None:
    """Bring every catalogue in step with code and templates, keeping translations and the marks for review.

    Raises NoExtractor.
    """
    found = _found()
    for path in sources():
        before, after = _catalogue(path), Catalog(fuzzy=False)
        for message in found:
            known = before.get(message.id, message.context)
            after.add(
                message.id,
                known.string if known else None,
                locations=[(file, 0) for file in sorted({file for file, _line in message.locations})],
                flags=message.flags - {"fuzzy"},
                user_comments=known.user_comments if known else [],
                context=message.context,
            )
        _write(path, after)


def is_in_step() -> bool:
    """Whether every catalogue has the texts of code and templates, and no others. Raises NoExtractor."""
    wanted = {_key(message) for message in _found()}
    return all({_key(message) for message in _catalogue(path) if message.id} == wanted for path in sources())


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


def _found() -> list[Message]:
    """Every text in code and templates. The extractor writes into a folder of its own: it would drop our comments."""
    with tempfile.TemporaryDirectory() as folder:
        ignored = [f"--ignore={name}" for name in IGNORED]
        command = [_extractor(), "--locale", "xx", "--locale-dir", folder, "--detect-aliases", *ignored]
        subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True)
        return [message for message in _catalogue(Path(folder) / "xx" / "LC_MESSAGES" / "django.po") if message.id]


def _extractor() -> str:
    beside_python = Path(sys.executable).parent / EXTRACTOR
    found = str(beside_python) if beside_python.exists() else shutil.which(EXTRACTOR)
    if not found:
        raise NoExtractor(f"{EXTRACTOR} is missing: ./run check installs it")
    return found


def _write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue with the header it had: only texts change, so that a diff shows only texts."""
    header = path.read_text("utf-8").split("\n\n", 1)[0]
    lines = io.BytesIO()
    write_po(lines, catalogue, sort_output=True, width=120, omit_header=True, include_lineno=False)
    path.write_text(f"{header}\n\n{lines.getvalue().decode()}", "utf-8")


def _problem(message: Message, compiled: dict[tuple[str, str], str]) -> str:
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


def _key(message: Message) -> tuple[str, str]:
    """Text and context; Babel reads the context of compiled messages as bytes."""
    context: str | bytes = message.context or ""
    return str(message.id), context.decode() if isinstance(context, bytes) else context


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _compiled(path: Path) -> list[Message]:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return []
    with compiled.open("rb") as file:
        return list(read_mo(file))
