"""What happens when the same person is everywhere at once."""

import pytest

from accounts import addresses, handles, messages, people, signin
from accounts.models import Address, Message, SignInCode, User
from tests.races import together

from .test_addresses import GOOD
from .test_signin import code_to

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PHONE = handles.Handle("phone", "+8613800001111")


def outcomes(answers):
    """How many went through, and which refusals the others met."""
    return answers.count(None), {type(answer) for answer in answers if answer is not None}


def test_one_code_opens_one_door(now):
    signin.send_code(PHONE, purpose="sign_in", language="en", now=now)
    code = code_to(PHONE)
    went, refusals = outcomes(together(4, lambda n: signin.check_code(PHONE, code, purpose="sign_in", now=now)))
    assert (went, refusals) == (1, {signin.WrongCode})


def test_twelve_guesses_at_once_are_five(now):
    signin.send_code(PHONE, purpose="sign_in", language="en", now=now)
    wrong = f"{(int(code_to(PHONE)) + 1) % 10**6:06d}"
    answers = together(12, lambda n: signin.check_code(PHONE, wrong, purpose="sign_in", now=now))
    assert sum(type(answer) is signin.WrongCode for answer in answers) == 5
    assert sum(type(answer) is signin.TooManyTries for answer in answers) == 7


def test_a_form_sent_four_times_at_once_sends_one_code(now):
    answers = together(4, lambda n: signin.send_code(PHONE, purpose="sign_in", language="en", now=now))
    assert outcomes(answers) == (1, {signin.TooManyCodes})
    assert SignInCode.objects.count() == Message.objects.count() == 1


def test_signing_up_in_four_tabs_makes_one_person():
    made = together(4, lambda n: people.sign_up(PHONE, language="en").pk)
    assert set(made) == {User.objects.get().pk}


def test_a_message_taken_by_four_workers_is_sent_once(monkeypatch):
    sent = []
    monkeypatch.setitem(messages.CHANNELS, Message.Channel.SMS, lambda message: sent.append(message.pk))
    messages.tell_handle(PHONE, "sign_in_code", language="en", once="x", code="123456", minutes=10)
    message_id = str(Message.objects.get().pk)
    assert outcomes(together(4, lambda n: messages.send(message_id=message_id))) == (4, set())
    assert len(sent) == 1


def test_four_addresses_at_once_have_one_default(now):
    user = User.objects.create(email="lin@example.com")
    answers = together(4, lambda n: addresses.save(user, {**GOOD, "is_default": True}, now=now).pk)
    assert len(set(answers)) == 4
    assert Address.objects.of(user).filter(is_default=True).count() == 1
