"""Six invented shops that a moderator has approved, one that waits, and one that was asked to mend its application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from kernel.actors import actor_of
from sellers import districts, moderation, national_id, onboarding, papers
from sellers.models import Decision, ModerationCase, Paper, Seller
from sellers.shops import of

from . import marks, people, samples

Kind = Seller.Kind
APPROVED_BEFORE = timedelta(days=62)


@dataclass(frozen=True)
class Shop:
    """What an applicant says, and what the house wrote in Chinese for buyers."""

    key: str
    owner: str
    kind: str
    name: str
    name_zh: str
    district_code: str
    sector: str
    place_note: str
    national_id: str
    momo_number: str
    story: str
    story_zh: str
    tin: str = ""


SHOPS = (
    Shop(
        "baskets",
        "seller",
        Kind.COOPERATIVE,
        "Abahuza Basketry",
        "阿巴胡扎编织社",
        "24",
        "Ngoma",
        "Butare, inyuma y'isoko rikuru",
        "1198570012345167",
        "+250788100001",
        "Turi ababoshyi 24 bo mu Huye, tuboha uduseke mu budodo no mu ishinge. Buri gaseke kabohwa n'umuntu umwe "
        "kuva ku ntangiriro kugeza ku mpera.",
        "我们是胡耶的24位编织人，用剑麻和香蒲草编篮。每一只篮子从头到尾都出自同一双手。",
    ),
    Shop(
        "coffee",
        "uwase",
        Kind.COMPANY,
        "Kivu Belt Coffee",
        "基伍湖畔咖啡",
        "37",
        "Kagano",
        "Washing station above the lake road",
        "1199070023456278",
        "+250788100002",
        "We roast coffee that neighbours pick on the hills above Lake Kivu. Each bag says which hill it comes from.",
        "我们烘焙基伍湖畔山坡上邻居们采摘的咖啡。每一袋都写明来自哪一座山。",
        tin="102345678",
    ),
    Shop(
        "tea",
        "habimana",
        Kind.COOPERATIVE,
        "Mata Hill Tea Growers",
        "玛塔山茶农社",
        "23",
        "Mata",
        "Next to the tea factory",
        "1198080034567389",
        "+250788100003",
        "Our families grow tea at 1,900 metres and more in Nyaruguru. We pluck two leaves and a bud, and pack the tea "
        "in the week in which it is made.",
        "我们的家庭在尼亚鲁古鲁海拔1900米以上种茶。只采一芽两叶，制成当周就装罐。",
    ),
    Shop(
        "imigongo",
        "ingabire",
        Kind.COOPERATIVE,
        "Kirehe Imigongo Women",
        "基雷赫伊米贡戈女社",
        "55",
        "Nyarubuye",
        "Ku muhanda ujya i Nyarubuye",
        "1198770045678490",
        "+250788100004",
        "Turi abagore 15 bakora imigongo nk'uko ba nyogokuru babitwigishije. Amabara tuyakura mu butaka no mu ivu.",
        "我们是15位女性，按祖母教的方法做伊米贡戈浮雕。颜料来自泥土与草木灰。",
    ),
    Shop(
        "kitenge",
        "umutoni",
        Kind.ARTISAN,
        "Gasabo Kitenge Studio",
        "加萨博蜡染工坊",
        "12",
        "Kimironko",
        "Kimironko market, row C",
        "1199270056789501",
        "+250788100005",
        "I sew bags, aprons and scarves from kitenge in a small room beside Kimironko market. No two pieces carry the "
        "same part of the cloth.",
        "我在基米龙科市场旁的小房间里，用基坦格蜡染布缝制布包、围裙和围脖。没有两件用的是同一段花色。",
    ),
    Shop(
        "kivu",
        "niyonzima",
        Kind.ARTISAN,
        "Rubavu Carvers and Larder",
        "鲁巴武木艺与风味",
        "33",
        "Gisenyi",
        "Hafi ya sitasiyo ya bisi ya Gisenyi",
        "1198870067890612",
        "+250788100006",
        "Umuryango wacu ubaza mu giti ku manywa, nimugoroba tugakora urusenda n'ubuki. Igiti cyose tubaza cyumishijwe "
        "neza.",
        "我们一家白天做木雕，傍晚做辣椒酱、收蜂蜜。所有木料都经过充分干燥。",
    ),
)
WAITING = Shop(
    "waiting",
    "uwimana",
    Kind.ARTISAN,
    "Solange Volcano Weaving",
    "",
    "43",
    "Kinigi",
    "Ku muhanda ujya mu Birunga",
    "1199370078901723",
    "+250788100007",
    "",
    "",
)
TO_MEND = Shop(
    "to_mend",
    "nshimiyimana",
    Kind.COOPERATIVE,
    "Gashora Pepper Growers",
    "",
    "57",
    "Gashora",
    "Hafi y'ikiyaga cya Rumira",
    "1198670089012834",
    "+250788100008",
    "",
    "",
)
CERTIFICATES = {
    Kind.COOPERATIVE: (Paper.Kind.COOPERATIVE_CERTIFICATE, "COOPERATIVE CERTIFICATE"),
    Kind.COMPANY: (Paper.Kind.COMPANY_CERTIFICATE, "COMPANY CERTIFICATE"),
}


def seed(*, now: datetime) -> int:
    """Make those that are missing; says how many."""
    by = people.find("moderator")
    made = 0
    for shop in (*SHOPS, WAITING, TO_MEND):
        if marks.made(f"shop:{shop.key}"):
            continue
        _make(shop, by=by, now=now)
        marks.mark(f"shop:{shop.key}")
        made += 1
    return made


def find(key: str) -> Seller:
    """One of the six."""
    owner = next(shop.owner for shop in SHOPS if shop.key == key)
    return Seller.objects.get(members__user=people.find(owner))


def owner_of(seller: Seller) -> str:
    """Who acts for a shop, as actors are written."""
    return actor_of(seller.members.order_by("pk").select_related("user")[0].user)


def _make(shop: Shop, *, by: User, now: datetime) -> None:
    then = now - APPROVED_BEFORE
    owner = people.find(shop.owner)
    seller = of(owner) or onboarding.draft(owner, language=owner.language)
    if seller.status in onboarding.OPEN and not seller.cases.exists():
        _bring_papers(seller, shop, owner, now=then)
        seller = onboarding.apply(owner, _answers(shop, owner, now=now), ip=None, now=then)
    case = seller.cases.get(kind=ModerationCase.Kind.SELLER)
    if shop is WAITING or case.decisions.exists():
        return
    if shop is TO_MEND:
        moderation.decide(
            case,
            outcome=Decision.Outcome.CHANGES_REQUESTED,
            reason_code="KYC-DOC-UNREADABLE",
            statement="Ifoto y'icyemezo cya koperative ntisomeka. Ongera uyifotore ku manywa, yose igaragare.",
            by=by,
            now=now,
        )
        return
    # What the house writes for buyers, as a translator does in the admin.
    Seller.objects.filter(pk=seller.pk).update(name_zh=shop.name_zh, story=shop.story, story_zh=shop.story_zh)
    moderation.decide(case, outcome=Decision.Outcome.APPROVED, reason_code="", statement="", by=by, now=then)


def _bring_papers(seller: Seller, shop: Shop, owner: User, *, now: datetime) -> None:
    masked = national_id.parse(shop.national_id, today=now.date()).masked
    wanted = [(Paper.Kind.ID_CARD, "IDENTITY CARD", (owner.name, masked))]
    if certificate := CERTIFICATES.get(Kind(shop.kind)):
        wanted.append((*certificate, (shop.name, f"No. DEMO-{shop.district_code}-{shop.national_id[-3:]}")))
    for kind, title, lines in wanted:
        image = samples.paper(title, (*lines, "Invented for demonstration"))
        upload = SimpleUploadedFile(f"{kind}.png", image, "image/png")
        papers.keep(seller, upload, kind=kind, now=now)


def _answers(shop: Shop, owner: User, *, now: datetime) -> onboarding.Answers:
    district = districts.district(shop.district_code)
    return onboarding.Answers(
        name=shop.name,
        kind=shop.kind,
        legal_name=owner.name if shop.kind == Kind.ARTISAN else shop.name,
        national_id_masked=national_id.parse(shop.national_id, today=now.date()).masked,
        tin=shop.tin,
        district_code=district.code,
        province=district.province,
        district=district.name,
        sector=district.sector(shop.sector),
        place_note=shop.place_note,
        phone=owner.phone or "",
        momo_number=shop.momo_number,
        language=owner.language,
    )
