"""ID numbers: only with two consents, only masked to look at, only with a reason to read, and gone in time."""

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from accounts import consents, resident_id, vault
from accounts.models import Consent, Identity, LegalText
from kernel.crypt import Unreadable
from kernel.models import AuditRecord

pytestmark = pytest.mark.django_db
NUMBER = "360426199101010071"


@pytest.fixture(autouse=True)
def texts(db):
    """The legal texts as they are now."""
    consents.load()


def agreed(user, now, kind):
    return consents.agree(user, kind=kind, language="zh-hans", ip="203.0.113.7", subject="order:1", now=now)


def kept(user, now, *, number=NUMBER, name="张三"):
    return vault.keep(
        user,
        real_name=name,
        id_number=number,
        collection_consent=agreed(user, now, "id_collection"),
        cross_border_consent=agreed(user, now, "cross_border"),
        now=now,
    )


def test_the_number_is_kept_where_nobody_can_read_it(buyer, now):
    identity = kept(buyer, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM accounts_identity i")
        assert NUMBER not in cursor.fetchone()[0]
    assert identity.masked == "3****************1"
    assert NUMBER not in str(identity)


def test_reading_it_says_who_and_why_first(buyer, now):
    identity = kept(buyer, now)
    assert vault.reveal(identity, actor="user:9", why="customs data", subject="parcel:1") == NUMBER
    record = AuditRecord.objects.get(deed="id_read")
    assert (record.actor, record.detail) == ("user:9", {"why": "customs data", "subject": "parcel:1"})
    with pytest.raises(vault.NoReason):
        vault.reveal(identity, actor="user:9", why=" ", subject="parcel:1")
    assert AuditRecord.objects.filter(deed="id_read").count() == 1


def test_a_ciphertext_moved_to_another_row_does_not_open(buyer, other_buyer, now):
    mine, theirs = kept(buyer, now), kept(other_buyer, now, number="11010519491231002X")
    Identity.objects.filter(pk=mine.pk).update(id_number_cipher=theirs.id_number_cipher)
    with pytest.raises(Unreadable):
        vault.reveal(mine, actor="user:9", why="test", subject="x")


def test_both_consents_are_needed_and_must_be_ones_own(buyer, other_buyer, now):
    one, two = agreed(buyer, now, "id_collection"), agreed(buyer, now, "cross_border")
    foreign = agreed(other_buyer, now, "cross_border")
    for pair in ((one, one), (two, one), (one, foreign)):
        with pytest.raises(vault.NeedsConsent):
            vault.keep(
                buyer,
                real_name="张三",
                id_number=NUMBER,
                collection_consent=pair[0],
                cross_border_consent=pair[1],
                now=now,
            )
    assert not Identity.objects.exists()


def test_minors_and_wrong_digits_leave_nothing_behind(buyer, now):
    with pytest.raises(resident_id.UnderAge):
        kept(buyer, now, number="110105201001010010")
    with pytest.raises(resident_id.WrongCheckDigit):
        kept(buyer, now, number="360426199101010072")
    assert not Identity.objects.exists()


def test_the_same_number_again_renews_the_row(buyer, now):
    first = kept(buyer, now)
    again = kept(buyer, now + timedelta(days=30))
    assert first.pk == again.pk
    assert again.erase_on == (now + timedelta(days=30) + vault.KEEP_FOR).date()


def test_it_is_erased_when_its_time_is_over(buyer, now):
    identity = kept(buyer, now)
    vault.erase_due(now=now + vault.KEEP_FOR - timedelta(days=1))
    assert Identity.objects.get().erased_at is None
    vault.erase_due(now=now + vault.KEEP_FOR)
    gone = Identity.objects.get()
    assert (gone.id_number_cipher, gone.id_number_blind, gone.real_name) == (None, "", "")
    with pytest.raises(vault.Erased):
        vault.reveal(identity, actor="user:9", why="late", subject="x")
    assert AuditRecord.objects.filter(deed="id_erased").count() == 1


def test_one_number_behind_many_accounts_shows_in_the_audit(now, django_user_model):
    for n in range(5):
        kept(django_user_model.objects.create(email=f"p{n}@example.com"), now)
    assert AuditRecord.objects.filter(deed="id_shared").count() == 2


def test_my_page_shows_it_masked(client, buyer, now):
    kept(buyer, now)
    client.force_login(buyer)
    page = client.get("/me/identity/").content.decode()
    assert "3****************1" in page
    assert NUMBER not in page
    assert "张三" not in page


def test_consents_and_texts_cannot_be_changed(buyer, now):
    agreed(buyer, now, "privacy")
    for change in (
        lambda: Consent.objects.update(text_sha256="x"),
        lambda: Consent.objects.all().delete(),
        lambda: LegalText.objects.update(body="x"),
    ):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
            change()


def test_a_consent_names_the_words_that_were_shown(buyer, now):
    consent = agreed(buyer, now, "privacy")
    text = consents.text("privacy", "zh-hans")
    assert (consent.text, consent.text_sha256) == (text, text.sha256)


def test_loading_texts_again_adds_only_what_changed(tmp_path):
    assert consents.load() == 0
    (tmp_path / "terms.en.md").write_text("# Terms\n\nNew words.\n", "utf-8")
    (tmp_path / "terms.zh-hans.md").write_text("# 协议\n\n新。\n", "utf-8")
    assert consents.load(folder=tmp_path) == 2
    assert consents.load(folder=tmp_path) == 0
    newest = consents.text("terms", "en")
    assert (newest.version, newest.title, newest.body) == (2, "Terms", "New words.")


def test_a_missing_translation_falls_back_to_english():
    assert consents.text("privacy", "rw").language == "en"
    assert consents.text("seller_rules", "rw").language == "rw"
