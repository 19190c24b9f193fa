"""Parcels as 17TRACK tells of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.testing import Sandbox
from sandbox.webhooks import track17_sign

from .conftest import call

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "17track_signature.json").read_text())
SAMPLE = json.loads(VECTORS["vectors"][2]["raw_body"])
NUMBER = "EE123456785RW"


def ask(box: Sandbox, verb: str, *numbers: dict[str, Any], key: str = "") -> tuple[int, Any]:
    headers = {"17token": key or box.keys.track17, "Content-Type": "application/json"}
    return call(box, "POST", f"/17track/track/v2.2/{verb}", list(numbers), headers)


def codes(answer: tuple[int, Any]) -> list[int]:
    return [each["error"]["code"] for each in answer[1]["data"]["rejected"]]


def news(box: Sandbox) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []

    def take(path: str, body: bytes, headers: dict[str, str]) -> int:
        assert path == "/webhooks/17track/"
        assert headers["sign"] == track17_sign(body, box.keys.track17)
        told.append(json.loads(body))
        return 200

    box.hand_over(take)
    return told


def shape(value: Any) -> Any:
    """The names in a body, without its values; a list has the shape of its first."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


@pytest.mark.parametrize("vector", VECTORS["vectors"])
def test_the_published_signatures_are_reproduced(vector: dict[str, str]) -> None:
    assert track17_sign(vector["raw_body"].encode(), vector["api_key"]) == vector["sign"]


def test_a_number_is_registered_once(box: Sandbox) -> None:
    status, body = ask(box, "register", {"number": NUMBER, "carrier": 18041, "tag": "order-1"})
    assert status == 200
    assert body["data"]["accepted"] == [{"origin": 1, "number": NUMBER, "carrier": 18041, "tag": "order-1"}]
    assert codes(ask(box, "register", {"number": NUMBER, "carrier": 18041})) == [-18019901]


def test_wrong_requests_get_the_official_codes(box: Sandbox) -> None:
    assert ask(box, "register", {"number": NUMBER}, key="other")[0] == 401
    assert ask(box, "register", {"number": NUMBER}, key="other")[1]["code"] == -18010002
    assert ask(box, "register", *[{"number": f"EE{i:09}RW"} for i in range(41)])[1]["code"] == -18010014
    assert codes(ask(box, "register", {"number": "x"}, {"number": "ABC12345"})) == [-18010012, -18019903]
    assert codes(ask(box, "gettrackinfo", {"number": NUMBER})) == [-18019902]


def test_more_than_three_requests_a_second_are_too_many() -> None:
    with Sandbox(limit=3) as box:
        assert [ask(box, "gettrackinfo", {"number": NUMBER})[0] for _ in range(4)] == [200, 200, 200, 429]


def test_a_parcel_travels_from_kigali_to_its_city(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER, "destination_city": "Chengdu"})
    box.deliver(NUMBER)
    told = news(box)
    assert told[0]["data"]["track_info"]["latest_status"]["sub_status"] == "InTransit_PickedUp"
    assert len(told) == 12
    last = told[-1]["data"]["track_info"]
    assert last["latest_event"]["location"] == "CHENGDU"
    assert last["latest_status"]["status"] == "Delivered"
    assert {event["time_iso"][-6:] for event in last["tracking"]["providers"][0]["events"]} == {
        "+02:00",
        "+03:00",
        "+08:00",
    }
    times = [event["time_utc"] for event in last["tracking"]["providers"][0]["events"]]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == len(times)


def test_an_old_order_has_a_realistic_timetable(box: Sandbox) -> None:
    ordered = datetime.now(UTC) - timedelta(days=20)
    ask(box, "register", {"number": NUMBER, "order_time": ordered.date().isoformat()})
    parcel = box.deliver(NUMBER)
    first, last = (datetime.fromisoformat(parcel["events"][i]["time_iso"]) for i in (-1, 0))
    assert 9 <= (last - first).days <= 10


def test_a_webhook_has_every_field_of_the_real_one(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER, "carrier": 18041, "tag": "order-1"})
    box.next_event(NUMBER)
    assert shape(news(box)[0]) == shape(SAMPLE)


def test_customs_asks_for_the_id_and_lets_go(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER})
    box.hold(NUMBER)
    box.next_event(NUMBER)
    statuses = [each["data"]["track_info"]["latest_status"]["sub_status"] for each in news(box)]
    assert statuses[-2:] == ["InTransit_CustomsRequiringInformation", "InTransit_CustomsReleased"]


def test_late_news_keeps_its_own_time(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER})
    box.next_event(NUMBER)
    box.withhold(NUMBER)
    box.next_event(NUMBER)
    assert len(news(box)) == 2
    box.release_late(NUMBER)
    told = news(box)[0]["data"]["track_info"]
    assert [each["sub_status"] for each in told["tracking"]["providers"][0]["events"]] == [
        "InTransit_CustomsReleased",
        "InTransit_CustomsProcessing",
        "InTransit_PickedUp",
    ]


def test_a_returned_parcel_goes_no_further(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER})
    box.incident(NUMBER, "return")
    assert box.next_event(NUMBER)["events"][0]["sub_status"] == "Exception_Returned"
    assert len(box.next_event(NUMBER)["events"]) == len(box.parcel(NUMBER)["events"])


def test_a_stopped_number_is_silent_until_tracked_again(box: Sandbox) -> None:
    ask(box, "register", {"number": NUMBER})
    assert codes(ask(box, "retrack", {"number": NUMBER})) == [-18019904]
    ask(box, "stoptrack", {"number": NUMBER})
    box.next_event(NUMBER)
    assert [each["event"] for each in news(box)] == ["TRACKING_STOPPED"]
    ask(box, "retrack", {"number": NUMBER})
    ask(box, "changeinfo", {"number": NUMBER, "items": {"tag": "new"}})
    assert ask(box, "gettrackinfo", {"number": NUMBER})[1]["data"]["accepted"][0]["tag"] == "new"
