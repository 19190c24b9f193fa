"""The corridor's rules and waybill numbers, beside the usual cast."""

from __future__ import annotations

import httpx
import pytest
from django.core.management import call_command

from accounts.models import User
from catalog.models import Variant
from logistics import track17
from orders.models import Consignment
from tests import cast

from . import road


@pytest.fixture
def reference(db: None) -> None:
    """Tariff lines, rates, the corridor's rules, and invented waybill numbers."""
    cast.reference()
    call_command("load_corridors", verbosity=0)
    call_command("load_logistics_data", verbosity=0)
    call_command("load_legal", verbosity=0)


@pytest.fixture
def accepted(buyer: User, basket: Variant) -> Consignment:
    """A basket of Mukamana's that Lin paid for and she accepted; one parcel."""
    return road.accepted(buyer, [(basket, 1)])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """17TRACK that agrees to everything and has no news; what it was asked."""
    questions: list[tuple[str, object]] = []

    def post(url: str, *, json: object, headers: dict[str, str], timeout: object) -> httpx.Response:
        questions.append((url.rsplit("/", 1)[1], json))
        return httpx.Response(200, json={"code": 0, "data": {"accepted": [], "rejected": []}})

    monkeypatch.setattr(track17.httpx, "post", post)
    return questions
