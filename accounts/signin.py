"""Sign-in by one-time code: six digits to the phone or mailbox, for ten minutes, once.

Whether a handle has an account never shows: the same is stored, sent and answered for both. The first right code makes
the account. Codes are kept as keyed hashes, and tries are counted in their own statement, which no refusal rolls back.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from axes import utils as axes
from django.contrib.auth import login
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kernel import locks, work
from kernel.crypt import blind
from kernel.refusals import Refusal

from . import messages
from .handles import Handle
from .models import SignInCode, User

LIFE = timedelta(minutes=10)
TRIES = 5
# (how many, within what) for one handle and for one address of the network.
PER_HANDLE = ((1, timedelta(minutes=1)), (5, timedelta(hours=1)))
PER_IP = ((20, timedelta(hours=1)),)
BACKEND = "accounts.backends.HandleBackend"


class TooManyCodes(Refusal):
    """Codes were asked for too often."""

    code = "too_many_codes"
    status = 429
    message = _("A code was just sent. Please wait %(seconds)s seconds before you ask for another.")


class WrongCode(Refusal):
    """Not the code that was sent, or one that has been used, replaced or has run out."""

    code = "wrong_code"
    status = 422
    message = _("This code is not right or no longer valid. Check it, or ask for a new one.")


class TooManyTries(WrongCode):
    """The code was tried too often and is worth nothing any more."""

    code = "too_many_tries"
    message = _("That was one try too many. Please ask for a new code.")


class ClosedAccount(Refusal):
    """Staff closed this account."""

    code = "closed_account"
    status = 403
    message = _("This account is closed. Please contact us.")


@transaction.atomic
def send_code(handle: Handle, *, purpose: str, language: str, now: datetime, ip: str | None = None) -> None:
    """Send a fresh code, which replaces earlier ones. Raises TooManyCodes with `seconds` to wait."""
    if not locks.free_until_commit(f"code:{handle.value}"):
        raise TooManyCodes(seconds=60)  # the same form, sent twice at once
    _within(SignInCode.objects.filter(handle=handle.value), PER_HANDLE, now=now)
    if ip:
        _within(SignInCode.objects.filter(ip=ip), PER_IP, now=now)
    code = f"{secrets.randbelow(10**6):06d}"
    row = SignInCode.objects.create(
        handle=handle.value,
        purpose=purpose,
        code_hash=_hash(handle, purpose, code),
        ip=ip,
        created_at=now,
        expires_at=now + LIFE,
    )
    messages.tell_handle(handle, "sign_in_code", language=language, once=f"code:{row.pk}", code=code, minutes=10)


def check_code(handle: Handle, code: str, *, purpose: str, now: datetime) -> None:
    """Use up the newest code if it is this one. Raises WrongCode, TooManyTries.

    Call it outside a transaction: a wrong try must be counted whatever happens afterwards.
    """
    newest = SignInCode.objects.filter(handle=handle.value, purpose=purpose).order_by("-created_at", "-pk").first()
    if newest is None or newest.used_at or newest.expires_at <= now:
        raise WrongCode
    if not SignInCode.objects.filter(pk=newest.pk, tries__lt=TRIES).update(tries=F("tries") + 1):
        raise TooManyTries
    typed = "".join(sign for sign in code if sign.isdecimal())
    if not hmac.compare_digest(newest.code_hash, _hash(handle, purpose, typed)):
        raise WrongCode
    if not SignInCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=now):
        raise WrongCode  # used by a second tab in the same moment


def let_in(request: HttpRequest, user: User) -> None:
    """Open a session for a person who has proved who they are, under a new session key. Raises ClosedAccount."""
    if not user.is_active:
        raise ClosedAccount
    login(request, user, backend=BACKEND)


def forgive(handle: str) -> None:
    """Forget the wrong passwords for a handle, now that the right one was typed."""
    axes.reset(username=handle)


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """The page after too many wrong passwords for one person from one place."""
    return render(request, "storefront/accounts/locked_out.html", status=429)


@work.every(seconds=3600)
def forget_codes(*, now: datetime) -> None:
    """Delete codes that ended a day ago."""
    SignInCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()


def _within(codes: QuerySet[SignInCode], limits: tuple[tuple[int, timedelta], ...], *, now: datetime) -> None:
    for most, span in limits:
        recent = list(
            codes.filter(created_at__gt=now - span).order_by("-created_at").values_list("created_at", flat=True)[:most]
        )
        if len(recent) == most:
            raise TooManyCodes(seconds=max(1, int((recent[-1] + span - now).total_seconds())))


def _hash(handle: Handle, purpose: str, code: str) -> str:
    return blind(f"{handle.value}|{purpose}|{code}", purpose="sign_in_code")
