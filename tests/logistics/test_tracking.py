"""Following parcels: signatures, notices in any order and number, and what orders hear of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Message
from kernel import work
from logistics import inbox, parcels, scans, states, timeline, track17, tracking, wording
from logistics.models import CustomsHold, Parcel, TrackingEvent, TrackingNotice
from logistics.states import Sighting
from orders.models import Consignment
from tests import cast
from tests.races import together

from . import road

S = Parcel.Status
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "17track_signature.json").read_text(encoding="utf-8"))


@pytest.fixture
def sent(accepted, asked):
    """A parcel that the post has, followed by 17TRACK."""
    parcel = road.handed_over(accepted)
    work.run_due()
    parcel.refresh_from_db()
    return parcel


def record(parcel, events, now=None):
    told = scans.of_track17(road.info(events), origin="RW", destination="CN")
    moved = tracking.record(parcel, told, now=now or road.NOW + timedelta(days=10))
    parcel.refresh_from_db()
    return moved


def post(client, body, sign):
    return client.post("/webhooks/17track/", body, content_type="application/json", headers={"sign": sign})


# The signature --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["vectors"])
def test_signatures_are_those_of_17track(vector, settings):
    settings.TRACK17_KEY = vector["api_key"]
    body = vector["raw_body"].encode()
    assert track17.signature(body, key=vector["api_key"]) == vector["sign"]
    assert track17.signed_by_us(body, vector["sign"])
    assert not track17.signed_by_us(body + b" ", vector["sign"])
    assert not track17.signed_by_us(body, vector["sign"].upper())
    assert not track17.signed_by_us(body, "")
    assert not track17.signed_by_us(body, "é" * 64)


def test_without_a_key_nothing_is_signed(settings):
    settings.TRACK17_KEY = ""
    assert not track17.signed_by_us(b"{}", track17.signature(b"{}", key=""))


@pytest.mark.parametrize("sign", ["", "0" * 64, "not hex at all"])
def test_a_forged_notice_is_refused_and_not_kept(client, sent, sign):
    body, _right = road.notice(sent, road.way())
    assert post(client, body, sign).status_code == 401
    assert not TrackingNotice.objects.exists()


def test_an_altered_notice_is_refused(client, sent):
    body, sign = road.notice(sent, road.way(3))
    altered = json.dumps(json.loads(body), indent=1).encode()
    assert post(client, altered, sign).status_code == 401
    assert post(client, body.replace(b"PickedUp", b"PickedXp"), sign).status_code == 401


def test_only_small_posts_are_listened_to(client, sent):
    body = b" " * (256 * 1024 + 1)
    assert post(client, body, track17.signature(body, key=settings.TRACK17_KEY)).status_code == 413
    assert client.get("/webhooks/17track/").status_code == 405


# Notices --------------------------------------------------------------------------------------------------------------


def test_a_notice_is_kept_then_handled_once(client, sent, run_jobs):
    body, sign = road.notice(sent, road.way(1))
    assert post(client, body, sign).status_code == 200
    assert post(client, body, sign).status_code == 200
    notice = TrackingNotice.objects.get()
    assert notice.body == body.decode()
    run_jobs()
    notice.refresh_from_db()
    assert notice.outcome == "moved"
    sent.refresh_from_db()
    assert sent.status == S.ACCEPTED
    assert post(client, body, sign).status_code == 200
    run_jobs()
    assert TrackingEvent.objects.count() == 1
    assert sent.steps.count() == 1


@pytest.mark.parametrize(
    "body,outcome",
    [
        (b"{}", "unreadable"),
        (b"[]", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"[" * 5000, "unreadable"),
        (b'{"event":"TRACKING_UPDATED","data":{"number":"EE123456785RW","track_info":{}}}', "unknown number"),
        (b'{"event":"TRACKING_UPDATED","data":null}', "unreadable"),
    ],
)
def test_a_signed_notice_that_makes_no_sense_is_done_with(client, db, run_jobs, body, outcome):
    assert post(client, body, track17.signature(body, key=settings.TRACK17_KEY)).status_code == 200
    run_jobs()
    assert TrackingNotice.objects.get().outcome == outcome


def test_a_stopped_notice_moves_nothing(client, sent, run_jobs):
    body = json.dumps({"event": "TRACKING_STOPPED", "data": {"number": sent.waybill, "carrier": 18041, "tag": None}})
    assert post(client, body.encode(), track17.signature(body.encode(), key=settings.TRACK17_KEY)).status_code == 200
    run_jobs()
    assert TrackingNotice.objects.get().outcome == "nothing to do"


@pytest.mark.parametrize(
    "info",
    [
        {"tracking": {"providers": None}},
        {"tracking": []},
        {"latest_event": "x"},
        {"tracking": {"providers": [{"events": [{}]}]}},
    ],
)
def test_odd_track_infos_hold_no_events(info):
    assert scans.of_track17(info, origin="RW", destination="CN") == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_notice_in_eight_threads_moves_the_parcel_once(buyer, shop, asked):
    parcel = road.handed_over(road.accepted(buyer, [(cast.basket(shop), 1)]))
    work.run_due()
    body, _sign = road.notice(parcel, road.way())
    digest = inbox.receive(body).digest
    answers = together(8, lambda _n: inbox.handle(digest=digest))
    assert answers == [None] * 8
    parcel.refresh_from_db()
    assert parcel.status == S.DELIVERED
    assert parcel.events.count() == len(road.ROAD)
    assert [step.now for step in parcel.steps] == [S.DELIVERED]
    assert parcel.consignment.steps.filter(now="delivered").count() == 1


# States ---------------------------------------------------------------------------------------------------------------


def test_an_ordinary_way_ends_at_the_door_and_the_order_hears_of_it(sent):
    for n, expected in enumerate(
        [
            S.ACCEPTED,
            S.EXPORT_CUSTOMS,
            S.EXPORT_CUSTOMS,
            S.DEPARTED_ORIGIN,
            S.IN_TRANSIT,
            S.ARRIVED_DESTINATION,
            S.IMPORT_CUSTOMS,
            S.RELEASED,
            S.OUT_FOR_DELIVERY,
            S.DELIVERED,
        ],
        start=1,
    ):
        record(sent, road.way(n))
        assert sent.status == expected
    consignment = Consignment.objects.get()
    assert consignment.status == Consignment.Status.DELIVERED
    assert consignment.delivered_at == road.NOW + timedelta(days=10)
    kinds = set(Message.objects.filter(user=consignment.order.buyer).values_list("kind", flat=True))
    assert {"parcel_arrived", "parcel_out_for_delivery"} <= kinds


def test_the_published_sample_is_read_by_place_and_time(sent):
    raw = next(v["raw_body"] for v in VECTORS["vectors"] if "TRACKING_UPDATED" in v["raw_body"])
    told = scans.of_track17(json.loads(raw)["data"]["track_info"], origin="RW", destination="CN")
    assert [(scan.state, scan.country) for scan in told] == [
        ("accepted", "RW"),
        ("departed_origin", "RW"),
        ("arrived_destination", "CN"),
        ("import_customs", "CN"),
    ]


def test_customs_before_departure_is_export_even_without_addresses():
    events = [{**event, "address": None, "location": ""} for event in road.way()]
    events[5]["stage"] = "Arrival"
    told = scans.of_track17(road.info(events), origin="RW", destination="CN")
    assert [scan.state for scan in told] == [
        "accepted",
        "export_customs",
        "export_customs",
        "departed_origin",
        "in_transit",
        "arrived_destination",
        "import_customs",
        "released",
        "out_for_delivery",
        "delivered",
    ]


def test_a_late_event_is_stored_and_takes_nothing_back(sent):
    record(sent, [road.event("OutForDelivery_Other", 160, country="CN")])
    assert not record(sent, [road.event("InTransit_Departure", 60, country="RW")])
    assert sent.status == S.OUT_FOR_DELIVERY
    assert sent.events.count() == 2


def test_a_failed_delivery_may_be_tried_again(sent):
    record(sent, [*road.way(9), road.event("DeliveryFailure_NoBody", 162, country="CN")])
    assert sent.status == S.DELIVERY_FAILED
    record(sent, [road.event("OutForDelivery_Other", 180, country="CN")])
    assert sent.status == S.OUT_FOR_DELIVERY
    record(sent, [road.event("Delivered_Other", 182, country="CN")])
    assert sent.status == S.DELIVERED


def test_lost_is_no_end_when_something_newer_is_seen(sent):
    record(sent, [*road.way(4), road.event("Exception_Lost", 90, country="ET")])
    assert (sent.status, sent.attention) == (S.LOST, Parcel.Attention.LOST)
    record(sent, [road.event("InTransit_Arrival", 300, country="CN")])
    assert sent.status == S.ARRIVED_DESTINATION


def test_what_is_told_after_the_end_stands_for_staff_and_changes_nothing(sent):
    record(sent, road.way())
    assert not record(sent, [road.event("Exception_Returned", 400, country="RW")])
    assert (sent.status, sent.attention) == (S.DELIVERED, Parcel.Attention.AFTER_THE_END)
    assert Consignment.objects.get().status == Consignment.Status.DELIVERED


def test_a_parcel_told_of_before_it_was_handed_over_waits_for_its_shop(accepted, run_jobs, asked):
    parcel = road.packed(accepted)
    run_jobs()
    record(parcel, road.way())
    assert (parcel.status, parcel.attention) == (S.LABEL_CREATED, Parcel.Attention.NOT_HANDED_OVER)
    assert Consignment.objects.get().status == Consignment.Status.PACKED

    parcels.hand_over(accepted, actor=road.SELLER, now=road.NOW)
    run_jobs()
    parcel.refresh_from_db()
    assert parcel.status == S.DELIVERED


def test_a_parcel_that_comes_back_is_returned_and_the_order_falls(sent):
    record(sent, [*road.way(7), road.event("Exception_Returning", 150, country="CN")])
    assert (sent.status, sent.attention) == (S.IMPORT_CUSTOMS, Parcel.Attention.RETURNING)
    record(sent, [road.event("Exception_Returned", 400, country="RW")])
    assert sent.status == S.RETURNED
    assert Consignment.objects.get().status == Consignment.Status.RETURNED


def test_an_order_of_two_parcels_is_delivered_with_the_second(buyer, shop, asked, run_jobs):
    consignment = road.accepted(buyer, [(cast.basket(shop, stock=40), 12)])
    road.handed_over(consignment)
    run_jobs()
    first, *rest = consignment.parcels.order_by("pk")
    assert rest
    record(first, road.way())
    consignment.refresh_from_db()
    assert consignment.status == Consignment.Status.HANDED_OVER
    for parcel in rest:
        record(parcel, road.way())
    consignment.refresh_from_db()
    assert consignment.status == Consignment.Status.DELIVERED


def test_parcels_of_one_order_that_end_differently_are_for_staff(buyer, shop, asked, run_jobs):
    consignment = road.accepted(buyer, [(cast.basket(shop, stock=40), 12)])
    road.handed_over(consignment)
    run_jobs()
    *others, last = consignment.parcels.order_by("pk")
    for parcel in others:
        record(parcel, road.way())
    record(last, [road.event("Exception_Returned", 400, country="RW")])
    assert last.attention == Parcel.Attention.MIXED_ENDS
    consignment.refresh_from_db()
    assert consignment.status == Consignment.Status.HANDED_OVER


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_last_parcels_at_once_deliver_the_order_once(buyer, shop, asked):
    consignment = road.accepted(buyer, [(cast.basket(shop, stock=40), 12)])
    road.handed_over(consignment)
    work.run_due()
    both = list(consignment.parcels.order_by("pk"))
    told = scans.of_track17(road.info(road.way()), origin="RW", destination="CN")
    answers = together(len(both), lambda n: tracking.record(both[n], told, now=road.NOW + timedelta(days=9)))
    assert answers == [True] * len(both)
    assert consignment.steps.filter(now="delivered").count() == 1


def test_the_database_keeps_every_event_as_it_came(sent):
    record(sent, road.way(2))
    for change in (lambda rows: rows.update(status="delivered"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(TrackingEvent.objects.filter(parcel=sent))


MOMENTS = st.integers(0, 40).map(lambda hours: road.NOW + timedelta(hours=hours))
LIVING = st.sampled_from([*states.PHASE, states.SOFT])
SEEN = st.lists(st.builds(Sighting, LIVING, MOMENTS), max_size=12)


@given(SEEN, st.sampled_from([None, *states.TERMINAL]), MOMENTS, st.randoms())
def test_any_order_and_any_number_of_repeats_end_in_the_same_state(seen, end, at, chance):
    events = [*seen, *([Sighting(end, at)] if end else [])]
    shuffled = [*events, *chance.choices(events, k=len(events))] if events else []
    chance.shuffle(shuffled)
    assert states.derive(shuffled) == states.derive(events)


@given(SEEN, st.sampled_from([None, *states.TERMINAL]), MOMENTS, st.randoms())
def test_every_step_on_the_way_is_a_legal_move_and_never_back(seen, end, at, chance):
    events = [*seen, *([Sighting(end, at)] if end else [])]
    chance.shuffle(events)
    now, furthest = states.INITIAL, 0
    for n in range(1, len(events) + 1):
        to = states.derive(events[:n])
        if now in states.TERMINAL:
            break
        assert to == now or to in states.MOVES[now]
        if to in states.PHASE:
            assert states.PHASE[to] >= furthest
            furthest = states.PHASE[to]
        now = to


def test_every_state_and_every_word_of_17track_is_known():
    assert set(states.MOVES) == set(S.values)
    for moves in states.MOVES.values():
        assert moves <= set(S.values)
    for meaning in scans.TRACK17["statuses"].values():
        for key in ("state", "at_origin", "at_destination", "elsewhere"):
            assert meaning.get(key, "") in {"", *S.values}
        assert meaning.get("attention", "") in {"", *Parcel.Attention.values}


# 17TRACK's API --------------------------------------------------------------------------------------------------------


def answering(monkeypatch, status=200, body=None, error=None):
    def post(url, **_sent):
        if error:
            raise error
        return httpx.Response(status, json=body)

    monkeypatch.setattr(track17.httpx, "post", post)


NUMBER = track17.Number("EE123456785RW", 18041, "tag", "2026-07-01")


def rejected(code):
    return {"code": 0, "data": {"accepted": [], "rejected": [{"number": "x", "error": {"code": code, "message": "m"}}]}}


def test_a_number_that_is_registered_already_is_fine(monkeypatch):
    answering(monkeypatch, body=rejected(-18019901))
    track17.register(NUMBER)


@pytest.mark.parametrize(
    "status,body,error,expected",
    [
        (200, rejected(-18010003), None, track17.Unavailable),
        (200, {"code": -18010003, "data": {}}, None, track17.Unavailable),
        (429, None, None, track17.Unavailable),
        (502, None, None, track17.Unavailable),
        (200, {"hello": 1}, None, track17.Unavailable),
        (200, None, httpx.ConnectTimeout("slow"), track17.Unavailable),
        (200, rejected(-18019903), None, track17.Rejected),
        (401, {"code": -18010002, "data": {"errors": []}}, None, track17.Rejected),
    ],
)
def test_troubles_are_told_apart_into_those_that_heal_and_those_that_do_not(monkeypatch, status, body, error, expected):
    answering(monkeypatch, status, body, error)
    with pytest.raises(expected):
        track17.register(NUMBER)


def test_a_number_that_17track_refuses_is_shown_to_staff_and_not_asked_again(accepted, run_jobs, monkeypatch):
    answering(monkeypatch, body=rejected(-18019903))
    parcel = road.handed_over(accepted)
    run_jobs()
    parcel.refresh_from_db()
    assert (parcel.registered_at, parcel.attention) == (None, Parcel.Attention.NOT_FOLLOWED)
    assert tracking.look_after(now=datetime.now(UTC)) is None


def test_quiet_parcels_are_asked_for_and_heard_ones_are_not(sent, monkeypatch):
    asked = []

    def post(url, *, json, headers, timeout):
        asked.append(json)
        found = [{"number": sent.waybill, "track_info": road.info(road.way(6))}]
        return httpx.Response(200, json={"code": 0, "data": {"accepted": found, "rejected": []}})

    monkeypatch.setattr(track17.httpx, "post", post)
    now = datetime.now(UTC)
    assert tracking.poll_due(now=now + timedelta(hours=11)) == 0
    assert tracking.poll_due(now=now + timedelta(hours=13)) == 1
    assert tracking.poll_due(now=now + timedelta(hours=14)) == 0
    assert len(asked) == 1
    sent.refresh_from_db()
    assert sent.status == S.ARRIVED_DESTINATION


def test_a_dead_17track_stops_nothing(sent, monkeypatch):
    answering(monkeypatch, error=httpx.ConnectError("dead"))
    assert tracking.poll_due(now=datetime.now(UTC) + timedelta(hours=13)) == 0


def test_seven_days_of_silence_are_shown_to_staff_and_to_the_buyer(sent):
    record(sent, road.way(4), now=datetime.now(UTC))
    later = road.NOW + timedelta(hours=60, days=7, minutes=1)
    tracking.look_after(now=later)
    sent.refresh_from_db()
    assert sent.attention == Parcel.Attention.NO_NEWS
    nodes = timeline.of(sent.consignment, now=later)
    assert nodes[0].at is None
    assert timeline.of(sent.consignment, now=later - timedelta(days=1))[0].at is not None


# The timeline ---------------------------------------------------------------------------------------------------------


def test_the_timeline_runs_newest_first_on_two_clocks(sent):
    record(sent, road.way())
    nodes = timeline.of(sent.consignment, "zh-hans")
    assert [node.at for node in nodes] == sorted((node.at for node in nodes), reverse=True)
    assert len(nodes) == len(road.ROAD) + 4
    posted = next(node for node in nodes if node.text == "InTransit_PickedUp")
    # 11:00 UTC is 13:00 in Kigali and 19:00 in Beijing.
    assert "2026-11-23 13:00" in posted.when
    assert "19:00" in posted.when
    assert nodes[0].when == "2026-11-30 12:00"


def test_the_shop_reads_the_same_way_on_its_own_clock(sent):
    record(sent, road.way())
    nodes = timeline.of(sent.consignment, "rw", zone=timeline.KIGALI)
    assert "2026-11-30 12:00" in nodes[0].when
    assert "06:00" in nodes[0].when
    assert next(node for node in nodes if node.text == "InTransit_PickedUp").when == "2026-11-23 13:00"


def test_a_word_we_do_not_know_stands_as_it_came_under_the_stage_before(sent):
    record(sent, [*road.way(4), road.event("InTransit_Sideways", 65, says="Fell off a camel")])
    node = timeline.of(sent.consignment)[0]
    assert node.text == "Fell off a camel"
    assert node.title == str(timeline.STAGES["departed_origin"])


def test_the_words_of_posts_are_said_in_the_readers_language(sent):
    record(sent, [road.event("InTransit_PickedUp", 3, country="RW", says="Posting/Collection")])
    with translation.override("zh-hans"):
        assert timeline.of(sent.consignment)[0].text == "已收寄"
    assert timeline.of(sent.consignment, "en")[0].text == "Posted"
    with translation.override("fr"):
        assert wording.spoken("Unsuccessful delivery: nobody home") == "N’a pas pu être livré (nobody home)"


def test_the_head_of_the_timeline_says_when_it_should_arrive(sent):
    head = timeline.summary(sent.consignment)
    assert head.waybills == [sent.waybill]
    assert head.eta
    record(sent, road.way())
    assert timeline.summary(Consignment.objects.get()).eta == ""


def test_a_hold_that_is_over_by_the_time_we_hear_of_it_asks_nobody(sent):
    record(
        sent, [*road.way(7), road.event("InTransit_CustomsRequiringInformation", 135, country="CN"), *road.way(8)[7:]]
    )
    assert sent.status == S.RELEASED
    assert not CustomsHold.objects.exists()
