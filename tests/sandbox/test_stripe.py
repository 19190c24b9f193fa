"""Stripe's own library cannot tell the sandbox from Stripe, in all that the marketplace asks of it."""

import json
import time
from typing import Any

import pytest
import stripe

from sandbox.testing import Sandbox


def open_session(client: stripe.StripeClient, key: str = "", **more: Any) -> stripe.checkout.Session:
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [
            {
                "price_data": {"currency": "cny", "unit_amount": 12850, "product_data": {"name": "手工篮子"}},
                "quantity": 2,
            }
        ],
        "payment_method_types": ["alipay", "wechat_pay", "card"],
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "client_reference_id": "order-1",
        "metadata": {"payment": "p1"},
        "payment_intent_data": {"metadata": {"order": "1"}},
        "success_url": "http://shop.example/back/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.example/cart/",
        "locale": "zh",
        **more,
    }
    return client.v1.checkout.sessions.create(params=params, options={"idempotency_key": key} if key else {})


def events(box: Sandbox) -> list[stripe.Event]:
    taken: list[stripe.Event] = []

    def take(path: str, body: bytes, headers: dict[str, str]) -> int:
        assert path == "/webhooks/stripe/"
        taken.append(stripe.Webhook.construct_event(body, headers["Stripe-Signature"], box.keys.stripe_webhook))
        return 200

    box.hand_over(take)
    return taken


def test_a_wallet_payment_is_told_in_signed_events(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client)
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 25700)
    assert session.payment_intent is None
    box.pay(session.id, "alipay")
    told = {event.type: event for event in events(box)}
    assert set(told) == {"charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}
    completed = told["checkout.session.completed"].data.object
    assert (completed["payment_status"], completed["client_reference_id"]) == ("paid", "order-1")
    intent = client.v1.payment_intents.retrieve(
        completed["payment_intent"], params={"expand": ["latest_charge.balance_transaction"]}
    )
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 25700, "1")
    charge = intent.latest_charge
    assert charge.payment_method_details.type == "alipay"
    assert charge.balance_transaction.net == 25700 - charge.balance_transaction.fee


def test_a_wrong_secret_does_not_verify(box: Sandbox, client: stripe.StripeClient) -> None:
    box.pay(open_session(client).id)
    _, body, headers = box.waiting()[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")


def test_the_same_key_gives_the_same_session(client: stripe.StripeClient) -> None:
    first = open_session(client, key="k1")
    again = open_session(client, key="k1")
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        open_session(client, key="k1", client_reference_id="order-2")


def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice(box: Sandbox, client: stripe.StripeClient) -> None:
    box.break_next_call("stripe", "lose")
    session = open_session(client, key="k2")
    assert [one.id for one in client.v1.checkout.sessions.list().data] == [session.id]


def test_a_declined_card_leaves_the_session_open(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client)
    box.pay(session.id, "card", card="4000000000000002")
    assert [event.type for event in events(box)] == ["payment_intent.payment_failed"]
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    box.pay(session.id, "card")
    paid = client.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent"]})
    assert (paid.status, paid.payment_intent.status) == ("complete", "succeeded")


def test_money_that_never_arrives_fails_late(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client)
    box.pay_later(session.id, "wechat_pay")
    box.arrive(session.id, paid=False)
    types = [event.type for event in events(box)]
    assert types[-2:] == ["payment_intent.payment_failed", "checkout.session.async_payment_failed"]
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"


def test_no_more_is_refunded_than_was_paid(box: Sandbox, client: stripe.StripeClient) -> None:
    session = box.pay(open_session(client).id, "alipay")
    intent = session["payment_intent"]
    part = client.v1.refunds.create(
        params={"payment_intent": intent, "amount": 5700}, options={"idempotency_key": "r1"}
    )
    assert part.status == "pending"
    again = client.v1.refunds.create(
        params={"payment_intent": intent, "amount": 5700}, options={"idempotency_key": "r1"}
    )
    assert again.id == part.id
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 20001})
    box.settle_refund(part.id)
    assert client.v1.refunds.retrieve(part.id).status == "succeeded"
    client.v1.refunds.create(params={"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 1})
    assert refusal.value.code == "charge_already_refunded"
    types = [event.type for event in events(box)]
    assert types.count("charge.refunded") == 2
    assert "refund.updated" in types


def test_a_failed_refund_gives_the_money_back_to_the_balance(box: Sandbox, client: stripe.StripeClient) -> None:
    session = box.pay(open_session(client).id, "wechat_pay")
    before = client.v1.balance.retrieve().pending[0].amount
    refund = client.v1.refunds.create(params={"payment_intent": session["payment_intent"]})
    box.settle_refund(refund.id, "failed")
    assert client.v1.balance.retrieve().pending[0].amount == before
    assert client.v1.charges.retrieve(str(refund.charge)).amount_refunded == 0


def test_an_expired_session_cannot_be_paid(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client)
    client.v1.checkout.sessions.expire(session.id)
    assert [event.type for event in events(box)] == ["checkout.session.expired"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)
    with pytest.raises(Exception, match="closed"):
        box.pay(session.id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "subscription"},
        {"line_items": []},
        {"locale": "rw"},
        {"payment_method_options": {}},
        {"expires_at": 1},
        {"success_url": "nowhere"},
        {"colour": "green"},
        {"metadata": {"x": "y" * 501}},
        {"line_items": [{"price_data": {"currency": "rwf", "unit_amount": 1, "product_data": {"name": "x"}}}]},
        {"line_items": [{"price_data": {"currency": "cny", "unit_amount": "1.5", "product_data": {"name": "x"}}}]},
    ],
)
def test_what_stripe_would_not_take_is_refused(client: stripe.StripeClient, wrong: dict[str, Any]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(client, key="v", **wrong)
    assert refusal.value.http_status == 400
    assert refusal.value.request_id
    assert open_session(client, key="v").status == "open", "a key is not spent on what failed validation"


def test_a_wrong_key_and_a_wrong_name_are_told_apart(box: Sandbox, client: stripe.StripeClient) -> None:
    stranger = stripe.StripeClient("sk_test_other", base_addresses={"api": f"{box.url}/stripe"})
    with pytest.raises(stripe.AuthenticationError):
        open_session(stranger)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.retrieve("cs_test_none")
    assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")


def test_undelivered_events_can_be_listed(box: Sandbox, client: stripe.StripeClient) -> None:
    box.pay(open_session(client).id)
    listed = client.v1.events.list(params={"delivery_success": False, "types": ["checkout.session.completed"]})
    assert [event.pending_webhooks for event in listed.data] == [1]
    events(box)
    assert client.v1.events.list(params={"delivery_success": False}).data == []
    assert client.v1.events.retrieve(listed.data[0].id).type == "checkout.session.completed"


def test_lists_turn_their_pages(client: stripe.StripeClient) -> None:
    made = [open_session(client).id for _ in range(5)]
    page = client.v1.checkout.sessions.list(params={"limit": 2})
    assert [one.id for one in page.auto_paging_iter()] == made[::-1]


def test_a_webhook_comes_again_and_out_of_order(box: Sandbox, client: stripe.StripeClient) -> None:
    session = box.pay(open_session(client).id, "card")
    first = [event.id for event in events(box)]
    box.repeat_webhook(session["id"], times=3)
    assert [event.id for event in events(box)] == [first[-1]] * 3
    box.out_of_order(session["id"])
    assert [event.id for event in events(box)] == first[::-1]


def test_a_refused_webhook_is_tried_again_later(box: Sandbox, client: stripe.StripeClient) -> None:
    box.expire(open_session(client).id)
    box.hand_over(lambda path, body, headers: 500)
    record = box.journal()[0]
    assert (record["status"], record["tries"][0]["answer"]) == ("retrying", 500)
    time.sleep(1.05)
    assert [event.type for event in events(box)] == ["checkout.session.expired"]
    assert box.journal()[0]["status"] == "delivered"


def test_a_card_payment_can_be_disputed_and_a_wallet_cannot(box: Sandbox, client: stripe.StripeClient) -> None:
    session = box.pay(open_session(client).id, "card")
    events(box)
    dispute = box.dispute(session["id"])
    assert client.v1.disputes.retrieve(dispute["id"]).status == "needs_response"
    with pytest.raises(stripe.InvalidRequestError, match="disputed"):
        client.v1.refunds.create(params={"payment_intent": session["payment_intent"]})
    box.close_dispute(dispute["id"], "won")
    assert events(box)[-1].data.object["status"] == "won"
    with pytest.raises(Exception, match="card"):
        box.dispute(box.pay(open_session(client).id, "alipay")["id"])


def test_an_event_body_is_plain_json_of_the_pinned_version(box: Sandbox, client: stripe.StripeClient) -> None:
    box.expire(open_session(client).id)
    body = json.loads(box.waiting()[0][1])
    assert body["api_version"] == stripe.api_version
    assert "about" not in body
