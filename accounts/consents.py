"""What people agreed to: which words, in which language, when and from where. Rows are only added."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

from .models import Consent, Language, LegalText, User

FOLDER = Path(__file__).parent / "data" / "legal"


class NoSuchText(Refusal):
    """There is no text of this kind to agree to; `load_legal` has not run."""

    code = "no_such_text"
    message = _("This text is not available now. Please try again later.")


def text(kind: str, language: str) -> LegalText:
    """The newest text of a kind in a language, or else in English. Raises NoSuchText."""
    newest = LegalText.objects.filter(kind=kind).order_by("-version").values_list("version", flat=True).first()
    return version(kind, newest or 0, language)


def version(kind: str, number: int, language: str) -> LegalText:
    """An older or the newest version of a text, in a language or else in English. Raises NoSuchText."""
    texts = {text.language: text for text in LegalText.objects.filter(kind=kind, version=number)}
    found = texts.get(language) or texts.get(Language.ENGLISH)
    if found is None:
        raise NoSuchText
    return found


def versions(kind: str, language: str) -> list[LegalText]:
    """Every version of a text, newest first, in a language or else in English; without the words."""
    texts = LegalText.objects.filter(kind=kind, language__in=[language, Language.ENGLISH]).defer("body")
    found: dict[int, LegalText] = {}
    for text in texts.order_by("-version"):
        if text.version not in found or text.language == language:
            found[text.version] = text
    return list(found.values())


def agree(user: User, *, kind: str, language: str, ip: str | None, subject: str = "", now: datetime) -> Consent:
    """Record that a person agreed to the text as it reads now in a language, about a subject such as `order:2026…`."""
    agreed = text(kind, language)
    return Consent.objects.create(user=user, text=agreed, text_sha256=agreed.sha256, subject=subject, ip=ip, at=now)


def load(model: Any = LegalText, *, folder: Path = FOLDER) -> int:
    """Store each text file whose words changed as a new version; returns how many were new. Safe to repeat.

    A version is one number over all languages of a kind, so that translations of the same words stand side by side.
    """
    return sum(_load_kind(model, kind, folder) for kind in LegalText.Kind.values)


def _load_kind(model: Any, kind: str, folder: Path) -> int:
    files = {language: folder / f"{kind}.{language}.md" for language in Language.values}
    words = {language: file.read_text("utf-8").strip() for language, file in files.items() if file.exists()}
    hashes = {language: hashlib.sha256(body.encode()).hexdigest() for language, body in words.items()}
    newest = model.objects.filter(kind=kind).order_by("-version").values_list("version", flat=True).first() or 0
    stored = dict(model.objects.filter(kind=kind, version=newest).values_list("language", "sha256"))
    if stored == hashes:
        return 0
    for language, body in words.items():
        title, _line, rest = body.partition("\n")
        model.objects.create(
            kind=kind,
            version=newest + 1,
            language=language,
            title=title.lstrip("# ").strip(),
            body=rest.strip(),
            sha256=hashes[language],
        )
    return len(words)
