"""A refusal is an expected no: it has a code for programs and a sentence for people, and it changes nothing."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import formatting
from .money import Money


class Refusal(Exception):
    """Say no: `raise OutOfStock(left=2)`.

    Subclasses set `code`, `message` (a lazy translation with `%(name)s` for each detail) and, where 409 is wrong,
    `status`. The sentence is made when it is read, so that each reader gets their own language; money is written out
    in it.
    """

    code: str = "refused"
    message: str | Promise = _("This cannot be done now.")
    status: int = 409

    def __init__(self, **details: Any) -> None:
        super().__init__(details)
        self.details = details

    def __str__(self) -> str:
        spoken = {name: _spoken(value) for name, value in self.details.items()}
        return str(self.message) % spoken if spoken else str(self.message)


def _spoken(value: Any) -> Any:
    return formatting.money(value, get_language()) if isinstance(value, Money) else value
