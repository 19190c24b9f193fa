"""Sign-in by password, with an e-mail or a phone number in any writing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from . import handles, people
from .models import User


class HandleBackend(ModelBackend):
    """Knows a person by e-mail or phone. An unknown one costs a hash too, so that time tells nothing."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The person, if the password is theirs and the account is open; else None."""
        if username is None or password is None or len(password) > people.LONGEST_PASSWORD:
            return None
        user = _known(username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


def _known(text: str) -> User | None:
    try:
        return people.of(handles.parse(text))
    except handles.BadHandle:
        return None
