"""A product on its way from a seller's head to buyers, and every no on the way."""

from dataclasses import replace

import pytest

from accounts.models import Message
from catalog import (
    access,
    customs,
    listing,
    moderation,
    options,
    pictures,
    readiness,
    stock,
    texts,
    variants,
    vocabulary,
)
from catalog.facts import BadFact
from catalog.models import ExchangeRate, HsCode, Maker, Product, Variant
from catalog.variants import VariantFacts
from kernel.lifecycle import IllegalMove
from kernel.money import Money
from sellers import moderation as cases
from sellers.models import Decision, ModerationCase
from tests import cast
from tests.catalog.test_pictures import encoded, photo

NO = {"reason_code": "LST-PHOTO-QUALITY", "statement": "Fata ifoto ku manywa."}
BASKET, COFFEE = "peace-basket", "roasted-coffee"


def one(receive=15000, *, pk=None, stock=5, **chosen):
    return VariantFacts(chosen, Money(receive, "RWF"), weight_g=190, sides=(220, 110, 110), stock=stock, pk=pk)


def facts(kind=BASKET, *, variants=(), **other):
    said = {
        "product_type": vocabulary.types()[kind],
        "facts": {"material": ["sisal", "sweetgrass"], "technique": "coiled"},
        "variants": list(variants) or [one(height=22)],
        "name": "Agaseke gato",
        "description": "Kaboshywe n'intoki i Huye mu minsi ine.",
    }
    return listing.Facts(**{**said, **other})


def made(shop, said):
    return listing.create(shop, said, actor="user:1", now=cast.NOW)


def revised(product, said, **seen):
    return listing.revise(product, said, actor="user:1", now=cast.NOW, **seen)


@pytest.fixture
def draft(shop):
    return made(shop, facts())


@pytest.fixture
def family(shop):
    """A basket in two sizes."""
    return made(shop, facts(variants=[one(15000, height=18), one(28000, height=24)]))


@pytest.fixture
def sent(draft):
    pictures.add(draft, encoded(photo()))
    listing.submit(draft, actor="user:1")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def on_sale(sent, moderator):
    moderation.publish(sent, by=moderator, now=cast.NOW)
    sent.refresh_from_db()
    return sent


def sizes(product):
    return {v.options[0]["value"]: v for v in variants.offered(product)}


# Writing down


def test_a_draft_has_a_price_a_line_and_counted_stock(draft):
    variant = draft.variants.get()
    assert variant.price == Money.of("85", "CNY")
    assert (draft.category.slug, draft.hs_code.code) == ("basketry", "4602199000")
    assert variant.on_hand == stock.recount(variant) == 5
    assert variant.sku.startswith(f"S{draft.seller_id}-")


def test_a_draft_can_be_written_without_a_rate(shop):
    ExchangeRate.objects.all().delete()
    assert made(shop, facts()).variants.get().price_minor == 0


def test_choices_in_kinyarwanda_become_pages_in_four_languages(shop):
    product = made(shop, facts(name="", description=""))
    assert all([product.name_zh, product.name_en, product.name_fr, product.name_rw])
    assert "剑麻" in product.texts.get(field="specification", language="zh").body


def test_her_own_name_is_hers_and_can_be_taken_back(draft):
    composed = draft.texts.get(field="title", language="rw").composed
    assert draft.name_rw == "Agaseke gato" != composed and draft.name_zh
    revised(draft, facts(name=""))
    assert Product.objects.get().name_rw == composed


def test_what_only_one_variant_says_is_said_of_the_product(draft):
    assert draft.facts["height"] == 22 and draft.variants.get().options == []


def test_what_differs_is_an_option_and_what_is_shared_is_a_fact(shop):
    product = made(shop, facts(variants=[one(height=18, colour="red"), one(height=24, colour="red")]))
    assert product.facts["colour"] == "red" and "height" not in product.facts
    assert [v.option_key for v in variants.offered(product)] == ["height:18", "height:24"]
    assert not readiness.missing(product)[:-1], "a size that differs is no missing size"


@pytest.mark.parametrize(
    ("each", "no"),
    [
        ([one(height=18), one(height=18)], options.SameTwice),
        ([one(), one()], options.SameTwice),
        ([one(height=18), one()], options.OptionMissing),
        ([one(height="x"), one(height=18)], BadFact),
        ([one(colour="no such colour")], BadFact),
        ([], variants.NoVariant),
        ([one(height=n + 1) for n in range(31)], variants.TooMany),
    ],
    ids=["same size", "no size", "one without", "no number", "strange term", "none", "31"],
)
def test_variants_that_cannot_be_told_apart_are_refused(shop, each, no):
    with pytest.raises(no):
        made(shop, replace(facts(), variants=each))
    assert not Product.objects.exists()


def test_buyers_choose_between_two_things_at_most():
    kind = replace(vocabulary.types()[BASKET], axes=("height", "width", "colour"))
    each = [{"height": 1, "width": 1, "colour": "red"}, {"height": 2, "width": 2, "colour": "natural"}]
    with pytest.raises(options.TooManyAxes):
        options.settle(kind, {}, each)


def test_customs_reads_what_it_is_and_what_of(draft, on_sale):
    assert draft.customs_description == "Agaseke peace basket of sisal and sweetgrass, coiled weaving"
    Product.objects.update(customs_description="Sisal basket, lidded")
    revised(on_sale, facts(facts={"material": ["sisal"], "technique": "coiled"}))
    assert Product.objects.get().customs_description == "Sisal basket, lidded", "staff's words are kept"


@pytest.mark.parametrize("kind", vocabulary.types())
def test_no_kind_of_goods_is_described_in_generic_words(kind):
    words = customs.describe(vocabulary.types()[kind], {})
    assert not customs.is_generic(words) and len(words) <= customs.LONGEST


@pytest.mark.parametrize("words", ["Gift", "handicrafts", "Goods of Rwanda", "African craft items", "", "12", "礼物"])
def test_generic_words_are_found_out(words):
    assert customs.is_generic(words)


# Sending


def test_what_is_missing_is_named_in_her_language(shop):
    product = made(shop, facts(facts={}, variants=[one(stock=0)]))
    with pytest.raises(listing.NotReady) as no:
        listing.submit(product, actor="user:1")
    for attribute in ("material", "technique", "height"):
        assert str(vocabulary.attributes()[attribute].name) in str(no.value)
    missing = [point.code for point in readiness.checklist(product) if not point.done]
    assert missing == ["fact-material", "fact-technique", "fact-height", "stock", "photo"]
    assert product.status == Product.Status.DRAFT


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


@pytest.mark.parametrize("line", ["0901110000", "4602199000", "9601900000", "9999999999"])
def test_each_kind_says_at_once_whether_it_may_be_sent(line):
    hs = HsCode(code=line, access={"0901110000": "needs_papers", "9601900000": "blocked"}.get(line, "ok"))
    outlook = access.outlook(hs)
    assert str(outlook.text) and outlook.is_blocked == (line == "9601900000")
    assert bool(outlook.papers) == (line != "9999999999")


def test_words_that_advertising_may_not_say_are_named_before_it_is_sent(shop):
    product = made(shop, facts(written_in="en", description="The best basket. It cures every illness."))
    pictures.add(product, encoded(photo()))
    with pytest.raises(listing.WordsNotAllowed) as no:
        listing.submit(product, actor="user:1")
    found = texts.findings(product)[0][2]
    assert "best" in str(no.value) and str(found.advice) in str(no.value)
    revised(product, facts(written_in="en", description="Woven in Huye in four days."))
    assert listing.submit(product, actor="user:1")


# Deciding


def test_publishing_puts_it_on_sale_and_tells_the_shop(sent, moderator, run_jobs):
    assert moderation.publish(sent, by=moderator, now=cast.NOW) is True
    assert moderation.publish(sent, by=moderator, now=cast.NOW) is False
    sent.refresh_from_db()
    assert sent.published_at == cast.NOW
    assert Product.objects.on_sale().get() == sent
    assert Decision.objects.get().outcome == Decision.Outcome.APPROVED
    assert Message.objects.filter(kind="product_published", channel=Message.Channel.INBOX).count() == 1
    run_jobs()
    sent.refresh_from_db()
    assert sent.search_pinyin


def test_without_words_for_customs_it_is_not_published(sent, moderator):
    Product.objects.filter(pk=sent.pk).update(customs_description="")
    with pytest.raises(moderation.NotPublishable):
        moderation.publish(sent, by=moderator, now=cast.NOW)
    assert not Decision.objects.exists()


def test_what_is_not_settled_needs_a_name_and_evidence(sent, moderator):
    HsCode.objects.update(access=HsCode.Access.UNKNOWN)
    with pytest.raises(access.MayNotBeSent):
        moderation.publish(sent, by=moderator, now=cast.NOW)
    with pytest.raises(moderation.NeedsEvidence):
        moderation.approve_access(sent, evidence="  ", by=moderator)
    moderation.approve_access(sent, evidence="ruling 2026-7", by=moderator)
    assert moderation.publish(sent, by=moderator, now=cast.NOW)


def test_nobody_publishes_for_their_own_shop(sent, artisan):
    with pytest.raises(cases.OwnShop):
        moderation.publish(sent, by=artisan, now=cast.NOW)


def test_a_draft_is_not_published_past_review(draft, moderator):
    pictures.add(draft, encoded(photo()))
    Product.objects.filter(pk=draft.pk).update(name_zh="篮", description_zh="篮。", customs_description="Basket")
    with pytest.raises(IllegalMove):
        moderation.publish(draft, by=moderator, now=cast.NOW)
    assert not Decision.objects.exists()


def test_a_no_has_a_reason_and_reaches_the_seller_in_their_language(sent, moderator):
    with pytest.raises(cases.NeedsReason):
        moderation.request_changes(sent, reason_code="", statement="", by=moderator, now=cast.NOW)
    moderation.request_changes(sent, **NO, by=moderator, now=cast.NOW)
    told = Message.objects.get(kind="product_changes", channel=Message.Channel.INBOX)
    assert told.language == "rw" and NO["statement"] in told.body
    listing.submit(Product.objects.get(pk=sent.pk), actor="user:1")
    assert ModerationCase.objects.count() == 2


def test_a_stopped_product_is_off_sale_and_can_be_restored(on_sale, moderator):
    moderation.suspend(on_sale, **NO, by=moderator, now=cast.NOW)
    assert not Product.objects.on_sale().exists()
    with pytest.raises(IllegalMove):
        revised(on_sale, facts(name="Other"))
    moderation.publish(on_sale, by=moderator, now=cast.NOW)
    assert Decision.objects.latest("pk").outcome == Decision.Outcome.RESTORED


# Changing


def test_changed_facts_go_back_to_review_and_stock_and_lead_time_do_not(on_sale, run_jobs):
    stock.set_on_hand(on_sale.variants.get(), 2, actor="user:1")
    assert revised(on_sale, facts(lead_days=12)) is False
    run_jobs()
    assert Product.objects.on_sale().get().lead_days == 12
    assert revised(on_sale, facts(variants=[one(99000, height=22)])) is True
    assert Product.objects.get().status == Product.Status.SUBMITTED
    assert ModerationCase.objects.filter(status="new").count() == 1


def test_another_kind_is_another_line_and_an_old_approval_is_gone(sent, moderator):
    moderation.approve_access(sent, evidence="ruling", by=moderator)
    beans = {"variety": "red-bourbon", "process": "washed", "roast": "medium"}
    revised(sent, facts(COFFEE, facts=beans, variants=[one(net_weight=250)]))
    product = Product.objects.get()
    assert (product.category.slug, product.hs_code.code, product.access_approved_by) == ("coffee", "0901210000", "")
    assert product.customs_description == "Coffee beans, Red Bourbon, washed, medium roast"


def test_a_line_that_staff_chose_stays_while_the_kind_stays(draft):
    Product.objects.update(hs_code=HsCode.objects.get(code="0901210000"))
    revised(draft, facts(name="Agaseke"))
    assert Product.objects.get().hs_code.code == "0901210000"


def test_another_size_is_added_and_the_first_keeps_its_number(draft):
    first = draft.variants.get()
    revised(draft, facts(variants=[one(pk=first.pk, height=22), one(30000, height=30, stock=2)]))
    known = sizes(draft)
    assert known[22] == first and known[22].sku == first.sku and known[22].on_hand == 5
    assert known[30].on_hand == stock.recount(known[30]) == 2


def test_a_size_that_is_taken_off_is_kept_for_orders_and_sold_to_nobody(family):
    small, large = sizes(family)[18], sizes(family)[24]
    held = stock.reserve(small, 1, holder="order:1", until=cast.NOW)
    revised(family, facts(variants=[one(28000, pk=large.pk, height=24)]))
    small.refresh_from_db()
    assert small.retired_at and (small.on_hand, small.reserved, small.available) == (1, 1, 0)
    assert held.variant_id == small.pk and variants.offered(family) == [large]
    stock.release("order:1", why="released")
    with pytest.raises(stock.OutOfStock):
        stock.reserve(Variant.objects.get(pk=small.pk), 1, holder="order:2", until=cast.NOW)
    assert stock.recount(small) == 1


def test_a_size_that_is_offered_again_is_the_same_as_before(family):
    small = sizes(family)[18]
    both = [one(15000, height=18, stock=4), one(28000, height=24)]
    revised(family, facts(variants=[one(28000, height=24)]))
    revised(family, facts(variants=both))
    assert sizes(family)[18] == small and sizes(family)[18].on_hand == stock.recount(small) == 4


def test_two_sizes_may_change_places(family):
    small, large = sizes(family)[18], sizes(family)[24]
    revised(family, facts(variants=[one(15000, pk=small.pk, height=24), one(28000, pk=large.pk, height=18)]))
    assert sizes(family)[24] == small and sizes(family)[18] == large


def test_another_product_s_size_is_not_there(family, shop):
    other = made(shop, facts()).variants.get()
    with pytest.raises(variants.NotThere):
        revised(family, facts(variants=[one(pk=other.pk, height=18)]))
    assert len(variants.offered(family)) == 2


def test_lists_show_the_price_and_colours_of_what_is_still_sold(shop, run_jobs):
    product = made(shop, facts(variants=[one(15000, colour="red"), one(28000, colour="natural")]))
    run_jobs()
    product.refresh_from_db()
    assert {"colour:red", "colour:natural", "material:sisal"} <= set(product.marks)
    revised(product, facts(variants=[one(28000, colour="natural")]))
    run_jobs()
    product.refresh_from_db()
    assert "colour:red" not in product.marks and product.price_from == product.variants.get(retired_at=None).price


def test_two_windows_that_save_at_once_lose_nothing_silently(draft):
    seen = listing.fingerprint(draft)
    assert revised(draft, facts(name="Agaseke keza"), seen=seen)
    with pytest.raises(listing.ChangedMeanwhile):
        revised(draft, facts(description="Ibindi."), seen=seen)
    assert Product.objects.get().name_rw == "Agaseke keza"
    assert revised(draft, facts(name="Agaseke keza"), seen=seen) is False, "the same twice is no quarrel"


def test_units_sold_while_she_counts_are_not_counted_back(draft):
    variant = draft.variants.get()
    stock.reserve(variant, 1, holder="order:1", until=cast.NOW)
    stock.convert("order:1", now=cast.NOW)
    variants.count(draft, {variant.pk: variants.Count(was=5, units=5)}, actor="user:1")
    assert Variant.objects.get().on_hand == 4, "she changed nothing"
    with pytest.raises(variants.SoldMeanwhile):
        variants.count(draft, {variant.pk: variants.Count(was=5, units=6)}, actor="user:1")
    variants.count(draft, {variant.pk: variants.Count(was=4, units=6)}, actor="user:1")
    assert Variant.objects.get().on_hand == stock.recount(variant) == 6


def test_a_maker_is_named_and_that_is_read_too(on_sale, shop):
    maker = Maker.objects.create(seller=shop, name="Mukamana", craft="weaving", district="Huye")
    assert listing.credit(on_sale, maker, actor="user:1", now=cast.NOW)
    product = Product.objects.get()
    assert (product.maker, product.status) == (maker, Product.Status.SUBMITTED)


# Pausing


def test_pausing_and_selling_again(on_sale):
    assert listing.pause(on_sale, actor="user:1")
    assert not Product.objects.on_sale().exists()
    assert listing.resume(on_sale, actor="user:1", now=cast.NOW)
    assert Product.objects.on_sale().exists()


def test_a_seller_cannot_sell_again_what_was_stopped(on_sale, moderator):
    moderation.suspend(on_sale, **NO, by=moderator, now=cast.NOW)
    with pytest.raises(IllegalMove):
        listing.resume(on_sale, actor="user:1", now=cast.NOW)
