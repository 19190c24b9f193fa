"""The control page: where a person makes a payment fail, a parcel get stuck, a webhook come twice."""

from collections.abc import Callable

from . import charges, momo, panels, parcels, paying, webhooks
from .pages import Html, el, page
from .store import Thing
from .stripe_wire import StripeError
from .web import Answer, Request, Route, from_our_own_page, see
from .world import World

TABS = {
    "/": "总览 Overview",
    "/payments": "付款 Payments",
    "/parcels": "包裹 Parcels",
    "/payouts": "打款 Payouts",
    "/inbox": "信箱 Inbox",
    "/journal": "通知 Journal",
}
COUNTED = {
    "/payments": ["session"],
    "/parcels": ["parcel"],
    "/payouts": ["transfer"],
    "/inbox": ["sms", "mail"],
    "/journal": ["webhook"],
}
APIS = {"/stripe/v1/": "Stripe", "/17track/": "17TRACK", "/momo/": "MoMo", "/sms/": "SMS"}
SHOWN = 60


def layout(request: Request, *body: Html) -> Answer:
    """A page with the bar on top; `?refresh=5` looks again every five seconds."""
    tabs = [
        el("a", words, href=path, **({"aria_current": "page"} if path == request.path else {}))
        for path, words in TABS.items()
    ]
    refresh = request.asked().get("refresh", "")
    every = min(int(refresh), 600) if refresh.isascii() and refresh.isdigit() else 0
    again = (
        el("a", "停止刷新 Stop refreshing", href=request.path)
        if every
        else el("a", "自动刷新 Refresh", href="?refresh=5")
    )
    bar = el("header", el("div", el("b", "Sandbox 沙盒"), *tabs), class_="bar")
    foot = el("p", again, " · 一切都留在这台机器上。Nothing leaves this machine.", class_="soft")
    return page("Sandbox 沙盒", bar, el("main", *body, foot), refresh=every)


def show_overview(world: World, request: Request) -> Answer:
    """GET /: counts and switches."""
    counts = [
        el("li", el("a", f"{TABS[path]}: {sum(map(world.store.count, kinds))}", href=path))
        for path, kinds in COUNTED.items()
    ]
    about = "Stripe · 17TRACK · MTN MoMo · SMS · SMTP · BNR"
    held, auto = world.store.setting("webhooks_held"), world.store.setting("auto") or 0
    hold = (
        panels.deed("放行通知 Let webhooks go", "let_go") if held else panels.deed("扣住通知 Hold all webhooks", "hold")
    )
    network = [
        hold,
        panels.deed("下一个通知晚20秒 Delay next webhook by 20 s", "delay"),
        panels.select("api", APIS, "服务 Service"),
        panels.deed("下一次调用丢失回答 Lose next answer", "lose", "bad"),
        panels.deed("下一次调用拒绝 Refuse next call (503)", "refuse", "bad"),
    ]
    seconds = el("input", name="seconds", value=str(auto or 20), inputmode="numeric", size="4", aria_label="秒 Seconds")
    moving = [
        el("span", f"每 {auto:g} 秒 every {auto:g} s" if auto else "手动 Only when told", class_="soft"),
        seconds,
        panels.deed("自动 Auto", "auto"),
        panels.deed("停 Off", "auto_off"),
    ]
    reasons = panels.select("reason", {reason: reason for reason in momo.REASONS}, "原因 Reason")
    number = el("input", name="number", placeholder="250788123456", inputmode="numeric", aria_label="号码 Number")
    name = el("input", name="name", placeholder="Aline Uwase", aria_label="姓名 Name")
    wallet = [reasons, panels.deed("下一笔打款失败 Fail next payout", "fail_payout", "bad")]
    known = [number, name, panels.deed("设定户名 Set holder's name", "holder")]
    return layout(
        request,
        el(
            "section",
            el("h2", "替身服务 Stand-in services"),
            el("p", about),
            el("ul", *counts, class_="plain"),
            class_="card",
        ),
        el("section", el("h2", "网络 Network"), panels.deeds("switch", "network", *network), class_="card"),
        el(
            "section",
            el("h2", "包裹自动前进 Parcels move by themselves"),
            panels.deeds("switch", "auto", *moving),
            class_="card",
        ),
        el(
            "section",
            el("h2", "MoMo"),
            panels.deeds("switch", "momo", *wallet),
            panels.deeds("switch", "momo", *known),
            class_="card",
        ),
    )


def listing(kind: str, card: Callable[[World, Thing], Html]) -> Callable[[World, Request], Answer]:
    """A page of the newest things of a kind."""

    def show(world: World, request: Request) -> Answer:
        cards = [card(world, thing) for thing in world.store.newest(kind, SHOWN)]
        return layout(request, *(cards or [el("p", "还没有。Nothing yet.", class_="soft")]))

    return show


def show_inbox(world: World, request: Request) -> Answer:
    """GET /inbox: a phone for each number, then the letters."""
    phones: dict[str, list[Thing]] = {}
    for message in world.store.newest("sms", SHOWN * 2):
        phones.setdefault(message["to"], []).append(message)
    letters = [panels.letter(mail) for mail in world.store.newest("mail", SHOWN)]
    cards = [panels.phone(number, messages) for number, messages in phones.items()] + letters
    return layout(request, *(cards or [el("p", "还没有。Nothing yet.", class_="soft")]))


def act(world: World, request: Request, *, noun: str, name: str) -> Answer:
    """POST /control/<noun>/<id> with `deed`; only from our own page. Back to the list afterwards."""
    if not from_our_own_page(request):
        return page(
            "403", el("main", el("p", "请从本页提交。Use the buttons of this page."), class_="narrow"), status=403
        )
    form = request.fields()
    try:
        DEEDS[noun](world, name, form.get("deed", ""), form)
    except (StripeError, KeyError, ValueError) as error:
        words = el("p", f"不可行 Not possible: {error}", class_="error", role="alert")
        return page("409", el("main", words, el("a", "返回 Back", href=BACK[noun]), class_="narrow"), status=409)
    return see(BACK[noun])


def on_payment(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """Pay, fail, expire, refund, dispute, or trouble the network about one session."""
    session = must(world, "session", name)
    filed = paying.about(session)
    method = form.get("method") or session["payment_method_types"][0]
    if deed == "pay":
        paying.pay(world, session, method=method)
    elif deed == "fail":
        paying.fail(world, session, method=method)
    elif deed == "later":
        paying.pay_later(world, session, method=method)
    elif deed in {"arrive", "bounce"}:
        paying.arrive(world, session, paid=deed == "arrive")
    elif deed == "expire":
        paying.expire(world, session)
    elif deed == "refund":
        with world.store.transaction():
            charges.refund(world, charge_of(world, session), {}, amount=None, metadata={})
    elif deed == "dispute":
        charges.dispute(world, charge_of(world, session))
    elif deed == "reverse":
        webhooks.out_of_order(world, filed)
    else:
        repeat_last(world, filed, deed)


def on_refund(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """The wallet's answer."""
    charges.settle_refund(world, name, "succeeded" if deed == "succeed" else "failed")


def on_dispute(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """The bank's decision."""
    charges.close_dispute(world, name, "won" if deed == "won" else "lost")


def on_parcel(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """Move a parcel, or not."""
    parcel = must(world, "parcel", name)
    simple = {
        "next": parcels.advance,
        "deliver": parcels.deliver,
        "withhold": parcels.withhold,
        "late": parcels.release_late,
    }
    if deed in simple:
        simple[deed](world, name)
    elif deed == "incident":
        parcels.incident(world, name, form["what"])
    elif deed == "stop":
        parcels.stop(world, parcel)
    else:
        repeat_last(world, name, deed)


def on_payout(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """The end of a transfer."""
    momo.settle(world, name, "SUCCESSFUL" if deed == "succeed" else "FAILED", form.get("reason", ""))


def on_webhook(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """One more time, or five."""
    webhooks.repeat(world, must(world, "webhook", name), times=5 if deed == "repeat5" else 1)


def on_switch(world: World, name: str, deed: str, form: dict[str, str]) -> None:
    """The switches of the overview."""
    store = world.store
    if deed in {"hold", "let_go"}:
        store.set("webhooks_held", deed == "hold")
    elif deed == "delay":
        store.set("delay_next_webhook", 20)
    elif deed in {"lose", "refuse"} and form["api"] in APIS:
        store.set(f"fault:{form['api']}", deed)
    elif deed in {"auto", "auto_off"}:
        store.set("auto", max(1.0, min(float(form["seconds"]), 86400.0)) if deed == "auto" else 0)
        store.set("auto_next", 0)
    elif deed == "fail_payout" and form["reason"] in momo.REASONS:
        store.set("fail_next_payout", form["reason"])
    elif deed == "holder" and form["number"].lstrip("+").isdigit():
        store.set(f"holder:{form['number'].lstrip('+')}", form["name"])
    else:
        raise ValueError(deed)


def charge_of(world: World, session: Thing) -> Thing:
    """The charge of a paid session."""
    intent = must(world, "intent", session["payment_intent"] or "")
    return must(world, "charge", intent["latest_charge"] or "")


def repeat_last(world: World, about: str, deed: str) -> None:
    """Send the last webhook about a thing again."""
    records = world.store.of("webhook", about)
    if not records:
        raise ValueError("没有通知 no webhook yet")
    webhooks.repeat(world, records[-1], times=5 if deed == "repeat5" else 1)


def must(world: World, kind: str, name: str) -> Thing:
    """The thing; KeyError without one."""
    thing = world.store.get(kind, name)
    if thing is None:
        raise KeyError(name)
    return thing


DEEDS = {
    "payment": on_payment,
    "refund": on_refund,
    "dispute": on_dispute,
    "parcel": on_parcel,
    "payout": on_payout,
    "webhook": on_webhook,
    "switch": on_switch,
}
BACK = {
    "payment": "/payments",
    "refund": "/payments",
    "dispute": "/payments",
    "parcel": "/parcels",
    "payout": "/payouts",
    "webhook": "/journal",
    "switch": "/",
}

ROUTES: list[Route] = [
    ("GET", "/", show_overview),
    ("GET", "/payments", listing("session", panels.payment)),
    ("GET", "/parcels", listing("parcel", panels.parcel)),
    ("GET", "/payouts", listing("transfer", panels.payout)),
    ("GET", "/inbox", show_inbox),
    ("GET", "/journal", listing("webhook", lambda _world, record: panels.delivery(record))),
    ("POST", f"/control/(?P<noun>{'|'.join(DEEDS)})/(?P<name>[^/]+)", act),
]
