"""MTN MoMo disbursement: the wire, and nothing but the wire (vendor's Disbursement API v1_0).

A transfer is asked for under a reference of ours (UUID v4), fixed before the call: asking again with it answers 409 and
moves no second franc. What became of it is asked, never assumed; callbacks are only a hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import httpx
from django.conf import settings

from kernel.money import Money

TIMEOUT = httpx.Timeout(10, connect=3)


class Unreachable(Exception):
    """The wallet company cannot be asked now; the same call may be repeated."""


class Rejected(Exception):
    """The wallet company refused the request itself; repeating it changes nothing."""


@dataclass(frozen=True)
class Transfer:
    """What the wallet company says of a transfer: PENDING, SUCCESSFUL or FAILED with a reason."""

    status: str
    reason: str = ""
    provider_id: str = ""


def transfer(reference: UUID, *, amount: Money, number: str, external_id: str, note: str) -> None:
    """Ask for a transfer of whole francs to an E.164 number. Repeating it is harmless. Raises Unreachable or Rejected.

    The vendor refuses apostrophes and other special characters in notes, and more than 160 of any.
    """
    answer = _call(
        "POST",
        "/disbursement/v1_0/transfer",
        reference=reference,
        json={
            "amount": str(amount.major),
            "currency": settings.MOMO_CURRENCY,
            "externalId": external_id,
            "payee": {"partyIdType": "MSISDN", "partyId": number.lstrip("+")},
            "payerMessage": _plain(note),
            "payeeNote": _plain(note),
        },
    )
    if answer.status_code not in {202, 409}:
        raise Rejected(f"{answer.status_code} {_code(answer)}".strip())


def status(reference: UUID) -> Transfer | None:
    """What became of a transfer; None where the wallet company never heard of it. Raises Unreachable or Rejected."""
    answer = _call("GET", f"/disbursement/v1_0/transfer/{reference}")
    if answer.status_code == 404:
        return None
    if answer.status_code != 200:
        raise Rejected(f"{answer.status_code} {_code(answer)}".strip())
    told = answer.json()
    reason = told.get("reason") or ""
    if isinstance(reason, dict):
        reason = reason.get("code", "")
    return Transfer(told.get("status", "PENDING"), str(reason), str(told.get("financialTransactionId") or ""))


def is_active(number: str) -> bool:
    """Whether a number has a wallet that can receive. Raises Unreachable or Rejected."""
    answer = _call("GET", f"/disbursement/v1_0/accountholder/msisdn/{number.lstrip('+')}/active")
    if answer.status_code == 404:
        return False
    if answer.status_code != 200:
        raise Rejected(f"{answer.status_code} {_code(answer)}".strip())
    return bool(answer.json().get("result"))


def _call(method: str, path: str, *, reference: UUID | None = None, json: object = None) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {_token()}",
        "X-Target-Environment": settings.MOMO_TARGET_ENVIRONMENT,
        "Ocp-Apim-Subscription-Key": settings.MOMO_SUBSCRIPTION_KEY,
    }
    if reference is not None:
        headers["X-Reference-Id"] = str(reference)
    return _sent(method, path, headers=headers, json=json)


def _token() -> str:
    """A fresh token for each call: payouts are few, and a kept token is one more thing that can be stale."""
    answer = _sent(
        "POST",
        "/disbursement/token/",
        headers={"Ocp-Apim-Subscription-Key": settings.MOMO_SUBSCRIPTION_KEY},
        auth=(settings.MOMO_API_USER, settings.MOMO_API_KEY),
    )
    if answer.status_code >= 500:
        raise Unreachable(f"token {answer.status_code}")
    if answer.status_code != 200:
        raise Rejected(f"token {answer.status_code}")
    return str(answer.json()["access_token"])


def _sent(method: str, path: str, **what: object) -> httpx.Response:
    try:
        answer = httpx.request(method, settings.MOMO_API_BASE + path, timeout=TIMEOUT, **what)  # type: ignore[arg-type]
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    if answer.status_code in {429, 502, 503, 504}:
        raise Unreachable(str(answer.status_code))
    return answer


def _plain(note: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in " -.") else " " for c in note)[:160]


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
