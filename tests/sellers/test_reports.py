"""Reports: anybody may say that something is wrong, a member of staff answers for each."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel.models import AuditRecord
from sellers import reports
from sellers.models import Report

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = {"kind": "not_as_described", "text": "The basket on the picture is larger.", "contact": ""}


@pytest.fixture
def sent(basket, now):
    return reports.send(
        kind="forbidden",
        text="It is ivory.",
        contact="me@example.com",
        subject=f"catalog.product:{basket.product_id}",
        seller=basket.product.seller,
        reporter=None,
        ip="10.0.0.1",
        now=now,
    )


def test_a_stranger_reports_a_product_and_gets_a_number(client, basket):
    url = f"/report/?product={basket.product.slug}"
    page = client.get(url)
    assert page["Cache-Control"].startswith("public") and basket.product.name_zh in page.content.decode()
    answer = client.post(url, WORDS, headers=OURS)
    report = Report.objects.get()
    assert answer["Location"] == f"/p/{basket.product.slug}/"
    assert str(report.pk) in client.get(answer["Location"]).content.decode()
    assert (report.subject, report.seller) == (f"catalog.product:{basket.product_id}", basket.product.seller)
    assert report.reporter is None


def test_a_buyer_reports_a_shop(client, buyer, shop):
    client.force_login(buyer)
    client.post(f"/en/report/?shop={shop.slug}", WORDS | {"contact": "13812341234"}, headers=OURS)
    report = Report.objects.get()
    assert (report.reporter, report.subject, report.contact) == (buyer, f"sellers.seller:{shop.pk}", "13812341234")


def test_a_report_without_words_is_asked_for_them(client):
    answer = client.post("/report/", {"kind": "other", "text": "x"}, headers=OURS)
    assert answer.status_code == 422 and not Report.objects.exists()


def test_what_is_not_on_sale_cannot_be_reported_on(client, basket):
    basket.product.move("paused")
    assert client.get(f"/report/?product={basket.product.slug}").status_code == 404


def test_the_same_report_twice_is_one(client):
    for _time in range(2):
        client.post("/report/", WORDS, headers=OURS)
    assert Report.objects.count() == 1


def test_a_flood_is_stopped(client, monkeypatch):
    monkeypatch.setattr(reports, "MOST_PER_HOUR", 2)
    answers = [client.post("/report/", WORDS | {"text": f"number {n}"}, headers=OURS).status_code for n in range(3)]
    assert answers == [302, 302, 429] and Report.objects.count() == 2
    Report.objects.update(at=Report.objects.first().at - timedelta(hours=2))
    assert client.post("/report/", WORDS, headers=OURS).status_code == 302


def test_staff_settle_a_report_once_with_what_they_did(sent, moderator, now):
    reports.settle(sent, note="Checked with the seller: cow bone.", by=moderator, now=now)
    assert (sent.settled_by, sent.ip) == (moderator, None)
    assert AuditRecord.objects.filter(deed="report_settled", thing_id=str(sent.pk)).exists()
    with pytest.raises(reports.AlreadySettled):
        reports.settle(sent, note="Again.", by=moderator, now=now)


def test_moderators_see_and_settle_it_in_the_admin(client, sent, moderator, basket):
    client.force_login(moderator)
    assert "ivory" in client.get(url := reverse("admin:sellers_report_change", args=[sent.pk])).content.decode()
    assert (
        f"catalog.product:{basket.product_id}"
        in client.get(reverse("admin:sellers_report_changelist")).content.decode()
    )
    assert client.post(url, {"note": ""}).status_code == 200
    assert client.post(url, {"note": "It is bone."}).status_code == 302
    sent.refresh_from_db()
    assert (sent.note, sent.settled_by) == ("It is bone.", moderator)
    assert client.post(url, {"note": "Another."}).status_code == 403
