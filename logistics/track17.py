"""17TRACK's tracking API v2.2: register numbers, ask for news, and check the signature of what it sends us.

Codes, limits and the signature are 17TRACK's own: header `17token`, at most 40 numbers a request and 3 requests a
second, `sign` is the hex SHA-256 of the raw body, a slash and the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from .scans import TRACK17

MOST_NUMBERS = 40
SOURCE = "17track"
ALREADY_REGISTERED = -18019901
CHINA_EMS = 3013
TIMEOUT = httpx.Timeout(10, connect=5)


class Unavailable(Exception):
    """17TRACK cannot answer now; the same request may be made again."""


class Rejected(Exception):
    """17TRACK refuses for a reason that repeating will not heal; `code` is its own."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(f"17TRACK refused with {code}: {message[:120]}")
        self.code = code


@dataclass(frozen=True)
class Number:
    """A waybill to follow. `tag` is ours and comes back with every notice; nothing here names a person."""

    number: str
    carrier: int
    tag: str
    sent_on: str


def signature(body: bytes, *, key: str) -> str:
    """What `sign` must be for a body."""
    return hashlib.sha256(body + b"/" + key.encode()).hexdigest()


def signed_by_us(body: bytes, sign: str) -> bool:
    """Whether a notice comes from the holder of our key. Looks at the raw bytes, in constant time."""
    if not settings.TRACK17_KEY:
        return False
    return hmac.compare_digest(signature(body, key=settings.TRACK17_KEY).encode(), sign.encode())


def register(number: Number) -> None:
    """Have a waybill followed; one that is followed already is fine. Raises Unavailable or Rejected."""
    wanted = {
        "number": number.number,
        "carrier": number.carrier,
        "final_carrier": CHINA_EMS,
        "auto_detection": False,
        "lang": "en",
        "tag": number.tag,
        "order_time": number.sent_on,
        "origin_country": "RW",
        "destination_country": "CN",
    }
    for refused in _ask("register", [wanted]).get("rejected", []):
        error = refused.get("error") or {}
        code = int(error.get("code", 0))
        if code not in TRACK17["success"]:
            raise _trouble(code, str(error.get("message", "")))


def news(numbers: Sequence[tuple[str, int]]) -> dict[str, dict[str, Any]]:
    """The `track_info` of each waybill (number, carrier) that has one. Raises Unavailable or Rejected."""
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(numbers), MOST_NUMBERS):
        wanted = [{"number": number, "carrier": carrier} for number, carrier in numbers[start : start + MOST_NUMBERS]]
        for accepted in _ask("gettrackinfo", wanted).get("accepted", []):
            if isinstance(accepted.get("track_info"), dict):
                found[str(accepted.get("number"))] = accepted["track_info"]
    return found


def _ask(call: str, body: list[dict[str, Any]]) -> dict[str, Any]:
    """One request. The answer's `data`, unless the whole request was refused."""
    try:
        answer = httpx.post(
            f"{settings.TRACK17_API_BASE}/{call}", json=body, headers={"17token": settings.TRACK17_KEY}, timeout=TIMEOUT
        )
    except httpx.HTTPError as error:
        raise Unavailable(type(error).__name__) from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unavailable(f"status {answer.status_code}")
    try:
        told = answer.json()
        code, data = int(told["code"]), told.get("data") or {}
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"status {answer.status_code}, no 17TRACK answer") from error
    if code != 0:
        raise _trouble(code, str(data.get("errors", "")) if isinstance(data, dict) else "")
    return data if isinstance(data, dict) else {}


def _trouble(code: int, message: str) -> Exception:
    return Unavailable(f"code {code}") if code in TRACK17["retryable"] else Rejected(code, message)
