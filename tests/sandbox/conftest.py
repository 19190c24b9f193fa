"""A sandbox for each test, and Stripe's own client talking to it."""

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

from sandbox.testing import Sandbox


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def client(box: Sandbox) -> stripe.StripeClient:
    return stripe.StripeClient(box.keys.stripe, base_addresses={"api": f"{box.url}/stripe"}, max_network_retries=2)


def call(
    box: Sandbox, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """One HTTP call: status, and the JSON or the bytes of the answer."""
    link = http.client.HTTPConnection(urlsplit(box.url).netloc, timeout=10)
    raw = body if isinstance(body, bytes | str | None) else json.dumps(body)
    link.request(method, path, raw, headers or {})
    answer = link.getresponse()
    data = answer.read()
    link.close()
    if "json" in answer.headers.get("Content-Type", ""):
        return answer.status, json.loads(data)
    return answer.status, data
