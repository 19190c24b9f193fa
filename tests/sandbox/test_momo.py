"""MTN MoMo disbursement, its refusals and its test numbers."""

import base64
import json
import uuid
from typing import Any

import pytest

from sandbox.testing import Sandbox

from .conftest import call

REFERENCE = "2b0f2c1e-6a0a-4c39-9b1a-0d8f5b2b7a11"


@pytest.fixture
def headers(box: Sandbox) -> dict[str, str]:
    pair = base64.b64encode(f"{box.keys.momo_user}:{box.keys.momo_api}".encode()).decode()
    basic = {"Authorization": f"Basic {pair}", "Ocp-Apim-Subscription-Key": box.keys.momo_subscription}
    status, body = call(box, "POST", "/momo/disbursement/token/", b"", basic)
    assert (status, body["expires_in"]) == (200, 3600)
    return {
        "Authorization": f"Bearer {body['access_token']}",
        "Ocp-Apim-Subscription-Key": box.keys.momo_subscription,
        "X-Target-Environment": "mtnrwanda",
    }


def transfer(
    box: Sandbox, headers: dict[str, str], *, reference: str = REFERENCE, to: str = "250783123400", **more: Any
) -> tuple[int, Any]:
    body = {
        "amount": "25000",
        "currency": "RWF",
        "externalId": "payout-1",
        "payee": {"partyIdType": "MSISDN", "partyId": to},
        "payerMessage": "Order 2026-000123",
        "payeeNote": "Payout",
        **more,
    }
    return call(box, "POST", "/momo/disbursement/v1_0/transfer", body, {**headers, "X-Reference-Id": reference})


def status_of(box: Sandbox, headers: dict[str, str], reference: str = REFERENCE) -> tuple[int, Any]:
    return call(box, "GET", f"/momo/disbursement/v1_0/transfer/{reference}", None, headers)


def test_a_transfer_is_pending_and_then_successful(box: Sandbox, headers: dict[str, str]) -> None:
    assert transfer(box, headers) == (202, b"")
    assert status_of(box, headers)[1]["status"] == "PENDING"
    box.settle_all()
    body = status_of(box, headers)[1]
    assert (body["status"], body["amount"], body["externalId"]) == ("SUCCESSFUL", "25000", "payout-1")
    assert body["financialTransactionId"].isdigit()
    balance = call(box, "GET", "/momo/disbursement/v1_0/account/balance", None, headers)[1]
    assert balance == {"availableBalance": "49975000", "currency": "RWF"}


def test_a_reference_is_used_once(box: Sandbox, headers: dict[str, str]) -> None:
    transfer(box, headers)
    status, body = transfer(box, headers)
    assert (status, body["code"]) == (409, "RESOURCE_ALREADY_EXIST")


def test_a_lost_answer_leaves_a_transfer_to_be_found(box: Sandbox, headers: dict[str, str]) -> None:
    box.break_next_call("momo", "lose")
    with pytest.raises(ConnectionError):
        transfer(box, headers)
    assert status_of(box, headers)[0] == 200


def test_an_unknown_reference_is_not_found(box: Sandbox, headers: dict[str, str]) -> None:
    assert status_of(box, headers)[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"payeeNote": "Seller's money"},
        {"payerMessage": "x" * 161},
        {"payeeNote": "工资"},
        {"amount": 25000},
        {"amount": "25000.50"},
        {"amount": "0"},
        {"currency": "EUR"},
        {"reference": "1234"},
        {"reference": str(uuid.uuid1())},
        {"to": "+250783123400"},
    ],
)
def test_what_mtn_would_not_take_is_a_bad_request(box: Sandbox, headers: dict[str, str], wrong: dict[str, Any]) -> None:
    assert transfer(box, headers, **wrong)[0] == 400


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        ("46733123450", "FAILED", "INTERNAL_PROCESSING_ERROR"),
        ("46733123452", "FAILED", "EXPIRED"),
        ("46733123453", "PENDING", "ONGOING"),
        ("46733123457", "FAILED", "PAYEE_NOT_FOUND"),
        ("250780003455", "FAILED", "NOT_ENOUGH_FUNDS"),
        ("250783123457", "SUCCESSFUL", None),
    ],
)
def test_test_numbers_decide_the_outcome(
    box: Sandbox, headers: dict[str, str], number: str, status: str, reason: str | None
) -> None:
    transfer(box, headers, to=number)
    box.settle_all()
    body = status_of(box, headers)[1]
    assert (body["status"], body.get("reason")) == (status, reason)


def test_an_outcome_can_be_set_and_is_final(box: Sandbox, headers: dict[str, str]) -> None:
    transfer(box, headers)
    box.set_payout(REFERENCE, "FAILED", "PAYEE_NOT_ALLOWED_TO_RECEIVE")
    box.set_payout(REFERENCE, "SUCCESSFUL")
    assert box.payout(REFERENCE)["reason"] == "PAYEE_NOT_ALLOWED_TO_RECEIVE"


def test_an_empty_wallet_pays_nothing(box: Sandbox, headers: dict[str, str]) -> None:
    box.set_balance(24_999)
    transfer(box, headers)
    box.settle_all()
    assert box.payout(REFERENCE)["reason"] == "NOT_ENOUGH_FUNDS"


def test_a_callback_comes_once(box: Sandbox, headers: dict[str, str]) -> None:
    box.world.app_url = "http://127.0.0.1:1"
    transfer(box, {**headers, "X-Callback-Url": "http://127.0.0.1:1/webhooks/momo/"})
    box.world.store.set("webhooks_held", True)
    box.set_payout(REFERENCE, "SUCCESSFUL")
    [record] = box.journal(REFERENCE)
    assert (record["method"], record["path"], record["retry"]) == ("PUT", "/webhooks/momo/", False)
    assert json.loads(record["body"])["status"] == "SUCCESSFUL"
    status, body = transfer(
        box, {**headers, "X-Callback-Url": "http://elsewhere.example/"}, reference=str(uuid.uuid4())
    )
    assert (status, body["code"]) == (500, "INVALID_CALLBACK_URL_HOST")


def test_strangers_are_refused(box: Sandbox, headers: dict[str, str]) -> None:
    assert transfer(box, {**headers, "Authorization": "Bearer other"})[0] == 401
    assert transfer(box, {**headers, "Ocp-Apim-Subscription-Key": "other"})[0] == 401
    assert transfer(box, {**headers, "X-Target-Environment": "mtnelsewhere"})[1]["code"] == (
        "NOT_ALLOWED_TARGET_ENVIRONMENT"
    )


def test_a_holder_can_be_checked(box: Sandbox, headers: dict[str, str]) -> None:
    at = "/momo/disbursement/v1_0/accountholder/msisdn/"
    assert call(box, "GET", f"{at}250783123400/active", None, headers)[1] == {"result": True}
    assert call(box, "GET", f"{at}250731234567/active", None, headers)[1] == {"result": False}
    box.name_holder("+250783123400", "Aline Uwase")
    holder = call(box, "GET", f"{at}250783123400/basicuserinfo", None, headers)[1]
    assert (holder["given_name"], holder["family_name"]) == ("Aline", "Uwase")
