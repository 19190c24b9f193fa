"""Anybody who holds a paper can check it; nobody learns who buys."""

import pytest

from logistics import paperwork, rendering
from logistics.models import ExportDocument
from orders import progress

from . import road


@pytest.fixture
def paper(accepted, run_jobs):
    """An issued CN 23."""
    parcel = road.packed(accepted)
    run_jobs()
    return road.papers(parcel)[ExportDocument.Kind.CN23]


def page(client, code, **headers):
    return client.get(f"/verify/{code}/", headers=headers)


def test_the_page_says_what_was_issued_and_nothing_of_the_buyer(client, paper, accepted):
    response = page(client, paper.verify_code, accept_language="en")
    text = response.content.decode()
    assert response.status_code == 200
    grouped = " ".join(paper.sha256[n : n + 8] for n in range(0, 64, 8))
    for must in (paper.number, "Abahuza Basketry", grouped, rendering.kilograms(paper.parcel.weight_g)):
        assert must in text
    order = accepted.order
    for never in (order.recipient, order.phone, order.street, order.district, "ZHANG", order.number, order.orderer):
        assert never not in text
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.parametrize("code", ["AAAAAAAAAAAA", "x", "2" * 300, "--"])
def test_other_codes_are_a_clear_404(client, db, code):
    response = page(client, code, accept_language="en")
    assert response.status_code == 404
    assert "no paper" in response.content.decode()


def test_a_code_may_be_typed_small_and_with_dashes(client, paper):
    assert page(client, rendering.spaced_code(paper.verify_code).lower()).status_code == 200
    found = client.get("/verify/", {"code": f" {paper.verify_code.lower()} ", "lang": "fr"})
    assert found.url == f"/verify/{paper.verify_code}/?lang=fr"
    assert client.get("/verify/").status_code == 200


@pytest.mark.parametrize(
    "headers,query,language",
    [
        ({"accept_language": "zh-CN,zh;q=0.9"}, "", "zh-hans"),
        ({"accept_language": "fr-RW"}, "", "fr"),
        ({"accept_language": "rw"}, "", "rw"),
        ({"accept_language": "fr"}, "?lang=rw", "rw"),
        ({"accept_language": "../../etc, xx"}, "?lang=../x", "en"),
        ({}, "", "en"),
    ],
)
def test_the_page_speaks_the_readers_language(client, paper, headers, query, language):
    response = client.get(f"/verify/{paper.verify_code}/{query}", headers=headers)
    assert response.headers["Content-Language"] == language


def test_a_superseded_paper_says_so_and_names_the_version_that_counts(client, paper, run_jobs):
    new = paperwork.reissue(paper, actor="user:staff", why="corrected", now=road.NOW)
    assert page(client, new.verify_code).status_code == 404
    run_jobs()
    assert "Version 2" in page(client, paper.verify_code, accept_language="en").content.decode()
    assert "genuine and valid" in page(client, new.verify_code, accept_language="en").content.decode()


def test_a_voided_paper_says_so(client, paper, accepted):
    progress.call_off(accepted, actor="user:buyer", why="changed my mind", now=road.NOW)
    paperwork.void_fallen(now=road.NOW)
    assert "does not count" in page(client, paper.verify_code, accept_language="en").content.decode()
