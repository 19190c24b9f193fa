"""The pages of reviews: the buyer's form, what everybody reads, the shop's list and the staff's."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog import stock
from orders import reviews
from orders.models import OrderLine, Review
from tests import cast

from .conftest import received

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def line(lin, basket, order_of) -> OrderLine:
    """A basket that Lin received yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    (line,) = received(order_of(lin, [(basket, 1)], now=yesterday), now=yesterday)
    return line


@pytest.fixture
def at_home(client, lin):
    client.force_login(lin)
    return client


@pytest.fixture
def listed(basket) -> str:
    return reverse("orders:reviews", args=[basket.product.slug])


def form_of(line: OrderLine) -> str:
    return reverse("orders:review", args=[line.pk])


def said(line: OrderLine, stars: int = 5, text: str = "编得很细。", **how) -> Review:
    how = {"anonymous": False, "by": line.consignment.order.buyer, "language": "zh-hans", "now": timezone.now(), **how}
    return reviews.write(line, stars=stars, text=text, **how)


# The buyer ------------------------------------------------------------------------------------------------------------


def test_what_is_due_has_a_button_until_it_is_reviewed(at_home, line):
    orders, order = "/orders/?tab=to-review", reverse("payments:order", args=[line.consignment.order.number])
    for place in (orders, order):
        assert f'href="{form_of(line)}"' in at_home.get(place).content.decode()
    said(line)
    assert form_of(line) not in at_home.get(orders).content.decode()
    assert at_home.get("/orders/").context["tabs"][4].count == 0
    assert form_of(line) in at_home.get(order).content.decode(), "to read it again"


def test_a_buyer_reviews_without_script_and_is_thanked(at_home, line):
    form = at_home.get(f"/en{form_of(line)}").content.decode()
    assert form.count('type="radio"') == 5
    assert "★★★★★ Very satisfied" in form
    sent = {"stars": "4", "text": "很好 13812341234", "anonymous": "on"}
    response = at_home.post(f"/en{form_of(line)}", sent, follow=True)
    assert response.redirect_chain == [(f"/en/orders/{line.consignment.order.number}/", 302)]
    assert "Thank you for your review." in response.content.decode()
    review = Review.objects.get()
    assert (review.stars, review.text, review.anonymous) == (4, "很好 138****1234", True)
    assert at_home.post(form_of(line), {"text": "又用了一周，还是很好。"}).status_code == 302
    review.refresh_from_db()
    assert review.more == "又用了一周，还是很好。"
    assert "<textarea" not in at_home.get(form_of(line)).content.decode()


@pytest.mark.parametrize(
    "sent",
    [{}, {"stars": "6"}, {"stars": "0"}, {"stars": "4.5"}, {"stars": "5", "text": "长" * 3400}, {"stars": "5\x00"}],
)
def test_a_refused_review_keeps_its_words(at_home, line, sent):
    response = at_home.post(form_of(line), {"text": "颜色很正", **sent})
    assert response.status_code == 422
    assert sent.get("text", "颜色很正") in response.content.decode()
    assert not Review.objects.exists()


def test_what_did_not_arrive_cannot_be_reviewed(at_home, lin, basket, order_of):
    line = OrderLine.objects.get(consignment__order=order_of(lin, [(basket, 1)]))
    back = reverse("payments:order", args=[line.consignment.order.number])
    response = at_home.get(form_of(line), headers={"referer": f"http://testserver{back}"})
    assert (response.status_code, response["Location"]) == (303, back)


def test_a_hidden_review_says_why_to_its_writer_alone(at_home, line, listed):
    review = said(line, 1, "骗子！")
    reviews.hide(review, "abuse", note="insult", by=cast.moderator(), now=timezone.now())
    mine = at_home.get(form_of(line)).content.decode()
    assert "骗子！" in mine
    assert str(Review.HiddenFor.ABUSE.label) in mine
    assert "骗子！" not in at_home.get(listed).content.decode()


# Everybody ------------------------------------------------------------------------------------------------------------


def test_nobody_reviewed_it_yet(client, basket, listed):
    empty = client.get(listed)
    assert (empty.status_code, empty.context["count"]) == (200, 0)
    assert "暂无评分" in empty.content.decode()
    assert client.get("/p/no-such-thing/reviews/").status_code == 404


def test_everybody_reads_reviews_and_no_names(client, line, lin, listed):
    lin.name = "爱喝咖啡的猫"
    lin.save(update_fields=["name"])
    review = said(line, 2, "<b>一般</b> http://x.example/")
    reviews.reply(review, "Murakoze!", language="rw", actor="user:2", now=timezone.now())
    shown = client.get(listed)
    text = shown.content.decode()
    assert "爱***猫" in text
    assert "爱喝咖啡的猫" not in text
    assert "&lt;b&gt;一般&lt;/b&gt; http://x.example/" in text
    assert 'href="http://x.example' not in text
    assert '<p lang="rw">Murakoze!</p>' in text
    assert "public" in shown["Cache-Control"]


def test_an_anonymous_review_tells_nobody(client, line, lin, listed):
    said(line, anonymous=True)
    assert "匿名用户" in client.get(listed).content.decode()


def test_reviews_stand_by_tens_and_can_be_chosen(client, lin, basket, order_of, listed, django_assert_max_num_queries):
    stock.receive(basket, 5, actor="test")
    now = timezone.now()
    orders = [received(order_of(lin, [(basket, 1)], now=now), now=now) for _ in range(10)]
    order = received(order_of(cast.lin(), [(basket, 1)]), now=now)
    for number, (line,) in enumerate([*orders, order]):
        said(line, 5 if number else 1, f"No. {number}", now=now + timedelta(minutes=number))
    with django_assert_max_num_queries(4):
        first = client.get(listed)
    assert "4.6分" in first.content.decode()
    assert "好评率90%" in first.content.decode()
    assert [review.text for review in first.context["page"]] == [f"No. {number}" for number in range(10, 0, -1)]
    assert [review.text for review in client.get(listed, {"page": "2"}).context["page"]] == ["No. 0"]
    assert [review.text for review in client.get(listed, {"only": "critical"}).context["page"]] == ["No. 0"]
    assert len(client.get(listed, {"only": "good", "page": "1"}).context["page"]) == 10
    assert client.get(listed, {"only": "\x00", "page": "x" * 90}).status_code == 200


def test_a_products_page_takes_the_newest_three_as_a_piece(client, line, listed):
    said(line)
    piece = client.get(listed, headers=FRAGMENT)
    assert "<html" not in piece.content.decode()
    assert "编得很细。" in piece.content.decode()
    assert "HX-Request" in piece["Vary"]
    assert "public" in piece["Cache-Control"]


# The shop -------------------------------------------------------------------------------------------------------------


def test_a_shop_reads_and_answers_and_its_refused_words_stay(client, line, mukamana, listed):
    review = said(line)
    client.force_login(mukamana)
    assert "编得很细。" in client.get("/sell/reviews/").content.decode()
    answer = reverse("sell:answer_review", args=[review.pk])
    assert client.post(answer, {"text": " "}).status_code == 422
    long = client.post(answer, {"text": "a" * 501})
    assert (long.status_code, "a" * 501 in long.content.decode()) == (422, True)
    assert client.post(answer, {"text": "Murakoze, turishimye!"}).status_code == 302
    again = client.post(answer, {"text": "Oya"})
    assert again.status_code == 422
    review.refresh_from_db()
    assert (review.reply, review.reply_language) == ("Murakoze, turishimye!", "rw")
    assert "Murakoze, turishimye!" in client.get(listed).content.decode()


def test_a_shop_does_not_read_what_staff_have_hidden(client, line, mukamana):
    review = said(line, 1, "骗子！")
    reviews.hide(review, "abuse", note="insult", by=cast.moderator(), now=timezone.now())
    client.force_login(mukamana)
    shown = client.get("/sell/reviews/").content.decode()
    assert "骗子！" not in shown
    assert str(Review.HiddenFor.ABUSE.label) not in shown
    assert f"review-{review.pk}" in shown


# Staff ----------------------------------------------------------------------------------------------------------------


def test_moderators_hide_and_show_with_a_reason_and_change_no_word(client, line, basket):
    review = said(line, 1, "骗子！")
    client.force_login(cast.moderator())
    every, one = reverse("admin:orders_review_changelist"), reverse("admin:orders_review_change", args=[review.pk])
    assert "骗子！" in client.get(one).content.decode()
    assert client.post(one, {"text": "很好"}).status_code == 403
    for sent, hidden in (
        ({"action": "hide", "reason": "", "note": ""}, False),
        ({"action": "hide", "reason": "abuse", "note": "insult"}, True),
        ({"action": "show", "note": "he is right"}, False),
    ):
        client.post(every, {"_selected_action": [review.pk], "index": "0", **sent})
        review.refresh_from_db()
        assert bool(review.hidden_at) is hidden
    assert review.text == "骗子！"
