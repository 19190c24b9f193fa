"""The world outside, as the demonstration plays it: the hands of buyers and carriers on the sandbox's pages, by HTTP.

The product meets the sandbox only where it would meet Stripe, 17TRACK and MoMo; this is the person at the other end.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import httpx
from django.conf import settings

PATIENCE = 10.0


class OutsideError(Exception):
    """The sandbox did not do as it was told."""


def answers() -> bool:
    """Whether there is a sandbox to play with."""
    if not settings.SANDBOX_CONTROL_URL:
        return False
    try:
        return httpx.get(_address("/healthz"), timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


def pay(page: str, *, method: str) -> None:
    """The buyer pays on the payment page. One that is paid already is left as it is."""
    answer = _post(page, {"deed": "pay", "method": method, "card": "4242424242424242"})
    if answer.status_code not in {303, 409}:
        raise OutsideError(f"the payment page said {answer.status_code}")


def move(waybill: str, *, steps: int) -> None:
    """The parcel passes the next stops of its way."""
    for _step in range(steps):
        _control("parcel", waybill, deed="next")


def befall(waybill: str, what: str) -> None:
    """Something happens to the parcel that should not: hold, return…"""
    _control("parcel", waybill, deed="incident", what=what)


def name_wallet(number: str, holder: str) -> None:
    """In whose name a mobile money number is registered."""
    _control("switch", "momo", deed="holder", number=number.lstrip("+"), name=holder)


def patiently(seconds: float) -> None:
    """Wait: the world outside is slower than we are."""
    time.sleep(seconds)


def _control(noun: str, which: str, /, **form: str) -> None:
    answer = _post(_address(f"/control/{noun}/{which}"), form)
    if answer.status_code != 303:
        raise OutsideError(f"{noun} {which} {form}: {answer.status_code}")


def _post(address: str, form: dict[str, str]) -> httpx.Response:
    """Send a form as the sandbox's own page would."""
    parts = urlsplit(address)
    try:
        return httpx.post(address, data=form, headers={"Origin": f"{parts.scheme}://{parts.netloc}"}, timeout=PATIENCE)
    except httpx.HTTPError as error:
        raise OutsideError(f"{address}: {type(error).__name__}") from error


def _address(path: str) -> str:
    return settings.SANDBOX_CONTROL_URL.rstrip("/") + path
