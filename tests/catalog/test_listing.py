"""A product on its way from a seller's head to buyers, and every no on the way."""

import pytest

from accounts.models import Message
from catalog import access, listing, moderation, pictures, stock
from catalog.models import Category, ExchangeRate, HsCode, Product
from kernel.lifecycle import IllegalMove
from kernel.money import Money
from sellers import moderation as cases
from sellers.models import Decision, ModerationCase
from tests import cast
from tests.catalog.test_pictures import encoded, photo

NO = {"reason_code": "LST-PHOTO-QUALITY", "statement": "Fata ifoto ku manywa."}


def facts(**other):
    said = {
        "category": Category.objects.get(slug="basketry"),
        "written_in": "rw",
        "name": "Agaseke gato",
        "description": "Kaboshywe n'intoki i Huye mu minsi ine.",
        "materials": "sisal, ishinge",
        "receive": Money(15000, "RWF"),
        "weight_g": 190,
        "length_mm": 220,
        "width_mm": 110,
        "height_mm": 110,
    }
    return listing.Facts(**{**said, **other})


@pytest.fixture
def draft(shop):
    return listing.create(shop, facts(), stock_units=5, actor="user:1", now=cast.NOW)


@pytest.fixture
def sent(draft):
    pictures.add(draft, encoded(photo()))
    listing.submit(draft, actor="user:1")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def ready(sent):
    """Translated, as a moderator does before publishing."""
    Product.objects.filter(pk=sent.pk).update(
        name_zh="小和平篮", description_zh="手工编织。", customs_description="Sisal basket"
    )
    sent.refresh_from_db()
    return sent


def test_a_draft_has_a_price_a_line_and_counted_stock(draft):
    variant = draft.variants.get()
    assert variant.price == Money.of("85", "CNY")
    assert draft.hs_code.code == "4602199000"
    assert variant.on_hand == stock.recount(variant) == 5


def test_a_draft_can_be_written_without_a_rate(shop):
    ExchangeRate.objects.all().delete()
    assert listing.create(shop, facts(), stock_units=0, actor="user:1", now=cast.NOW).variants.get().price_minor == 0


def test_what_is_missing_is_named(draft):
    with pytest.raises(listing.NotReady) as no:
        listing.submit(draft, actor="user:1")
    assert no.value.details["missing"]
    assert [point.code for point in listing.checklist(draft) if not point.done] == ["photo"]
    assert draft.status == Product.Status.DRAFT


def test_sending_opens_one_case(sent):
    assert sent.status == Product.Status.SUBMITTED
    assert listing.submit(sent, actor="user:1") is False
    assert ModerationCase.objects.get().subject == f"catalog.product:{sent.pk}"


def test_a_shop_that_is_not_approved_sends_nothing(draft, shop):
    shop.move("suspended")
    with pytest.raises(listing.NotASeller):
        listing.submit(draft, actor="user:1")


def test_goods_that_are_forbidden_are_not_even_sent(draft):
    HsCode.objects.filter(code="4602199000").update(access=HsCode.Access.BLOCKED)
    pictures.add(draft, encoded(photo()))
    with pytest.raises(listing.NotReady):
        listing.submit(Product.objects.get(pk=draft.pk), actor="user:1")


def test_publishing_puts_it_on_sale_and_tells_the_shop(ready, moderator, run_jobs):
    assert moderation.publish(ready, by=moderator, now=cast.NOW) is True
    assert moderation.publish(ready, by=moderator, now=cast.NOW) is False
    ready.refresh_from_db()
    assert ready.published_at == cast.NOW
    assert Product.objects.on_sale().get() == ready
    assert Decision.objects.get().outcome == Decision.Outcome.APPROVED
    assert Message.objects.filter(kind="product_published", channel=Message.Channel.INBOX).count() == 1
    run_jobs()
    ready.refresh_from_db()
    assert ready.search_pinyin


@pytest.mark.parametrize("column", ["name_zh", "description_zh", "customs_description"])
def test_without_its_texts_it_is_not_published(ready, moderator, column):
    Product.objects.filter(pk=ready.pk).update(**{column: ""})
    with pytest.raises(moderation.NotPublishable):
        moderation.publish(ready, by=moderator, now=cast.NOW)
    assert not Decision.objects.exists()


def test_what_is_not_settled_needs_a_name_and_evidence(ready, moderator):
    HsCode.objects.update(access=HsCode.Access.UNKNOWN)
    with pytest.raises(access.MayNotBeSent):
        moderation.publish(ready, by=moderator, now=cast.NOW)
    with pytest.raises(moderation.NeedsEvidence):
        moderation.approve_access(ready, evidence="  ", by=moderator)
    moderation.approve_access(ready, evidence="ruling 2026-7", by=moderator)
    assert moderation.publish(ready, by=moderator, now=cast.NOW)


def test_nobody_publishes_for_their_own_shop(ready, artisan):
    with pytest.raises(cases.OwnShop):
        moderation.publish(ready, by=artisan, now=cast.NOW)


def test_a_draft_is_not_published_past_review(draft, moderator):
    pictures.add(draft, encoded(photo()))
    Product.objects.filter(pk=draft.pk).update(name_zh="篮", description_zh="篮。", customs_description="Basket")
    with pytest.raises(IllegalMove):
        moderation.publish(draft, by=moderator, now=cast.NOW)
    assert not Decision.objects.exists()


def test_a_no_has_a_reason_and_reaches_the_seller_in_their_language(ready, moderator):
    with pytest.raises(cases.NeedsReason):
        moderation.request_changes(ready, reason_code="", statement="", by=moderator, now=cast.NOW)
    moderation.request_changes(ready, **NO, by=moderator, now=cast.NOW)
    told = Message.objects.get(kind="product_changes", channel=Message.Channel.INBOX)
    assert told.language == "rw" and NO["statement"] in told.body
    listing.submit(Product.objects.get(pk=ready.pk), actor="user:1")
    assert ModerationCase.objects.count() == 2


def test_a_stopped_product_is_off_sale_and_can_be_restored(ready, moderator):
    moderation.publish(ready, by=moderator, now=cast.NOW)
    moderation.suspend(ready, **NO, by=moderator, now=cast.NOW)
    assert not Product.objects.on_sale().exists()
    ready.refresh_from_db()
    with pytest.raises(IllegalMove):
        listing.revise(ready, facts(name="Other"), actor="user:1", now=cast.NOW)
    moderation.publish(ready, by=moderator, now=cast.NOW)
    assert Decision.objects.latest("pk").outcome == Decision.Outcome.RESTORED


def test_changed_facts_go_back_to_review_and_stock_does_not(ready, moderator):
    moderation.publish(ready, by=moderator, now=cast.NOW)
    stock.set_on_hand(ready.variants.get(), 2, actor="user:1")
    assert listing.revise(ready, facts(), actor="user:1", now=cast.NOW) is False
    assert Product.objects.on_sale().exists()
    assert listing.revise(ready, facts(receive=Money(99000, "RWF")), actor="user:1", now=cast.NOW) is True
    assert Product.objects.get().status == Product.Status.SUBMITTED
    assert ModerationCase.objects.filter(status="new").count() == 1


def test_another_shelf_is_another_line_and_an_old_approval_is_gone(ready, moderator):
    moderation.approve_access(ready, evidence="ruling", by=moderator)
    listing.revise(ready, facts(category=Category.objects.get(slug="coffee")), actor="user:1", now=cast.NOW)
    product = Product.objects.get()
    assert (product.hs_code.code, product.access_approved_by) == ("0901210000", "")


def test_pausing_and_selling_again(ready, moderator):
    moderation.publish(ready, by=moderator, now=cast.NOW)
    assert listing.pause(ready, actor="user:1")
    assert not Product.objects.on_sale().exists()
    assert listing.resume(ready, actor="user:1", now=cast.NOW)
    assert Product.objects.on_sale().exists()


def test_a_seller_cannot_sell_again_what_was_stopped(ready, moderator):
    moderation.publish(ready, by=moderator, now=cast.NOW)
    moderation.suspend(ready, **NO, by=moderator, now=cast.NOW)
    with pytest.raises(IllegalMove):
        listing.resume(ready, actor="user:1", now=cast.NOW)
