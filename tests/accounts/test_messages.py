"""Messages: written with the deed, in the reader's language, sent once, and short enough for a phone."""

import httpx
import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from accounts import gsm7, messages
from accounts.channels import sms
from accounts.handles import Handle
from accounts.models import Message
from kernel.models import Job
from sellers import reasons

pytestmark = pytest.mark.django_db
CODE = Handle("email", "lin@example.com")


class Gateway:
    """A gateway that answers as told, and keeps what it was sent."""

    def __init__(self, *answers):
        self.answers, self.sent = list(answers), []

    def __call__(self, url, *, json, headers, timeout):
        self.sent.append((url, json, headers))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, request=httpx.Request("POST", url))


@pytest.fixture
def gateway(monkeypatch, settings):
    """`gateway(202)` stands for the network's far end."""
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = "http://gateway.test/sms/messages", "key"

    def stand_in(*answers):
        far_end = Gateway(*answers)
        monkeypatch.setattr(sms.httpx, "post", far_end)
        return far_end

    return stand_in


def tell_artisan(artisan):
    messages.tell(artisan, "seller_approved", once="test", url="/sell/status/", shop="Abahuza")


def test_a_text_message_goes_to_those_with_a_phone_and_the_app_shows_it_too(artisan, gateway, run_jobs):
    far_end = gateway(202)
    tell_artisan(artisan)
    run_jobs()
    [(url, body, headers)] = far_end.sent
    message = Message.objects.get(channel="sms")
    assert url == "http://gateway.test/sms/messages"
    assert body == {"to": "+250788123456", "from": "ISOKO", "text": message.body, "reference": str(message.pk)}
    assert headers == {"Authorization": "Bearer key"}
    assert message.status == "sent"
    assert set(Message.objects.values_list("channel", flat=True)) == {"sms", "inbox"}


def test_people_without_a_phone_get_an_email(stranger, run_jobs):
    messages.tell(stranger, "seller_approved", once="test", url="/sell/status/", shop="Abahuza")
    run_jobs()
    assert [letter.to for letter in mail.outbox] == [[stranger.email]]
    assert mail.outbox[0].body.endswith("/sell/status/")


def test_nobody_is_told_twice(artisan, gateway, run_jobs):
    far_end = gateway(202)
    tell_artisan(artisan)
    tell_artisan(artisan)
    run_jobs()
    run_jobs()
    messages.send(message_id=str(Message.objects.get(channel="sms").pk))
    assert len(far_end.sent) == 1


def test_what_did_not_happen_is_not_told(artisan):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell_artisan(artisan)
        raise RuntimeError
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_a_gateway_that_says_never_is_believed(artisan, gateway, run_jobs):
    far_end = gateway(400)
    tell_artisan(artisan)
    run_jobs()
    assert Message.objects.get(channel="sms").status == "failed"
    assert len(far_end.sent) == 1


@pytest.mark.parametrize("fault", [500, 503, 429, httpx.ConnectTimeout("slow")])
def test_a_gateway_in_trouble_is_asked_again_with_the_same_reference(artisan, gateway, fault):
    far_end = gateway(fault, 202)
    tell_artisan(artisan)
    message_id = str(Message.objects.get(channel="sms").pk)
    with pytest.raises(httpx.HTTPError):
        messages.send(message_id=message_id)
    messages.send(message_id=message_id)
    assert [body["reference"] for _url, body, _headers in far_end.sent] == [message_id] * 2
    assert Message.objects.get(channel="sms").status == "sent"


def test_without_a_gateway_the_console_shows_it(artisan, settings, run_jobs, capsys):
    settings.SMS_GATEWAY_URL = ""
    tell_artisan(artisan)
    run_jobs()
    assert "+250788123456" in capsys.readouterr().out


def test_a_code_is_not_kept_after_it_is_sent(run_jobs):
    messages.tell_handle(CODE, "sign_in_code", language="en", once="x", code="123456", minutes=10)
    run_jobs()
    assert "123456" in mail.outbox[0].body
    message = Message.objects.get()
    assert "123456" not in message.body + message.subject


def test_a_code_that_comes_too_late_is_not_sent(run_jobs):
    messages.tell_handle(CODE, "sign_in_code", language="en", once="x", code="123456", minutes=10)
    Message.objects.update(created_at="2026-01-01T00:00:00Z")
    run_jobs()
    assert not mail.outbox
    message = Message.objects.get()
    assert (message.status, "123456" in message.body) == ("failed", False)


def test_subjects_stay_one_line_and_nothing_is_escaped(stranger):
    messages.tell(stranger, "seller_approved", once="t", shop='A & "B"\nBcc: x@example.com')
    message = Message.objects.get(channel="email")
    assert "\n" not in message.subject
    assert 'A & "B"' in message.body


KINDS = {
    "sign_in_code": {"code": "123456", "minutes": 10},
    "seller_applied": {"shop": "Koperative Abahuza y'i Huye"},
    "seller_approved": {"shop": "Koperative Abahuza y'i Huye"},
    "seller_changes": {"shop": "Koperative Abahuza y'i Huye"},
    "seller_rejected": {"shop": "Koperative Abahuza y'i Huye"},
}


@pytest.mark.parametrize("language", ["zh-hans", "en", "fr", "rw"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_message_fits_one_message(kind, language):
    with translation.override(language):
        reason = str(reasons.of("KYC-MOMO-MISMATCH").label)
    words = {"reason": reason, **KINDS[kind]}
    messages.tell_handle(Handle("phone", "+250788123456"), kind, language=language, once="t", **words)
    text = Message.objects.get().body
    assert gsm7.fits(text)
    assert not text.endswith("...")
    assert language == "zh-hans" or gsm7.is_gsm(text)


def test_folding_straightens_quotes_and_drops_foreign_accents():
    assert gsm7.fold("Ikaze k’i Huye, “être” cœur ê ç é") == 'Ikaze k\'i Huye, "etre" coeur e c é'
    assert gsm7.fold("您好：ê") == "您好：ê"


def test_length_counts_places_in_the_message():
    assert gsm7.length("a" * 160) == 160
    assert gsm7.length("€") == 2
    assert gsm7.length("您好") == 2
    assert gsm7.fits("好" * 70)
    assert not gsm7.fits("好" * 71)
    assert gsm7.fits(gsm7.shortened("好" * 200))


def test_opening_the_inbox_changes_nothing_until_it_is_marked_read(client, artisan):
    tell_artisan(artisan)
    client.force_login(artisan)
    assert "Abahuza" in client.get("/en/me/inbox/").content.decode()
    assert messages.unread(artisan) == 1
    client.post("/en/me/inbox/")
    assert messages.unread(artisan) == 0
