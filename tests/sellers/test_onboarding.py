"""From a stranger to a shop: what is kept, what is refused, who decides and who is told."""

import pytest
from django.db import IntegrityError, transaction

from accounts import consents
from accounts.models import Consent, Message
from kernel.lifecycle import IllegalMove
from kernel.models import AuditRecord
from sellers import moderation, onboarding, shops
from sellers.models import Decision, ModerationCase, Paper, Seller

from . import files

pytestmark = pytest.mark.django_db
ANSWERS = {
    "kind": "artisan",
    "name": "Agaseke ka Keza",
    "legal_name": "Keza Aline",
    "national_id": "1 1990 7 0012345 0 12",
    "district_code": "24",
    "sector": "ngoma",
    "phone": "0788 123 456",
    "momo_number": "0788123456",
    "agree": "on",
}


@pytest.fixture(autouse=True)
def texts(db):
    """The rules for sellers as they are now."""
    consents.load()


@pytest.fixture
def keza(client, stranger):
    """Keza, signed in, without a shop; reads English."""
    stranger.phone = "+250788123457"
    stranger.save()
    client.force_login(stranger)
    return stranger


def card():
    return files.upload(files.picture())


def send(client, **changes):
    given = {name: value for name, value in {**ANSWERS, "id_card": card(), **changes}.items() if value is not None}
    return client.post("/sell/apply/", given)


def test_a_stranger_first_chooses_a_language(client):
    page = client.get("/sell/apply/").content.decode()
    assert all(name in page for name in ("Ikinyarwanda", "English", "Français"))
    page = client.post(
        "/language/", {"language": "rw", "next": "/sell/apply/"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    page = client.get(page["Location"])
    assert page["Location"] == "/rw/sign-in/?next=/sell/apply/"


def test_an_application_reaches_the_moderators_once(client, keza):
    assert send(client)["Location"] == "/sell/status/"
    seller = shops.of(keza)
    assert (seller.status, seller.slug) == ("ready_for_review", "agaseke-ka-keza")
    assert (seller.district, seller.province, seller.sector) == ("Huye", "Southern Province", "Ngoma")
    assert (seller.momo_number, seller.national_id_masked) == ("+250788123456", "1 1990 * ******* * 12")
    assert Paper.objects.get().kind == "id_card"
    assert ModerationCase.objects.get().subject == f"sellers.seller:{seller.pk}"
    assert Consent.objects.get().text.kind == "seller_rules"
    assert Message.objects.filter(kind="seller_applied", channel="sms").count() == 1
    onboarding.submit(seller, by=keza)
    assert ModerationCase.objects.count() == 1
    assert Message.objects.filter(kind="seller_applied", channel="sms").count() == 1


def test_the_full_identity_number_is_kept_nowhere(client, keza):
    send(client)
    row = Seller.objects.values().get()
    assert not any("0012345" in str(value) for value in row.values())
    assert not any("0012345" in str(record.detail) for record in AuditRecord.objects.all())


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("kind", "king", ""),
        ("name", "", ""),
        ("name", "x" * 61, ""),
        ("name", "<b>Shop</b>", ""),
        ("legal_name", "\u202eazeK", ""),
        ("national_id", "1199060012345012", "16 digits"),
        ("national_id", "1201580012345012", "year of birth"),
        ("district_code", "99", ""),
        ("sector", "Kimironko", "Its sectors"),
        ("phone", "12345", ""),
        ("momo_number", "0773123456", "078, 079, 072 or 073"),
        ("momo_number", "13812341234", "078, 079, 072 or 073"),
        ("agree", None, "tick the box"),
        ("id_card", None, "Add this paper"),
        ("id_card", files.upload(files.SVG, "x.jpg"), "not a photo"),
        ("id_card", files.upload(b"", "x.jpg"), "empty"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_lost(client, keza, field, value, says):
    page = send(client, **{field: value})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'role="alert"' in text
    assert says in text
    assert "Agaseke ka Keza" in text or field == "name"
    assert shops.of(keza).status == "applied"
    assert not ModerationCase.objects.exists()


def test_an_accepted_file_need_not_be_sent_again(client, keza):
    assert send(client, momo_number="1").status_code == 422
    assert Paper.objects.count() == 1
    assert send(client, id_card=None).status_code == 302


def test_a_cooperative_shows_its_certificate_and_a_company_its_tin_too(client, keza):
    page = send(client, kind="cooperative")
    assert "Cooperative certificate" in page.content.decode()
    certificate = files.upload(files.PDF, "rca.pdf", "application/pdf")
    assert send(client, kind="cooperative", certificate=certificate).status_code == 302
    assert set(Paper.objects.values_list("kind", flat=True)) == {"id_card", "cooperative_certificate"}


def test_a_company_without_tin_is_told(client, keza):
    certificate = files.upload(files.PDF, "rdb.pdf", "application/pdf")
    page = send(client, kind="company", certificate=certificate)
    assert page.status_code == 422
    assert "A company needs its TIN" in page.content.decode()
    assert send(client, kind="company", tin="101234567", id_card=None).status_code == 302


def test_half_an_application_can_wait(client, keza):
    page = client.post("/sell/apply/", {"name": "Agaseke ka Keza", "save": "1"})
    assert page["Location"] == "/sell/apply/"
    assert "Agaseke ka Keza" in client.get("/sell/apply/").content.decode()
    assert shops.of(keza).status == "applied"


def test_a_paper_can_be_taken_away_before_sending(client, keza):
    send(client, momo_number="1")
    paper = Paper.objects.get()
    page = client.post("/sell/apply/", {**ANSWERS, "remove": str(paper.pk)})
    assert page.status_code == 200
    assert not Paper.objects.exists()
    assert client.post("/sell/apply/", {**ANSWERS, "remove": "../../etc"}).status_code == 200


def test_the_domain_itself_refuses_what_is_incomplete(keza):
    seller = onboarding.draft(keza, language="en")
    with pytest.raises(onboarding.Incomplete):
        onboarding.submit(seller, by=keza)
    assert onboarding.draft(keza, language="en") == seller


def test_two_shops_of_one_name_have_two_addresses(client, keza, other_buyer):
    send(client)
    client.force_login(other_buyer)
    send(client)
    assert shops.of(other_buyer).slug == "agaseke-ka-keza-2"


@pytest.fixture
def case(client, keza):
    """Keza's application, waiting for a moderator."""
    send(client)
    return ModerationCase.objects.get()


def decide(case, by, now, outcome, *, reason_code="", statement=""):
    return moderation.decide(case, outcome=outcome, reason_code=reason_code, statement=statement, by=by, now=now)


def test_approval_opens_the_shop_and_tells_its_people(case, keza, moderator, now):
    decide(case, moderator, now, "approved")
    assert shops.of(keza).status == "approved"
    case.refresh_from_db()
    assert case.status == "decided"
    assert Message.objects.get(kind="seller_approved", channel="sms").to == "+250788123457"
    assert Message.objects.get(kind="seller_approved", channel="inbox").user == keza


def test_a_request_for_changes_comes_with_its_reason_and_leads_back(client, case, keza, moderator, now):
    decide(
        case, moderator, now, "changes_requested", reason_code="KYC-DOC-UNREADABLE", statement="The card is blurred."
    )
    told = Message.objects.get(kind="seller_changes", channel="inbox")
    assert "The card is blurred." in told.body
    assert "A paper cannot be read" in told.body
    page = client.get("/sell/status/").content.decode()
    assert "The card is blurred." in page
    assert "Fix and resend" in page
    assert "The card is blurred." in client.get("/sell/apply/").content.decode()
    assert send(client, national_id="", id_card=files.upload(files.picture(size=(99, 99)))).status_code == 302
    assert shops.of(keza).status == "ready_for_review"
    assert ModerationCase.objects.count() == 2


def test_a_no_without_words_is_impossible(case, moderator, now):
    for outcome in ("changes_requested", "rejected"):
        for half in (
            {},
            {"statement": "No."},
            {"reason_code": "KYC-OTHER"},
            {"statement": "  ", "reason_code": "KYC-OTHER"},
        ):
            with pytest.raises(moderation.NeedsReason):
                decide(case, moderator, now, outcome, **half)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(case=case, outcome="rejected", reason_code="x", by=moderator, at=now)
    assert not Decision.objects.exists()


def test_a_case_is_decided_once(case, moderator, now):
    decide(case, moderator, now, "approved")
    with pytest.raises(moderation.AlreadyDecided):
        decide(case, moderator, now, "rejected", reason_code="KYC-OTHER", statement="Second thoughts.")
    assert Decision.objects.count() == 1


def test_nobody_decides_about_their_own_shop(case, keza, now):
    with pytest.raises(moderation.OwnShop):
        decide(case, keza, now, "approved")


def test_a_rejected_shop_cannot_be_sent_again(client, case, keza, moderator, now):
    decide(case, moderator, now, "rejected", reason_code="KYC-DUPLICATE", statement="You have a shop.")
    seller = shops.of(keza)
    assert client.get("/sell/apply/")["Location"] == "/sell/status/"
    assert send(client)["Location"] == "/sell/status/"
    with pytest.raises(onboarding.NotOpen):
        onboarding.submit(seller, by=keza)
    with pytest.raises(IllegalMove):
        seller.move(Seller.Status.APPROVED)


def test_every_status_has_a_page(client, case, keza):
    for status in Seller.Status.values:
        Seller.objects.update(status=status)
        assert client.get("/sell/status/").status_code == 200


# The moderator's screens ----------------------------------------------------------------------------------------------


def test_the_moderator_decides_in_the_admin(client, case, keza, moderator):
    client.force_login(moderator)
    assert "Agaseke ka Keza" in client.get("/admin/sellers/moderationcase/").content.decode()
    page = client.get(f"/admin/sellers/seller/{case.seller_id}/change/").content.decode()
    url = f"/admin/sellers/moderationcase/{case.pk}/decide/"
    assert f"{url}?outcome=approved" in page
    assert client.get(f"{url}?outcome=rejected").status_code == 200
    assert client.post(url, {"outcome": "rejected"}).status_code == 422
    assert not Decision.objects.exists()
    answer = {"outcome": "rejected", "reason_code": "KYC-DUPLICATE", "statement": "You have a shop already."}
    assert client.post(url, answer).status_code == 302
    assert shops.of(keza).status == "rejected"
    assert client.post(url, {"outcome": "approved"}).status_code == 422
    assert (
        f"{url}?outcome=approved" not in client.get(f"/admin/sellers/moderationcase/{case.pk}/change/").content.decode()
    )


def test_other_staff_may_look_or_not_but_never_decide(client, case, moderator, django_user_model):
    from django.contrib.auth.models import Group

    moderator.groups.set([Group.objects.get(name="finance")])
    client.force_login(moderator)
    assert client.get(f"/admin/sellers/seller/{case.seller_id}/change/").status_code == 200
    assert client.get("/admin/sellers/moderationcase/").status_code == 403
    assert client.post(f"/admin/sellers/moderationcase/{case.pk}/decide/", {"outcome": "approved"}).status_code == 403
    case.refresh_from_db()
    assert case.status == "new"


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_the_admin_has_no_other_way_to_change_a_shop(client, case, moderator, page):
    client.force_login(moderator)
    assert client.get(f"/admin/sellers/seller/{page.format(pk=case.seller_id)}").status_code == 403
    assert client.post(f"/admin/sellers/seller/{case.seller_id}/change/", {"status": "approved"}).status_code == 403


def test_staff_pages_of_people_open_and_change_nothing(client, case, keza, moderator):
    client.force_login(moderator)
    for page in ("user", "legaltext", "consent", "message"):
        assert client.get(f"/admin/accounts/{page}/").status_code == 200
        assert client.get(f"/admin/accounts/{page}/add/").status_code == 403
    assert client.get("/admin/accounts/user/?q=0788 123 457").content.decode().count("field-__str__") == 1
    assert client.post(f"/admin/accounts/user/{keza.pk}/change/", {"is_staff": "on"}).status_code == 403


def test_an_approved_shop_is_needed_where_it_is_asked_for(rf, case, keza, shop, artisan):
    @shops.for_seller(require_approved=True)
    def page(request):
        return request.seller

    request = rf.get("/sell/")
    request.user = keza
    assert page(request)["Location"] == "/sell/status/"
    request.user = artisan
    assert page(request) == shop
