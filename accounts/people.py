"""People: found by e-mail or phone, and made when they first prove that one is theirs."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.actors import actor_of
from kernel.refusals import Refusal

from .handles import Handle
from .models import Language, User

LONGEST_PASSWORD = 4096


class PersonRequest(HttpRequest):
    """A request that `login_required` let through: somebody is signed in."""

    user: User


class BadPassword(Refusal):
    """A password that is too short, too common, too much like the person, or absurdly long."""

    code = "bad_password"
    status = 422
    message = _("Choose another password: %(why)s")


def of(handle: Handle) -> User | None:
    """The person with this e-mail or phone, active or not."""
    wanted = {"phone": handle.value} if handle.is_phone else {"email__iexact": handle.value}
    return User.objects.filter(**wanted).first()


def sign_up(handle: Handle, *, language: str, name: str = "") -> User:
    """The person with this handle, made if there is none. The caller has proved that the handle is theirs."""
    known = of(handle)
    if known is not None:
        return known
    user = User(name=name, language=language if language in Language.values else Language.CHINESE)
    setattr(user, handle.kind, handle.value)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            audit.record(actor_of(user), "signed_up", user, by=handle.kind)
    except IntegrityError:  # the same person in another tab was faster
        return User.objects.get(**{handle.kind: handle.value})
    return user


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Set or change the password. Raises BadPassword with the reason."""
    if len(password) > LONGEST_PASSWORD or "\0" in password:
        raise BadPassword(why=_("it is too long or has signs that cannot be typed."))
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadPassword(why=" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor_of(user), "password_set", user)


def rename(user: User, name: str) -> None:
    """Change how a person is called on their own pages."""
    user.name = name
    user.save(update_fields=["name"])


def speak(user: User, language: str) -> None:
    """Keep the language a person chose: for their pages, messages and papers."""
    user.language = language
    user.save(update_fields=["language"])
