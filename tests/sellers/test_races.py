"""Double clicks of sellers, and two moderators with one case."""

import pytest

from accounts import consents
from accounts.models import Message, User
from sellers import moderation, onboarding, papers
from sellers.models import Decision, ModerationCase, Paper, Seller, SellerMember
from tests.races import together

from . import files

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ANSWERS = onboarding.Answers(
    name="Agaseke",
    kind="artisan",
    legal_name="Keza Aline",
    national_id_masked="1 1990 * ******* * 12",
    district_code="24",
    province="Southern Province",
    district="Huye",
    sector="Ngoma",
    phone="+250788123457",
    momo_number="+250788123457",
    language="en",
)


@pytest.fixture
def keza(now):
    """Keza with a draft and her card in it."""
    consents.load()
    user = User.objects.create(phone="+250788123457", language="en")
    seller = onboarding.draft(user, language="en")
    papers.keep(seller, files.upload(files.picture()), kind=Paper.Kind.ID_CARD, now=now)
    return user


def test_four_first_clicks_make_one_shop():
    user = User.objects.create(phone="+250788123457")
    made = together(4, lambda n: onboarding.draft(user, language="rw").pk)
    assert set(made) == {Seller.objects.get().pk}
    assert SellerMember.objects.count() == 1


def test_sending_four_times_at_once_opens_one_case_and_tells_once(keza, now):
    answers = together(4, lambda n: onboarding.apply(keza, ANSWERS, ip=None, now=now))
    assert any(isinstance(answer, Seller) for answer in answers)
    assert ModerationCase.objects.count() == 1
    assert Message.objects.filter(channel="sms").count() == 1


def test_one_file_sent_four_times_at_once_is_one_paper(keza, now):
    seller = Seller.objects.get()
    content = files.picture(size=(90, 90))
    made = together(4, lambda n: papers.keep(seller, files.upload(content), kind=Paper.Kind.OTHER, now=now).pk)
    assert len(set(made)) == 1
    assert Paper.objects.filter(kind=Paper.Kind.OTHER).count() == 1


def test_two_moderators_make_one_decision(keza, now):
    onboarding.apply(keza, ANSWERS, ip=None, now=now)
    case = ModerationCase.objects.get()
    staff = [User.objects.create(email=f"m{n}@example.com", is_staff=True) for n in range(2)]
    outcomes = [("approved", ""), ("rejected", "No.")]

    def decide(n):
        outcome, statement = outcomes[n]
        return moderation.decide(
            case, outcome=outcome, reason_code="KYC-OTHER", statement=statement, by=staff[n], now=now
        )

    answers = together(2, decide)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDecided", "Decision"]
    assert Seller.objects.get().status == Decision.objects.get().outcome
