"""Customs asks who the buyer is: only then, only the buyer, only with both consents; every reading is written down."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import vault
from accounts.models import Consent, Identity, Message
from kernel.models import AuditRecord, Job
from logistics import holds, scans, tracking
from logistics.models import CustomsHold, Parcel
from tests import cast

from . import road

ID = "11010519491231002X"


@pytest.fixture
def hold(accepted, asked, run_jobs):
    """Customs holds Lin's parcel."""
    parcel = road.handed_over(accepted)
    run_jobs()
    events = [*road.way(7), road.event("InTransit_CustomsRequiringInformation", 135, country="CN")]
    tracking.record(parcel, scans.of_track17(road.info(events), origin="RW", destination="CN"), now=road.NOW)
    return CustomsHold.objects.get()


def url(hold):
    return reverse("logistics:answer_hold", args=[hold.pk])


def answer(**changes):
    said = {"real_name": "张三", "id_number": ID, "agree_collection": "on", "agree_cross_border": "on", **changes}
    return {name: value for name, value in said.items() if value is not None}


def test_a_hold_asks_the_buyer_once(hold, buyer):
    assert hold.parcel.status == Parcel.Status.HELD_CUSTOMS
    told = Message.objects.get(user=buyer, kind="customs_hold", channel="inbox")
    assert told.url == url(hold)
    assert holds.open_for(hold.parcel, now=road.NOW) == hold


def test_the_same_word_in_rwanda_asks_nobody(accepted, asked, run_jobs):
    parcel = road.handed_over(accepted)
    run_jobs()
    events = [*road.way(2), road.event("InTransit_CustomsRequiringInformation", 21, country="RW")]
    tracking.record(parcel, scans.of_track17(road.info(events), origin="RW", destination="CN"), now=road.NOW)
    assert not CustomsHold.objects.exists()


def test_the_buyer_reads_why_and_answers_with_both_consents(hold, buyer, client):
    client.force_login(buyer)
    page = client.get(url(hold))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    done = client.post(url(hold), answer())
    assert done.status_code == 302
    hold.refresh_from_db()
    identity = Identity.objects.get(pk=hold.identity_id)
    assert hold.answered_at
    assert identity.user == buyer
    assert identity.masked == "1****************X"
    kinds = Consent.objects.filter(user=buyer).values_list("text__kind", "subject")
    subject = f"order:{hold.parcel.consignment.order.number}"
    assert set(kinds) == {("id_collection", subject), ("cross_border", subject)}


@pytest.mark.parametrize(
    "changes",
    [
        {"id_number": "110105194912310021"},
        {"id_number": "12345"},
        {"id_number": ""},
        {"real_name": "☺"},
        {"agree_collection": None},
        {"agree_cross_border": None},
    ],
)
def test_a_bad_answer_is_422_keeps_what_was_typed_and_keeps_no_identity(hold, buyer, client, changes):
    client.force_login(buyer)
    page = client.post(url(hold), answer(**changes))
    assert page.status_code == 422
    if "real_name" not in changes:
        assert "张三" in page.content.decode()
    assert not Identity.objects.exists()
    assert not Consent.objects.exists()
    hold.refresh_from_db()
    assert hold.answered_at is None


def test_nobody_else_sees_or_answers_a_hold(hold, client, artisan, moderator):
    assert client.get(url(hold)).status_code == 302
    for other in (cast.lin(), artisan, moderator):
        client.force_login(other)
        assert client.get(url(hold)).status_code == 404
        assert client.post(url(hold), answer()).status_code == 404


def test_an_answer_may_be_corrected_until_it_is_sent(hold, buyer, client):
    client.force_login(buyer)
    client.post(url(hold), answer())
    client.post(url(hold), answer(real_name="张三丰"))
    hold.refresh_from_db()
    assert Identity.objects.get(pk=hold.identity_id).real_name == "张三丰"
    assert holds.mark_sent(hold, actor="user:staff", now=road.NOW)
    assert not holds.mark_sent(hold, actor="user:staff", now=road.NOW)
    with pytest.raises(holds.HoldOver):
        holds.answer(hold, real_name="李四", id_number=ID, language="zh-hans", ip=None, now=road.NOW)
    assert client.get(url(hold)).status_code == 200


def test_released_parcels_close_their_hold(hold):
    told = scans.of_track17(road.info(road.way(8)), origin="RW", destination="CN")
    tracking.record(hold.parcel, told, now=road.NOW + timedelta(days=8))
    hold.refresh_from_db()
    assert hold.closed_at
    with pytest.raises(holds.HoldOver):
        holds.answer(hold, real_name="张三", id_number=ID, language="zh-hans", ip=None, now=road.NOW)


def test_staff_read_the_number_only_with_a_reason_that_is_kept(hold, buyer, client, moderator):
    client.force_login(buyer)
    client.post(url(hold), answer())
    with pytest.raises(vault.NoReason):
        holds.reveal(CustomsHold.objects.get(), actor="user:9", why=" ")
    assert not AuditRecord.objects.filter(deed="id_read").exists()
    assert holds.reveal(CustomsHold.objects.get(), actor="user:9", why="for Hangzhou customs") == ("张三", ID)
    read = AuditRecord.objects.get(deed="id_read")
    assert (read.actor, read.detail["why"]) == ("user:9", "for Hangzhou customs")
    assert ID not in str(list(AuditRecord.objects.values()))
    assert ID not in str(list(Job.objects.values()))


def test_an_unanswered_hold_has_nothing_to_read_or_send(hold):
    for deed in (
        lambda: holds.reveal(hold, actor="x", why="y"),
        lambda: holds.mark_sent(hold, actor="x", now=road.NOW),
    ):
        with pytest.raises(holds.NotAnswered):
            deed()


def test_the_staff_page_shows_the_number_once_and_to_those_who_may(hold, buyer, client, admin_client, moderator):
    client.force_login(buyer)
    client.post(url(hold), answer())
    page = reverse("admin:logistics_reveal", args=[hold.pk])
    assert ID not in admin_client.get(page).content.decode()
    assert ID not in admin_client.post(page, {"why": "short"}).content.decode()
    shown = admin_client.post(page, {"why": "asked for by Hangzhou customs today"})
    assert ID in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert ID not in admin_client.get(reverse("admin:logistics_customshold_changelist")).content.decode()
    client.force_login(moderator)
    assert client.post(page, {"why": "asked for by Hangzhou customs today"}).status_code in {302, 403}
