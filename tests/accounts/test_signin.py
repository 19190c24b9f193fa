"""Coming in by code and by password, and what strangers cannot learn or force."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import handles, people, signin
from accounts.models import Message, SignInCode, User

pytestmark = pytest.mark.django_db
PHONE = handles.Handle("phone", "+8613800001111")


def code_to(handle: handles.Handle) -> str:
    """The code in the newest message to a handle."""
    body = Message.objects.filter(to=handle.value).order_by("-created_at").first().body
    return re.search(r"\d{6}", body).group()


def send(handle, now, **more):
    signin.send_code(handle, purpose="sign_in", language="zh-hans", now=now, **more)
    return code_to(handle)


def check(handle, code, now):
    signin.check_code(handle, code, purpose="sign_in", now=now)


def test_a_code_works_once(now):
    code = send(PHONE, now)
    check(PHONE, code, now)
    with pytest.raises(signin.WrongCode):
        check(PHONE, code, now)


def test_a_code_lives_ten_minutes(now):
    code = send(PHONE, now)
    with pytest.raises(signin.WrongCode):
        check(PHONE, code, now + timedelta(minutes=10))


def test_a_code_may_be_pasted_with_spaces(now):
    code = send(PHONE, now)
    check(PHONE, f" {code[:3]} {code[3:]}\n", now)


def test_five_wrong_tries_kill_the_right_code(now):
    code = send(PHONE, now)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _try in range(5):
        with pytest.raises(signin.WrongCode):
            check(PHONE, wrong, now)
    with pytest.raises(signin.TooManyTries):
        check(PHONE, code, now)


def test_a_new_code_replaces_the_old(now):
    old = send(PHONE, now)
    new = send(PHONE, now + timedelta(minutes=2))
    if old != new:
        with pytest.raises(signin.WrongCode):
            check(PHONE, old, now + timedelta(minutes=2))
    check(PHONE, new, now + timedelta(minutes=2))


def test_codes_are_not_kept_readable(now):
    code = send(PHONE, now)
    assert code not in SignInCode.objects.get().code_hash


def test_a_code_of_one_handle_opens_no_other(now):
    other = handles.Handle("email", "lin@example.com")
    code = send(PHONE, now)
    send(other, now)
    if code != code_to(other):
        with pytest.raises(signin.WrongCode):
            check(other, code, now)


def test_one_code_a_minute_and_five_an_hour(now):
    send(PHONE, now)
    with pytest.raises(signin.TooManyCodes):
        send(PHONE, now + timedelta(seconds=59))
    for minute in (1, 2, 3, 4):
        send(PHONE, now + timedelta(minutes=minute))
    with pytest.raises(signin.TooManyCodes) as no:
        send(PHONE, now + timedelta(minutes=5))
    assert no.value.details["seconds"] == 55 * 60
    send(PHONE, now + timedelta(minutes=60))


def test_twenty_codes_an_hour_from_one_place(now):
    for n in range(20):
        send(handles.Handle("email", f"p{n}@example.com"), now, ip="203.0.113.7")
    with pytest.raises(signin.TooManyCodes):
        send(handles.Handle("email", "p20@example.com"), now, ip="203.0.113.7")
    send(handles.Handle("email", "p20@example.com"), now, ip="203.0.113.8")


def test_the_first_right_code_makes_the_person_and_a_new_session(client):
    client.get("/en/sign-in/")
    client.post("/en/sign-in/", {"handle": "138 0000 1111", "next": "/en/me/"})
    before = client.session.session_key
    page = client.post("/en/sign-in/code/", {"code": code_to(PHONE)})
    assert (page.status_code, page["Location"]) == (302, "/en/me/")
    assert client.session.session_key != before
    user = User.objects.get(phone=PHONE.value)
    assert (user.language, user.has_usable_password()) == ("en", False)
    assert page.cookies["isoko_language"].value == "en"


def test_signing_up_keeps_the_chosen_language(client):
    client.post("/en/sign-up/", {"handle": "0788123999", "language": "rw"})
    client.post("/en/sign-in/code/", {"code": code_to(handles.Handle("phone", "+250788123999"))})
    assert User.objects.get().language == "rw"


def test_known_and_unknown_people_are_answered_alike(buyer):
    answers = []
    for handle in (buyer.email, "nobody@example.com"):
        client = Client()
        first = client.post("/sign-in/", {"handle": handle})
        second = client.get(first["Location"])
        answers.append((first.status_code, first["Location"], second.content.decode().replace(handle, "")))
    hidden = [(*answer[:2], re.sub(r'value="[\w]{64}"', "", answer[2])) for answer in answers]
    assert hidden[0] == hidden[1]


def test_a_wrong_code_is_told_and_changes_nothing(client):
    client.post("/sign-in/", {"handle": PHONE.value})
    wrong = f"{(int(code_to(PHONE)) + 1) % 10**6:06d}"
    assert client.post("/sign-in/code/", {"code": wrong}).status_code == 422
    assert not User.objects.exists()
    assert "_auth_user_id" not in client.session


def test_asking_again_at_once_is_told_to_wait(client):
    client.post("/sign-in/", {"handle": PHONE.value})
    assert client.post("/sign-in/code/", {"again": "1"}).status_code == 429
    assert SignInCode.objects.count() == 1
    other = Client()
    assert other.post("/sign-in/", {"handle": PHONE.value}).status_code == 429


def test_a_password_works_with_any_writing_of_the_number(client, artisan):
    page = client.post("/sign-in/", {"how": "password", "handle": "0788 123 456", "password": "mukamana-secret"})
    assert (page.status_code, page["Location"]) == (302, "/rw/me/")


@pytest.mark.parametrize("handle", ["nobody@example.com", "not a handle", "0788123456"])
def test_a_wrong_password_says_the_same_to_everybody(client, artisan, handle):
    page = client.post("/sign-in/", {"how": "password", "handle": handle, "password": "guess"})
    assert page.status_code == 422
    assert (
        "This is not the right password"
        in client.post("/en/sign-in/", {"how": "password", "handle": handle, "password": "guess"}).content.decode()
    )


def test_an_unknown_person_costs_a_hash_too(monkeypatch, django_user_model):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
    from accounts.backends import HandleBackend

    assert HandleBackend().authenticate(None, username="nobody@example.com", password="x") is None
    assert hashed == ["x"]


def test_a_closed_account_stays_out(client, buyer):
    User.objects.filter(pk=buyer.pk).update(is_active=False)
    page = client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "lin-secret"})
    assert page.status_code == 422
    client.post("/sign-in/", {"handle": buyer.email})
    page = client.post("/sign-in/code/", {"code": code_to(handles.parse(buyer.email))})
    assert page.status_code == 403
    assert "_auth_user_id" not in client.session


def test_eight_wrong_passwords_lock_the_door_for_a_while(client, settings, buyer):
    settings.AXES_ENABLED = True
    for _try in range(8):
        page = client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "guess"})
    assert page.status_code == 429
    page = client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "lin-secret"})
    assert page.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_right_password_forgives_the_wrong_ones(client, settings, artisan):
    settings.AXES_ENABLED = True
    for _round in range(2):
        for _try in range(7):
            client.post("/sign-in/", {"how": "password", "handle": "0788123456", "password": "guess"})
        page = client.post("/sign-in/", {"how": "password", "handle": "+250788123456", "password": "mukamana-secret"})
        assert page.status_code == 302
        client.post("/sign-out/")


def test_wrong_passwords_for_one_person_lock_nobody_else(client, settings, buyer, artisan):
    settings.AXES_ENABLED = True
    for _try in range(9):
        client.post("/sign-in/", {"how": "password", "handle": "0788123456", "password": "guess"})
    page = client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "lin-secret"})
    assert page.status_code == 302


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)", "/%2f/evil"]
)
def test_next_leads_nowhere_else(client, buyer, evil):
    page = client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "lin-secret", "next": evil})
    assert page["Location"] == "/me/"


def test_signing_out_needs_a_post(client, buyer):
    client.force_login(buyer)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session


def test_one_person_however_often_they_sign_up(db):
    handle = handles.parse("Lin@example.com")
    assert people.sign_up(handle, language="en") == people.sign_up(handle, language="fr")
    assert User.objects.get().language == "en"


@pytest.mark.parametrize("password", ["short7!", "password", "12345678", "x" * 5000, "secret\0word"])
def test_a_poor_password_is_refused(buyer, password):
    with pytest.raises(people.BadPassword):
        people.set_password(buyer, password)


def test_a_password_is_set_without_the_old_one_after_a_code(client, buyer):
    client.post("/sign-in/", {"handle": buyer.email})
    client.post("/sign-in/code/", {"code": code_to(handles.parse(buyer.email))})
    assert client.post("/me/password/", {"password": "agaseke keza cyane"}).status_code == 302
    buyer.refresh_from_db()
    assert buyer.check_password("agaseke keza cyane")
    assert client.get("/me/").status_code == 200


def test_a_session_by_password_must_know_it_to_change_it(client, buyer):
    client.post("/sign-in/", {"how": "password", "handle": buyer.email, "password": "lin-secret"})
    page = client.post("/me/password/", {"current": "wrong", "password": "agaseke keza cyane"})
    assert page.status_code == 422
    page = client.post("/me/password/", {"current": "lin-secret", "password": "agaseke keza cyane"})
    assert page.status_code == 302


@pytest.mark.parametrize("name", ["me", "addresses", "identity", "inbox", "password", "add_address"])
def test_my_pages_ask_strangers_to_sign_in(client, name):
    url = reverse(f"accounts:{name}")
    page = client.get(url)
    assert (page.status_code, page["Location"]) == (302, f"/sign-in/?next={url}")


@pytest.mark.parametrize("name", ["me", "addresses", "identity", "inbox", "password", "add_address"])
def test_my_pages_open_for_me_and_stay_out_of_shared_caches(client, buyer, name):
    client.force_login(buyer)
    page = client.get(reverse(f"accounts:{name}"))
    assert page.status_code == 200
    assert "private" in page["Cache-Control"] or "no-store" in page["Cache-Control"]
