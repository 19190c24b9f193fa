"""What calls us and says it is Stripe or MTN."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from kernel import work
from payments import inbox
from payments.models import StripeEvent
from tests.races import together

pytestmark = pytest.mark.django_db
SECRET = "whsec_test"
URL = "/webhooks/stripe/"


@pytest.fixture(autouse=True)
def secrets(settings):
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    stamp = int(at or time.time())
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={mark}"}


def event(**changes: object) -> bytes:
    return json.dumps({"id": "evt_1", "type": "customer.created", "data": {"object": {}}, **changes}).encode()


def post(client, body: bytes, headers: dict[str, str]) -> int:
    return client.post(URL, body, content_type="application/json", headers=headers).status_code


def test_a_signed_event_is_stored_and_an_unknown_kind_is_kept_as_ignored(client, run_jobs):
    assert post(client, event(), signed(event())) == 200
    run_jobs()
    stored = StripeEvent.objects.get()
    assert (stored.pk, stored.outcome) == ("evt_1", "ignored")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "t=,v1="},
        {"Stripe-Signature": "t=abc,v1=abc"},
        {"Stripe-Signature": "v1=00"},
        {"Stripe-Signature": ",".join(["t=1"] + ["v1=00"] * 1000)},
        signed(event(id="evt_2")),
    ],
)
def test_a_forged_event_is_refused_and_leaves_nothing(client, headers):
    assert post(client, event(), headers) == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize("how", [{"secret": "whsec_other"}, {"seconds": -301}, {"seconds": 600}])
def test_a_signature_of_another_time_or_secret_is_refused(client, how):
    # Signed now and not when the tests were collected: a long run would bring the future into reach.
    headers = signed(event(), secret=how.get("secret", SECRET), at=time.time() + how.get("seconds", 0))
    assert post(client, event(), headers) == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"id": 1, "type": 2}', b'{"type": "x"}', b"\xff\xfe", b"{" * 5000]
)
def test_signed_nonsense_is_refused(client, body):
    assert post(client, body, signed(body)) == 400


def test_reserialised_json_is_another_body(client):
    body = event()
    again = json.dumps(json.loads(body), indent=1).encode()
    assert post(client, again, signed(body)) == 400


def test_a_nul_inside_a_signed_event_is_dropped(client):
    body = event(id="evt_nul", data={"object": {"note": "a\0b"}})
    assert post(client, body, signed(body)) == 200
    assert StripeEvent.objects.get().payload["data"]["object"]["note"] == "ab"


def test_both_secrets_hold_while_they_are_rolled(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", SECRET]
    assert post(client, event(), signed(event())) == 200
    assert post(client, event(id="evt_2"), signed(event(id="evt_2"), secret="whsec_new")) == 200
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new"]
    assert post(client, event(id="evt_3"), signed(event(id="evt_3"))) == 400


def test_only_posts_and_only_small_ones(client):
    assert client.get(URL).status_code == 405
    big = b'{"id": "' + b"x" * 600_000 + b'"}'
    assert post(client, big, signed(big)) == 413


@pytest.mark.parametrize(
    "thing",
    [
        {},
        {"metadata": {}},
        {"metadata": {"payment": "not-a-uuid"}},
        {"metadata": {"payment": "00000000-0000-4000-8000-000000000000"}, "payment_status": "paid"},
        {
            "metadata": {"payment": "00000000-0000-4000-8000-000000000000"},
            "payment_status": "paid",
            "payment_intent": "pi_x",
            "amount_total": 100,
            "currency": "cny",
        },
    ],
)
def test_an_event_about_something_that_is_not_ours_is_kept_and_harms_nothing(client, run_jobs, thing):
    body = event(type="checkout.session.completed", data={"object": thing})
    assert post(client, body, signed(body)) == 200
    run_jobs()
    assert StripeEvent.objects.get().outcome.startswith("not ours")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_copies_at_once_are_stored_once():
    copy = json.loads(event())
    answers = together(50, lambda _index: inbox.receive(copy, now=timezone.now()))
    assert sorted(answers, key=str) == [False] * 49 + [True]
    assert StripeEvent.objects.count() == 1
    assert work.run_due() == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"externalId": 5}', b"{" * 3000])
def test_momos_callback_is_only_a_hint_and_nonsense_is_refused(client, body):
    assert client.post(reverse("momo_webhook"), body, content_type="application/json").status_code == 400


def test_momos_callback_about_nothing_of_ours_is_answered(client):
    body = json.dumps({"externalId": "00000000-0000-4000-8000-000000000000", "status": "SUCCESSFUL"})
    assert client.put(reverse("momo_webhook"), body, content_type="application/json").status_code == 200
