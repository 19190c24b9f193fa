"""The whole way of a parcel against a stand-in that speaks 17TRACK's protocol over the network."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel import work
from logistics import tracking
from logistics.models import CustomsHold, Parcel, TrackingNotice
from orders.models import Consignment
from sandbox.testing import Sandbox

from . import road


@pytest.fixture
def world(settings):
    """A sandbox of 17TRACK, which the product is pointed at."""
    with Sandbox() as sandbox:
        settings.TRACK17_API_BASE = sandbox.environment()["TRACK17_API_BASE"]
        settings.TRACK17_KEY = sandbox.keys.track17
        yield sandbox


@pytest.fixture
def bring(world, client):
    """Carry every waiting webhook to the product, then let the workers work."""

    def carry() -> None:
        world.hand_over(lambda path, body, headers: _posted(client, path, body, headers))
        work.run_due(datetime.now(UTC) + timedelta(minutes=1))

    return carry


def _posted(client, path: str, body: bytes, headers: dict[str, str]) -> int:
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return client.post(path, body, content_type="application/json", headers=kept).status_code


@pytest.fixture
def sent(world, accepted, run_jobs) -> Parcel:
    """A parcel at the post, registered over the network."""
    parcel = road.handed_over(accepted)
    run_jobs()
    parcel.refresh_from_db()
    assert parcel.registered_at
    return parcel


def test_from_the_counter_in_kigali_to_the_door(world, bring, sent):
    assert world.parcel(sent.waybill)["carrier"] == sent.service.track17_carrier
    world.deliver(sent.waybill)
    bring()
    sent.refresh_from_db()
    assert sent.status == Parcel.Status.DELIVERED
    assert Consignment.objects.get().status == Consignment.Status.DELIVERED
    assert set(TrackingNotice.objects.values_list("outcome", flat=True)) <= {"moved", "noted"}


def test_news_twice_and_backwards_end_in_the_same_place(world, bring, sent):
    world.deliver(sent.waybill)
    bring()
    steps = list(sent.steps.values_list("now", flat=True))
    events = sent.events.count()
    world.out_of_order(sent.waybill)
    world.repeat_webhook(sent.waybill, times=3)
    bring()
    assert list(sent.steps.values_list("now", flat=True)) == steps
    assert sent.events.count() == events
    sent.refresh_from_db()
    assert (sent.status, sent.attention) == (Parcel.Status.DELIVERED, "")


def test_customs_asks_and_lets_go(world, bring, sent):
    world.hold(sent.waybill)
    bring()
    assert CustomsHold.objects.get(parcel=sent).closed_at is None
    world.next_event(sent.waybill)
    bring()
    assert CustomsHold.objects.get(parcel=sent).closed_at


def test_news_that_never_came_is_fetched(world, sent):
    for _stop in range(7):
        world.next_event(sent.waybill)
    assert tracking.poll_due(now=datetime.now(UTC) + timedelta(hours=13)) == 1
    sent.refresh_from_db()
    assert sent.status == Parcel.Status.ARRIVED_DESTINATION


def test_a_registration_whose_answer_was_lost_is_found_done(world, accepted, run_jobs):
    parcel = road.handed_over(accepted)
    world.break_next_call("17track", "lose")
    run_jobs(raise_errors=False)
    run_jobs(now=datetime.now(UTC) + timedelta(minutes=5))
    parcel.refresh_from_db()
    assert parcel.registered_at
    assert world.parcel(parcel.waybill)
