"""The service as a whole: its pages, its memory, its manners towards strangers, its webhooks over the wire."""

import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
import stripe

from sandbox.__main__ import local_address
from sandbox.rates import rates_on
from sandbox.testing import Sandbox

from .conftest import call
from .test_stripe import open_session
from .test_track17 import NUMBER, ask

FORM = "application/x-www-form-urlencoded"


def post(box: Sandbox, path: str, form: str, **headers: str) -> tuple[int, bytes]:
    return call(box, "POST", path, form, {"Content-Type": FORM, **headers})


def test_it_says_that_it_is_well(box: Sandbox) -> None:
    assert call(box, "GET", "/healthz") == (200, {"status": "ok"})
    assert call(box, "GET", "/nowhere")[0] == 404
    assert call(box, "DELETE", "/healthz")[0] == 501
    assert call(box, "GET", "/healthz", None, {"Host": "evil.example"})[0] == 421


def test_every_page_opens(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client, client_reference_id="<script>alert(1)</script>")
    box.pay(session.id, "card")
    open_session(client)
    ask(box, "register", {"number": NUMBER})
    box.next_event(NUMBER)
    for path in ("/", "/payments", "/parcels", "/payouts", "/inbox", "/journal?refresh=5", f"/stripe/pay/{session.id}"):
        status, body = call(box, "GET", path)
        assert status == 200, path
        assert b"<script>" not in body


def test_buttons_work_only_from_our_own_page(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER})
    at = f"/control/parcel/{NUMBER}"
    assert post(box, at, "deed=next")[0] == 403
    assert post(box, at, "deed=next", Origin="http://evil.example")[0] == 403
    assert post(box, at, "deed=next", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert box.parcel(NUMBER)["events"] == []
    assert post(box, at, "deed=next", Origin=box.url)[0] == 303
    assert len(box.parcel(NUMBER)["events"]) == 1
    assert post(box, "/control/parcel/none", "deed=next", Origin=box.url)[0] == 409


def test_a_buyer_pays_on_the_hosted_page(box: Sandbox, client: stripe.StripeClient) -> None:
    session = open_session(client)
    at = f"/stripe/pay/{session.id}"
    declined = post(box, at, f"method=card&deed=pay&card={quote('4000 0000 0000 0002')}", Origin=box.url)
    assert declined[0] == 402
    assert "支付被拒绝" in declined[1].decode()
    assert post(box, at, "method=alipay&deed=pay", Origin=box.url)[0] == 303
    assert box.session(session.id)["payment_status"] == "paid"
    assert "已付款" in call(box, "GET", at)[1].decode()
    assert post(box, at, "method=alipay&deed=pay", Origin=box.url)[0] == 409
    assert len(box.journal()) == 4


def test_nothing_is_forgotten_over_a_restart(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path) as box:
        client = stripe.StripeClient(box.keys.stripe, base_addresses={"api": f"{box.url}/stripe"})
        session = open_session(client, key="k").id
        box.pay(session)
        ask(box, "register", {"number": NUMBER})
    with Sandbox(state=tmp_path) as box:
        client = stripe.StripeClient(box.keys.stripe, base_addresses={"api": f"{box.url}/stripe"})
        assert client.v1.checkout.sessions.retrieve(session).payment_status == "paid"
        assert open_session(client, key="k").id == session
        assert len(box.waiting()) == 3, "webhooks that were owed are still owed"
        assert box.parcel(NUMBER)["passed"] == -1


def test_webhooks_are_brought_over_http_until_they_are_taken() -> None:
    came: list[str] = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], "whsec_isoko_test")
            came.append(self.path)
            self.send_response(503 if len(came) == 1 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    shop = HTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    with Sandbox(f"http://127.0.0.1:{shop.server_address[1]}") as box:
        client = stripe.StripeClient(box.keys.stripe, base_addresses={"api": f"{box.url}/stripe"})
        box.expire(open_session(client).id)
        over = time.monotonic() + 5
        while box.journal()[0]["status"] != "delivered" and time.monotonic() < over:
            time.sleep(0.05)
        assert [each["answer"] for each in box.journal()[0]["tries"]] == [503, 200]
    shop.shutdown()
    shop.server_close()
    assert came == ["/webhooks/stripe/"] * 2


def test_nothing_may_leave_the_machine() -> None:
    assert local_address("http://127.0.0.1:8000")
    with pytest.raises(Exception, match="must begin with"):
        local_address("http://shop.example")


def test_a_day_has_its_rates(box: Sandbox) -> None:
    status, body = call(box, "GET", "/bnr/rates?date=2026-02-03")
    assert (status, body["average"]["CNY"], body["average"]["USD"]) == (200, "209.262105", "1455.500000")
    assert float(body["buying"]["CNY"]) < float(body["average"]["CNY"]) < float(body["selling"]["CNY"])
    assert rates_on(date(2026, 2, 8)) == rates_on(date(2026, 2, 6)), "a Sunday has Friday's rates"
    assert call(box, "GET", "/bnr/rates?date=tomorrow")[0] == 400
    assert call(box, "GET", "/bnr/rates?date=2999-01-01")[0] == 404


def test_time_alone_settles_what_is_pending() -> None:
    with Sandbox(delay=0.1) as box:
        client = stripe.StripeClient(box.keys.stripe, base_addresses={"api": f"{box.url}/stripe"})
        session = box.pay(open_session(client).id, "alipay")
        refund = client.v1.refunds.create(params={"payment_intent": session["payment_intent"]})
        over = time.monotonic() + 5
        while client.v1.refunds.retrieve(refund.id).status == "pending" and time.monotonic() < over:
            time.sleep(0.05)
        assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
