from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel.actors import actor_of
from kernel.money import Money
from kernel.refusals import Refusal


class TotalChanged(Refusal):
    code = "total_changed"
    message = _("The total is now %(total)s, for %(count)s things.")


def test_a_refusal_speaks_the_language_of_its_reader() -> None:
    refusal = TotalChanged(total=Money(1285000, "CNY"), count=2)
    with translation.override("en"):
        assert str(refusal) == "The total is now CN¥12,850.00, for 2 things."
    with translation.override("zh-hans"):
        assert "¥12,850.00" in str(refusal)
    assert refusal.details["total"] == Money(1285000, "CNY")


def test_a_percent_sign_in_a_plain_message_is_harmless() -> None:
    class Taxed(Refusal):
        message = "13% tax"

    assert str(Taxed()) == "13% tax"
    assert (Refusal().code, Refusal().status) == ("refused", 409)


def test_actors_have_short_names() -> None:
    assert actor_of(type("User", (), {"pk": 12})()) == "user:12"
    assert actor_of(None) == actor_of(type("Nobody", (), {"pk": None})()) == "anonymous"


def test_a_text_without_a_translation_is_english_and_never_the_default_language() -> None:
    with translation.override("rw"):
        assert translation.gettext("Enter a valid IPv4 or IPv6 address.") == "Enter a valid IPv4 or IPv6 address."
    with translation.override("zh-hans"):
        assert translation.gettext("Enter a valid URL.") != "Enter a valid URL."
