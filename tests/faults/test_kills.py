"""Whoever is killed, whenever: no order is lost, none is paid twice, and everything promised is done, once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from marketplace.local import places

from . import rig as rigs
from .rig import Browser, Rig

pytestmark = [pytest.mark.running, pytest.mark.django_db, pytest.mark.xdist_group("faults")]

CROWD = 4
SEED = 20261122
PAPERS = """
    SELECT {} FROM logistics_exportdocument d JOIN logistics_parcel p ON p.id = d.parcel_id
    WHERE p.consignment_id = %s
"""


@pytest.fixture
def _django_db_helper() -> None:
    """The programs have a database of their own; here it is only copied."""


@pytest.fixture(scope="module")
def rig(django_db_setup, django_db_blocker) -> Iterator[Rig]:
    with django_db_blocker.unblock(), places.scratch() as scratch:
        template = str(connection.settings_dict["NAME"])
        connection.close()  # a database that somebody is in cannot be copied
        with rigs.standing(scratch, template=template, buyers=CROWD + 3) as stands:
            yield stands


def buyer(rig: Rig, number: int) -> Browser:
    """One of the buyers, signed in."""
    browser = Browser(rig, rig.cast["buyers"][number])
    browser.sign_in()
    return browser


def filled(rig: Rig, browser: Browser) -> dict[str, str]:
    """Both goods in the cart, and the checkout filled in."""
    for variant in rig.cast["variants"]:
        browser.post(f"/cart/add/{variant}/", {"quantity": "1"})
    return browser.checkout_form()


def bought(rig: Rig, browser: Browser) -> str:
    """Somebody buys, trying again as long as it takes; gives the address of the payment page."""
    answer = browser.post("/checkout/", filled(rig, browser))
    assert answer.status_code == 302, answer.text[:3000]
    where = answer.headers["Location"]
    if urlsplit(where).path.startswith("/orders/"):  # the payment page could not be had; the order page offers it
        answer = browser.fill(where, urlsplit(where).path + "pay/", {})
        where = answer.headers["Location"]
    browser.pay(where)
    return where


def all_holds(rig: Rig) -> None:
    """Every invariant, no parked job, and each paid order told to each shop."""
    said = rig.invariants()
    assert said.returncode == 0, said.stderr
    assert rig.ask("SELECT task, last_error FROM kernel_job WHERE state = 'parked'") == []


def test_programs_killed_at_random_lose_and_repeat_nothing(rig):
    chance = random.Random(SEED)
    victims = chance.sample(["web", "worker", "relay"] * 2, 6)
    over = threading.Event()

    def buying(number: int) -> list[str]:
        browser, pages = buyer(rig, number), []
        while not over.is_set():
            pages.append(bought(rig, browser))
        return pages

    with ThreadPoolExecutor(CROWD) as crowd:
        journeys = [crowd.submit(buying, rig_number) for rig_number in range(CROWD)]
        for victim in victims:
            pause = time.monotonic() + chance.uniform(1, 3)
            rig.until(lambda pause=pause: time.monotonic() > pause)
            rig.kill(victim)
        over.set()
        rig.until(lambda: all(journey.done() for journey in journeys), patience=60)
        pages = [page for journey in journeys for page in journey.result()]
    rig.up()
    rig.until(lambda: rig.one("SELECT count(*) FROM orders_order WHERE paid_at IS NOT NULL") == len(pages))
    rig.quiet()
    all_holds(rig)
    assert len(set(pages)) == len(pages) >= CROWD
    assert rig.one("SELECT count(*) FROM orders_order") == len(pages), "one order for each checkout, however often sent"
    assert rig.one("SELECT count(*) FROM payments_paymentfact WHERE kind = 'captured'") == len(pages)
    told = "SELECT count(*) FROM accounts_message WHERE kind = 'consignment_new' AND channel = 'inbox'"
    assert rig.one(told) == 2 * len(pages)


def test_a_web_server_killed_between_the_order_and_its_payment_page(rig):
    browser = buyer(rig, CROWD)
    form = filled(rig, browser)
    before = rig.one("SELECT count(*) FROM orders_order")
    answers = []
    with rig.frozen("sandbox"):
        pressed = threading.Thread(target=lambda: answers.append(browser.post("/checkout/", form)))
        pressed.start()
        rig.until(lambda: rig.one("SELECT count(*) FROM orders_order") == before + 1, tending=False)
        rig.kill("web")
    rig.up()
    rig.until(lambda: not pressed.is_alive())
    (answer,) = answers
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(rig.environment["SANDBOX_CONTROL_URL"])
    assert rig.one("SELECT count(*) FROM orders_order") == before + 1
    order = rig.one("SELECT max(id) FROM orders_order")
    assert rig.one("SELECT count(*) FROM payments_payment WHERE order_id = %s", order) == 1
    browser.pay(answer.headers["Location"])
    rig.until(lambda: rig.one("SELECT paid_at IS NOT NULL FROM orders_order WHERE id = %s", order))
    rig.quiet()
    all_holds(rig)


def test_a_relay_killed_between_its_mark_and_its_message(rig):
    with rig.away("relay"):
        bought(rig, buyer(rig, CROWD + 1))
        rig.until(lambda: rig.one("SELECT count(*) FROM kernel_job WHERE state = 'waiting'"))
        waiting = [row[0] for row in rig.ask("SELECT id FROM kernel_job WHERE state = 'waiting' AND due_at < now()")]
    with rig.frozen("queues"):
        marked = "SELECT count(*) FROM kernel_job WHERE id = ANY(%s) AND state = 'sent'"
        rig.until(lambda: rig.one(marked, waiting), tending=False)
        rig.kill("relay")
    rig.until(rig.all_up)
    rig.quiet()
    assert rig.one("SELECT count(*) FROM kernel_job WHERE id = ANY(%s) AND state = 'done'", waiting) == len(waiting)
    all_holds(rig)


def test_a_worker_killed_in_the_middle_of_a_paper(rig):
    bought(rig, buyer(rig, CROWD + 2))
    to_accept = "SELECT count(*) FROM orders_consignment WHERE status = 'to_accept' AND order_id = %s"
    order = rig.one("SELECT max(id) FROM orders_order")
    rig.until(lambda: rig.one(to_accept, order))
    seller = Browser(rig, rig.cast["sellers"][0])
    seller.sign_in()
    part = rig.one("SELECT id FROM orders_consignment WHERE order_id = %s ORDER BY seller_id LIMIT 1", order)
    seller.fill(f"/sell/orders/{part}/", f"/sell/orders/{part}/accept/", {})
    boxes = rig.ask("SELECT id, weight_g FROM orders_plannedparcel WHERE consignment_id = %s", part)
    sides = {"length": "32", "width": "22", "height": "18"}
    measures = {f"{box}-{side}": value for box, _grams in boxes for side, value in sides.items()}
    measures |= {f"{box}-weight": str(grams) for box, grams in boxes}
    with rig.away("relay"):
        answer = seller.fill(f"/sell/orders/{part}/", f"/sell/orders/{part}/pack/", measures)
        assert answer.status_code == 302, answer.text[:3000]
    # The paper is drawn and its file stored; the row cannot be written, because we hold it. Here the worker dies.
    with psycopg.connect(rig.database.info.dsn) as holding:
        holding.execute(PAPERS.format("d.id") + " FOR UPDATE OF d", [part])
        blocked = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%%exportdocument%%'"
        )
        rig.until(lambda: rig.one(blocked))
        rig.kill("worker")
        holding.rollback()
    rig.until(rig.all_up)
    rig.quiet()
    issued = PAPERS.format("d.kind, d.number, d.status, d.version") + " ORDER BY d.kind"
    assert [(row[0], *row[2:]) for row in rig.ask(issued, part)] == [
        (kind, "issued", 1) for kind in ("cn23", "commercial_invoice", "packing_list") for _box in boxes
    ]
    job = "SELECT attempts FROM kernel_job WHERE task = 'logistics.paperwork.issue' ORDER BY id DESC LIMIT 1"
    assert rig.one(job) >= 2, "the worker died at its first attempt"
    told = "SELECT count(*) FROM accounts_message WHERE kind = 'papers_ready' AND channel = 'inbox'"
    assert rig.one(told) == 1
    all_holds(rig)
