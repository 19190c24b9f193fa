"""Addresses: three lists that work without a script, words that a label can carry, one default."""

import pytest

from accounts import addresses, regions
from accounts.models import Address

pytestmark = pytest.mark.django_db
GOOD = {
    "recipient": "张三",
    "phone": "138 1234 1234",
    "province_code": "330000",
    "city_code": "330100",
    "district_code": "330106",
    "street": "文三路138号3幢502室",
    "postcode": "310012",
}


@pytest.fixture
def fresh(client, other_buyer):
    """Somebody signed in with an empty address book."""
    Address.objects.filter(user=other_buyer).delete()
    client.force_login(other_buyer)
    return other_buyer


def test_an_address_is_kept_as_it_was_written(client, fresh):
    assert client.post("/addresses/add/", GOOD)["Location"] == "/addresses/"
    address = Address.objects.get(user=fresh)
    assert str(address) == "浙江省杭州市西湖区"
    assert (address.recipient, address.phone, address.is_default) == ("张三", "+8613812341234", True)


def test_checkout_gets_its_buyer_back(client, fresh):
    assert client.post("/addresses/add/", {**GOOD, "next": "/checkout/"})["Location"] == "/checkout/"
    assert client.post("/addresses/add/", {**GOOD, "next": "//evil.example"})["Location"] == "/addresses/"


def test_the_lists_follow_each_other_without_a_script(client, fresh):
    page = client.post("/addresses/add/", {"province_code": "330000", "recipient": "张三", "choose": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "杭州市" in text
    assert 'value="张三"' in text
    assert "西湖区" not in text
    page = client.post("/addresses/add/", {"province_code": "330000", "city_code": "330100", "choose": "1"})
    assert "西湖区" in page.content.decode()
    assert not Address.objects.filter(user=fresh).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient", "=1+1"),
        ("recipient", "李" * 31),
        ("recipient", "张三😀"),
        ("recipient", "<b>张三</b>"),
        ("phone", "0788123456"),
        ("phone", "1381234"),
        ("province_code", "110000"),
        ("city_code", "110100"),
        ("district_code", "110105"),
        ("district_code", "330199"),
        ("street", "路"),
        ("street", "路" * 121),
        ("street", "文三路<script>"),
        ("street", "文三路\u202e138号"),
        ("postcode", "31001"),
        ("postcode", "000000"),
        ("postcode", "SW1A"),
        ("street", "\x00文三路138号"),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_typed_is_lost(client, fresh, field, value):
    page = client.post("/addresses/add/", {**GOOD, field: value})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'role="alert"' in text
    assert "文三路138号3幢502室" in text or field == "street"
    assert not Address.objects.filter(user=fresh).exists()


def test_a_street_becomes_one_line(client, fresh):
    client.post("/addresses/add/", {**GOOD, "street": "  文三路\t138号  3幢 "})
    assert Address.objects.get(user=fresh).street == "文三路 138号 3幢"


def test_a_district_of_another_province_is_refused_by_the_domain_too(buyer, now):
    with pytest.raises(addresses.BadRegion):
        addresses.save(buyer, {**GOOD, "province_code": "110000"}, now=now)


def test_there_is_one_default(buyer, now):
    second = addresses.save(buyer, {**GOOD, "is_default": True}, now=now)
    assert Address.objects.of(buyer).filter(is_default=True).get() == second
    addresses.delete(second, now=now)
    assert Address.objects.of(buyer).get().is_default


def test_changing_an_address_leaves_the_old_one_for_its_orders(buyer, now):
    old = Address.objects.of(buyer).get()
    new = addresses.save(buyer, {**GOOD, "street": "文三路139号"}, replaces=old, now=now)
    assert [*Address.objects.of(buyer)] == [new]
    assert new.is_default
    assert Address.objects.filter(pk=old.pk, archived_at=now).exists()


def test_the_book_has_an_end(buyer, now):
    for n in range(19):
        addresses.save(buyer, {**GOOD, "street": f"文三路{n + 100}号"}, now=now)
    with pytest.raises(addresses.TooManyAddresses):
        addresses.save(buyer, GOOD, now=now)


@pytest.mark.parametrize("url", ["/addresses/{pk}/", "/addresses/{pk}/delete/", "/addresses/{pk}/default/"])
def test_another_persons_address_is_not_there(client, buyer, other_buyer, url):
    theirs = Address.objects.of(other_buyer).get()
    client.force_login(buyer)
    assert client.post(url.format(pk=theirs.pk), GOOD).status_code == 404
    assert Address.objects.of(other_buyer).get() == theirs


def test_the_tree_is_for_everybody_to_cache(client):
    page = client.get("/regions.json")
    assert "public" in page["Cache-Control"]
    assert client.get("/regions.json", headers={"If-None-Match": page["ETag"]}).status_code == 304
    assert page.json()[0][:2] == ["110000", "北京市"]


def test_every_city_has_a_district_and_every_code_its_province():
    assert len(regions.provinces()) == 31
    for province, _name in regions.provinces():
        for city, _city_name in regions.cities(province):
            districts = regions.districts(province, city)
            assert districts
            assert all(code[:2] == province[:2] and len(code) == 6 for code, _district in districts)
