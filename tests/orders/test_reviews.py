"""Reviews: only by who received the goods, once, as written, and counted in the rating while they are seen."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import Message, User
from catalog import ratings
from catalog.models import Variant
from kernel.models import AuditRecord
from orders import reviews, words
from orders.models import OrderLine, Review
from sellers.models import SellerMember
from tests import cast
from tests.races import together

from .conftest import NOW, received, shelved

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def line(lin, basket, order_of) -> OrderLine:
    """A basket that Lin has received."""
    (line,) = received(order_of(lin, [(basket, 1)]))
    return line


@pytest.fixture
def staff(reference) -> User:
    return cast.moderator()


def said(
    line: OrderLine, stars: int = 5, text: str = "编得很细。", *, by: User, anonymous=False, now=NOW + DAY
) -> Review:
    return reviews.write(line, stars=stars, text=text, anonymous=anonymous, by=by, language="en", now=now)


def rated(variant: Variant) -> tuple[int, int]:
    """The sum of the stars and the number of reviews, as lists know them."""
    variant.product.refresh_from_db()
    return variant.product.rating_sum, variant.product.rating_count


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind, channel="inbox"))


# Writing --------------------------------------------------------------------------------------------------------------


def test_a_buyer_reviews_what_arrived_and_the_shop_is_told(line, lin, basket, mukamana):
    review = said(line, 4, by=lin)
    assert (review.stars, review.text, review.language, review.at) == (4, "编得很细。", "zh-hans", NOW + DAY)
    assert rated(basket) == (4, 1)
    (message,) = told("review_written")
    assert (message.user, message.url) == (mukamana, "/sell/reviews/")
    assert "编得很细。" in message.body


def test_stars_are_enough(line, lin, basket):
    assert said(line, 3, " \n\u3000\u200b", by=lin).text == ""
    assert rated(basket) == (3, 1)


def test_what_has_not_arrived_is_not_reviewed(lin, basket, order_of):
    line = OrderLine.objects.get(consignment__order=order_of(lin, [(basket, 1)]))
    with pytest.raises(reviews.NotCompleted):
        said(line, by=lin)
    assert rated(basket) == (0, 0)


def test_nobody_reviews_what_another_bought(line, basket):
    with pytest.raises(reviews.NotYours):
        said(line, by=cast.lin())
    assert (rated(basket), Review.objects.count()) == ((0, 0), 0)


def test_a_shop_does_not_review_its_own_goods(line, lin, shop, basket):
    SellerMember.objects.create(seller=shop, user=lin, role=SellerMember.Role.OWNER)
    with pytest.raises(reviews.OwnGoods):
        said(line, by=lin)
    assert rated(basket) == (0, 0)


def test_after_ninety_days_it_is_too_late(line, lin):
    with pytest.raises(reviews.TooLateToReview):
        said(line, by=lin, now=NOW + 90 * DAY)
    assert said(line, by=lin, now=NOW + 90 * DAY - timedelta(seconds=1))


def test_a_review_is_written_once_and_the_same_twice_is_once(line, lin, basket):
    first = said(line, 5, by=lin)
    assert said(line, 5, by=lin, now=NOW + 200 * DAY) == first
    with pytest.raises(reviews.AlreadyReviewed):
        said(line, 1, by=lin)
    assert (rated(basket), len(told("review_written"))) == ((5, 1), 1)


def test_each_purchase_may_be_reviewed(line, lin, basket, order_of):
    said(line, 5, by=lin)
    (again,) = received(order_of(lin, [(basket, 1)]))
    said(again, 2, by=lin)
    assert rated(basket) == (7, 2)


@pytest.mark.parametrize(
    "sql", ["UPDATE orders_review SET stars = 5", "UPDATE orders_review SET text = ''", "DELETE FROM orders_review"]
)
def test_the_database_itself_keeps_what_was_written(line, lin, sql):
    said(line, 1, by=lin)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Review.objects.get().stars == 1


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("好\x00\u202e看\u200b", "好看"),
        ("one\r\n\r\n\r\n\r\ntwo   three ", "one\n\ntwo three"),
        ("微信 13812341234, 身份证11010519491231002X", "微信 138****1234, 身份证1****************X"),
        ("👩🏿\u200d🌾 http://x.example/?a=<b>", "👩🏿\u200d🌾 http://x.example/?a=<b>"),
        ("e\u0301", "é"),
        ("长" * 500, "长" * 500),
    ],
)
def test_words_are_kept_plain(typed, kept):
    assert words.cleaned(typed) == kept


@pytest.mark.parametrize("typed", ["长" * 501, "Z" + "\u0336" * 5000])
def test_words_are_few(typed):
    with pytest.raises(words.TooLong):
        words.cleaned(typed)


# Adding, answering ----------------------------------------------------------------------------------------------------


def test_a_buyer_adds_once_within_thirty_days(line, lin, basket):
    review = said(line, 5, by=lin, now=NOW)
    assert reviews.add(review, "用了两周，有点掉色。", by=lin, now=NOW + 14 * DAY)
    assert not reviews.add(review, "用了两周，有点掉色。", by=lin, now=NOW + 15 * DAY)
    with pytest.raises(reviews.AlreadyAdded):
        reviews.add(review, "又想了想。", by=lin, now=NOW + 15 * DAY)
    review.refresh_from_db()
    assert (review.stars, review.text, review.more) == (5, "编得很细。", "用了两周，有点掉色。")
    assert rated(basket) == (5, 1)


def test_adding_needs_its_writer_words_and_time(line, lin):
    review = said(line, by=lin, now=NOW)
    for no, text, by, now in (
        (reviews.NotYours, "好", cast.lin(), NOW),
        (words.NothingWritten, " ", lin, NOW),
        (reviews.TooLateToReview, "好", lin, NOW + 30 * DAY),
    ):
        with pytest.raises(no):
            reviews.add(review, text, by=by, now=now)
    review.refresh_from_db()
    assert review.more_at is None


def test_a_shop_answers_once_in_its_own_language(line, lin):
    review = said(line, by=lin)
    assert reviews.reply(review, "Murakoze cyane!", language="rw", actor="user:2", now=NOW + 2 * DAY)
    assert not reviews.reply(review, "Murakoze cyane!", language="rw", actor="user:2", now=NOW + 3 * DAY)
    with pytest.raises(reviews.AlreadyAnswered):
        reviews.reply(review, "Oya.", language="rw", actor="user:2", now=NOW + 3 * DAY)
    review.refresh_from_db()
    assert (review.reply, review.reply_language, review.reply_at) == ("Murakoze cyane!", "rw", NOW + 2 * DAY)
    assert AuditRecord.objects.get(deed="review_answered").actor == "user:2"


# Hiding ---------------------------------------------------------------------------------------------------------------


def test_what_staff_hide_does_not_count_and_its_writer_is_told_why(line, lin, basket, staff):
    review = said(line, 1, by=lin)
    assert reviews.hide(review, "abuse", note="insults the weaver", by=staff, now=NOW + 2 * DAY)
    assert not reviews.hide(review, "abuse", note="insults the weaver", by=staff, now=NOW + 2 * DAY)
    assert rated(basket) == (0, 0)
    assert not Review.objects.of_product(basket.product_id).exists()
    (message,) = told("review_hidden")
    assert message.user == lin
    assert "insults the weaver" not in message.body
    assert AuditRecord.objects.get(deed="review_hidden").detail == {"reason": "abuse", "note": "insults the weaver"}
    for deed in (
        lambda: reviews.reply(review, "Oya.", language="rw", actor="user:2", now=NOW + 3 * DAY),
        lambda: reviews.add(review, "好", by=lin, now=NOW + 3 * DAY),
    ):
        with pytest.raises(reviews.Hidden):
            deed()


def test_a_hidden_review_can_be_shown_again(line, lin, basket, staff):
    review = said(line, 2, by=lin)
    reviews.hide(review, "bought", note="a hint from a rival", by=staff, now=NOW + 2 * DAY)
    assert reviews.show(review, note="the hint was wrong", by=staff)
    assert not reviews.show(review, note="the hint was wrong", by=staff)
    assert rated(basket) == (2, 1)
    review.refresh_from_db()
    assert (review.hidden_at, review.hidden_reason) == (None, "")


def test_nothing_is_hidden_without_a_reason_or_by_the_shop(line, lin, basket, staff, shop):
    review = said(line, 1, by=lin)
    for reason, note in (("", "why not"), ("the shop asked", "why not"), ("abuse", " ")):
        with pytest.raises(reviews.NeedsReason):
            reviews.hide(review, reason, note=note, by=staff, now=NOW)
    SellerMember.objects.create(seller=shop, user=staff, role=SellerMember.Role.OWNER)
    with pytest.raises(reviews.OwnShopsReview):
        reviews.hide(review, "abuse", note="it hurts us", by=staff, now=NOW)
    assert rated(basket) == (1, 1)


# Ratings --------------------------------------------------------------------------------------------------------------


def test_a_rating_is_said_from_five_reviews_on(basket):
    ratings.rate(basket.product_id, stars=18, count=4)
    rated(basket)
    assert ratings.of(basket.product) is None
    ratings.rate(basket.product_id, stars=5, count=1)
    rated(basket)
    rating = ratings.of(basket.product)
    assert (float(rating.stars), rating.count) == (4.6, 5)


def test_what_is_due_is_what_was_received_and_not_reviewed(lin, basket, coffee, order_of):
    order = order_of(lin, [(basket, 1), (coffee, 1)])
    first, second = received(order)
    parts = list(order.consignments.prefetch_related("lines__review"))
    assert reviews.due(parts, now=NOW) == {first.pk, second.pk}
    assert reviews.due(parts, now=NOW + 90 * DAY) == set()
    said(first, by=lin)
    assert reviews.due(order.consignments.all(), now=NOW) == {second.pk}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_review_sent_twenty_times_at_once_is_one_review_and_one_rating(order_of):
    cast.reference()
    call_command("load_corridors", verbosity=0)
    buyer, basket = cast.lin(), shelved(cast.basket(cast.shop(cast.person("Mukamana", language="rw"))), 1)
    (line,) = received(order_of(buyer, [(basket, 1)]))
    answers = together(20, lambda index: said(OrderLine.objects.get(pk=line.pk), 4, by=buyer))
    assert {answer.pk for answer in answers} == {Review.objects.get().pk}
    assert (rated(basket), len(told("review_written"))) == ((4, 1), 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_disagree_at_once_leave_one_review(order_of):
    """One browser says five stars and the other one: whoever is first is kept, and counted once."""
    cast.reference()
    call_command("load_corridors", verbosity=0)
    buyer, basket = cast.lin(), shelved(cast.basket(cast.shop(cast.person("Mukamana", language="rw"))), 1)
    (line,) = received(order_of(buyer, [(basket, 1)]))
    answers = together(10, lambda index: said(OrderLine.objects.get(pk=line.pk), 1 + index % 2 * 4, by=buyer))
    kept = Review.objects.get()
    assert all(answer == kept or isinstance(answer, reviews.AlreadyReviewed) for answer in answers)
    assert rated(basket) == (kept.stars, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_buyers_at_once_are_all_counted(order_of):
    cast.reference()
    call_command("load_corridors", verbosity=0)
    basket = shelved(cast.basket(cast.shop(cast.person("Mukamana", language="rw"))), 10)
    lines = [(buyer, received(order_of(buyer, [(basket, 1)]))[0]) for buyer in (cast.lin() for _ in range(10))]
    answers = together(10, lambda index: said(lines[index][1], 1 + index % 5, by=lines[index][0]))
    assert all(isinstance(answer, Review) for answer in answers)
    assert rated(basket) == (30, 10)
