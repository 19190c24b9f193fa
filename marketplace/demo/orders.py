"""Orders in every state, so that no screen is empty: each is a story with its hours, told once and in this order.

The timers of the house are called with the story's hour. Stories come one after the other, each to its end, so that no
timer finds anybody else's order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from orders.models import Order
from payments.models import Payment

from . import deeds, marks, people

Deed = Callable[[Order], object]


@dataclass(frozen=True)
class Story:
    """Who orders what and how many days ago, and the deeds that follow."""

    key: str
    buyer: str
    lines: tuple[tuple[str, int], ...]
    days_ago: float
    deeds: tuple[Deed, ...]
    note: str = ""


def paid(method: str = "alipay") -> Deed:
    return lambda order: deeds.pay(order, method=method, now=order.placed_at + timedelta(minutes=4))


def accepted(order: Order) -> None:
    deeds.accept(order, now=_day(order, 1, hour=6, minute=24))


def packed(order: Order) -> None:
    deeds.pack(order, now=_day(order, 1, hour=12, minute=48))


def sent(order: Order) -> None:
    deeds.hand_over(order, now=_day(order, 2, hour=7, minute=15))


def travelled(stops: int) -> Deed:
    return lambda order: deeds.travel(order, stops=stops)


def held(order: Order) -> None:
    deeds.befall(order, "hold")


def returned(order: Order) -> None:
    deeds.befall(order, "return", then=1)
    deeds.give_back(order, now=timezone.now())


def confirmed(order: Order) -> None:
    deeds.confirm(order, now=_day(order, 13, hour=13, minute=31))


def reviewed(good: str, stars: int, text: str, *, days: int = 15, more: str = "", answer: str = "") -> Deed:
    """The buyer says how a good is, adds to it nine days later, and the shop answers, if there are words for it."""

    def deed(order: Order) -> None:
        deeds.review(order, good, stars=stars, text=text, now=_day(order, days, hour=13, minute=5))
        if more:
            deeds.add_to_review(order, good, text=more, now=_day(order, days + 9, hour=12, minute=40))
        if answer:
            deeds.answer(order, good, text=answer, now=_day(order, days + 1, hour=6, minute=30))

    return deed


def called_off(order: Order) -> None:
    deeds.call_off(order, now=order.placed_at + timedelta(hours=3))


def declined(order: Order) -> None:
    deeds.decline(order, reason="cannot_make", now=_day(order, 1, hour=8, minute=9))


def cancelled(order: Order) -> None:
    deeds.cancel(order, now=order.placed_at + timedelta(minutes=9))


WAY = (paid(), accepted, packed, sent)
BY_WECHAT = (paid("wechat_pay"), accepted, packed, sent)
LAST_STOP = 12
RECEIVED = (travelled(LAST_STOP), confirmed)

# The end of these is a payout, which takes the wallet company a while: they come first.
PAID_OUT = (
    Story(
        "completed",
        "buyer",
        (("agaseke-classic-24", 1), ("earrings-sisal", 2)),
        41,
        (
            *WAY,
            *RECEIVED,
            reviewed(
                "agaseke-classic-24",
                5,
                "比图片还好看，编得很密，盖子严丝合缝。妈妈很喜欢，放在玄关装钥匙。",
                more="用了一阵子，没有变形，也没有异味。",
                answer="Murakoze cyane! Twishimiye ko umubyeyi wawe yagakunze.",
            ),
            reviewed("earrings-sisal", 4, "很轻，戴一天也不累。颜色比照片深一点。"),
        ),
        note="想送给妈妈，谢谢。",
    ),
    Story(
        "completed for two shops",
        "chen",
        (("coffee-huye-washed-250", 2), ("tea-orthodox-nyaruguru-100", 1)),
        38,
        (
            *BY_WECHAT,
            *RECEIVED,
            reviewed(
                "coffee-huye-washed-250",
                5,
                "手冲有红糖和柑橘的味道，袋子上写着是哪座山的豆子，很安心。",
                answer="Murakoze! Iyi kawa yasaruwe ku musozi wa Huye muri Gicurasi.",
            ),
            reviewed("tea-orthodox-nyaruguru-100", 4, ""),
        ),
    ),
)
OTHERS = (
    Story(
        "completed by time",
        "buyer",
        (("agaseke-petite-18", 2),),
        32,
        (*WAY, travelled(LAST_STOP), deeds.let_time_complete),
    ),
    *(
        Story(f"reviewed by {buyer}", buyer, (("agaseke-classic-24", 1),), days_ago, (*WAY, *RECEIVED, said))
        for buyer, days_ago, said in (
            ("wang", 30, reviewed("agaseke-classic-24", 5, "第二次买了，这次送朋友。每只花纹都不太一样，很有意思。")),
            (
                "chen",
                29,
                reviewed(
                    "agaseke-classic-24",
                    3,
                    "篮子本身不错，就是路上走了十三天，外盒压了个角，里面没事。",
                    answer="Mutubabarire ku gasanduku. Ubu dupfunyika mu gasanduku gakomeye kurushaho.",
                ),
            ),
        )
    ),
    Story(
        "reviewed again",
        "wang",
        (("agaseke-classic-24", 2),),
        28,
        (*WAY, *RECEIVED, reviewed("agaseke-classic-24", 5, "放在客厅很配，客人都问哪里买的。")),
    ),
    Story(
        "reviewed for a friend",
        "chen",
        (("agaseke-classic-24", 1),),
        27,
        (*BY_WECHAT, *RECEIVED, reviewed("agaseke-classic-24", 4, "做工细致，比想象的小一点，下单前请看尺寸。")),
    ),
    Story("returned", "chen", (("terracotta-vase-20", 1),), 23, (*WAY, returned)),
    Story("not accepted in time", "buyer", (("sisal-bowl-30", 2),), 20, (paid(), deeds.let_time_cancel)),
    Story(
        "delivered",
        "buyer",
        (("coffee-drip-bags-10", 2), ("agaseke-petite-18", 1)),
        14,
        (*WAY, travelled(LAST_STOP)),
    ),
    Story("held by customs", "buyer", (("sisal-bowl-30", 1),), 11, (*WAY, travelled(8), held)),
    Story("declined", "buyer", (("sisal-bowl-set-3", 1),), 9, (paid("card"), declined)),
    Story("in transit", "buyer", (("agaseke-classic-24", 2), ("earrings-sisal", 1)), 8, (*WAY, travelled(6))),
    Story(
        "on its way to another",
        "wang",
        (("imigongo-coasters-4", 1), ("kitenge-scarf", 2)),
        5,
        (*BY_WECHAT, travelled(3)),
    ),
    Story("called off by its buyer", "buyer", (("kitenge-tote", 1),), 5, (paid("wechat_pay"), called_off)),
    Story("cancelled before payment", "buyer", (("tea-green-nyamasheke-100", 2),), 4, (cancelled,)),
    Story("expired", "buyer", (("gorilla-carving-15", 1),), 3, (deeds.expire,)),
    Story("packed", "buyer", (("agaseke-classic-24", 1),), 2.2, (paid(), accepted, packed)),
    Story("being prepared", "buyer", (("agaseke-petite-18", 1), ("sisal-bowl-30", 1)), 2.1, (paid(), accepted)),
    Story(
        "being prepared for another",
        "chen",
        (("kitenge-tote", 1), ("kitenge-apron", 1)),
        2,
        (paid("card"), accepted),
    ),
    Story(
        "to accept from another",
        "wang",
        (("agaseke-petite-18", 2), ("coffee-gakenke-honey-250", 1)),
        0.3,
        (paid("wechat_pay"),),
        note="麻烦包结实一点。",
    ),
    Story(
        "to accept",
        "buyer",
        (("agaseke-classic-24", 1), ("earrings-sisal", 1)),
        0.12,
        (paid(),),
        note="请选深色的，谢谢。",
    ),
    Story("to pay", "buyer", (("sisal-bowl-30", 1), ("icyansi-milk-pot", 1)), 0, (deeds.open_page,)),
)


def to_tell(stories: Iterable[Story]) -> list[Story]:
    """Those that no earlier run has told to the end."""
    return [story for story in stories if not marks.made(f"order:{story.key}")]


def tell(stories: Iterable[Story], *, now: datetime) -> int:
    """Tell them; says how many."""
    told = list(stories)
    for story in told:
        order = _order_of(story, now=now)
        for deed in story.deeds:
            deed(order)
            order.refresh_from_db()
        marks.mark(f"order:{story.key}")
    return len(told)


def covers(stories: Iterable[Story]) -> set[str]:
    """The goods that these orders show."""
    return {slug for story in stories for slug, _quantity in story.lines}


def _order_of(story: Story, *, now: datetime) -> Order:
    """The order of a story, placed if there is none. One whose payment page closed while we were away starts afresh."""
    order = marks.order_of(story.key)
    is_stale = (
        order is not None and order.paid_at is None and order.payments.filter(status=Payment.Status.CANCELLED).exists()
    )
    if order is not None and not is_stale:
        return order
    if order is not None:
        deeds.expire(order)
    at = _evening(now, story.days_ago)
    return deeds.place(story.key, people.find(story.buyer), story.lines, note=story.note, now=at)


def _evening(now: datetime, days_ago: float) -> datetime:
    """Buyers order after work in Beijing; the orders of today come some hours before now."""
    at = now - timedelta(days=days_ago)
    return at if days_ago < 1 else at.replace(hour=12, minute=(11 + round(days_ago * 17)) % 60)


def _day(order: Order, days: int, *, hour: int, minute: int) -> datetime:
    """So many days after the order, at an hour of UTC; Kigali's clock is two hours ahead."""
    return (order.placed_at + timedelta(days=days)).replace(hour=hour, minute=minute)
