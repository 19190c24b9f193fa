"""The hosted payment page /stripe/pay/<session>: works on a phone, without scripts, in Chinese and English."""

from . import paying
from .pages import Html, el, join, money, page
from .store import Thing
from .stripe_wire import StripeError
from .web import Answer, Request, Route, from_our_own_page, see
from .world import World

NAMES = {"alipay": "支付宝 Alipay", "wechat_pay": "微信支付 WeChat Pay", "card": "银行卡 Card"}
SAID = {
    "generic_decline": "支付被拒绝，请重试或换一种方式。The payment was declined. Try again or choose another way.",
    "insufficient_funds": "余额不足。There is not enough money on this card.",
}


def show(world: World, request: Request, *, name: str) -> Answer:
    """GET: the session as the buyer sees it."""
    session = world.store.get("session", name)
    return page_of(world, session) if session else nothing()


def choose(world: World, request: Request, *, name: str) -> Answer:
    """POST: pay, fail, pay later or cancel; then back to the shop, or here with a message."""
    session = world.store.get("session", name)
    if session is None:
        return nothing()
    if not from_our_own_page(request):
        return page(
            "403", el("main", el("p", "请从付款页面提交。Use the form on this page."), class_="narrow"), status=403
        )
    form = request.fields()
    deed, method = form.get("deed"), form.get("method", session["payment_method_types"][0])
    card = "".join(filter(str.isdigit, form.get("card", "")))
    if deed == "cancel":
        return see(session["cancel_url"] or session["success_url"])
    try:
        if deed == "fail":
            session = paying.fail(world, session, method=method)
        elif deed == "later":
            session = paying.pay_later(world, session, method=method)
        elif method == "card" and not 13 <= len(card) <= 19:
            return page_of(world, session, "请填写卡号。Enter a card number, for example 4242 4242 4242 4242.", 422)
        else:
            session = paying.pay(world, session, method=method, card=card)
    except StripeError:
        return page_of(world, world.store.get("session", name) or session, status=409)
    if session["status"] == "complete":
        return see(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))
    return page_of(world, session, why_not(world, session), 402)


def why_not(world: World, session: Thing) -> str:
    """The last refusal in words."""
    intent = world.store.get("intent", session["payment_intent"] or "") or {}
    error = intent.get("last_payment_error") or {}
    return SAID.get(error.get("decline_code", ""), SAID["generic_decline"])


def page_of(world: World, session: Thing, error: str = "", status: int = 200) -> Answer:
    """The page in each state of the session."""
    total = el("p", money(session["amount_total"], session["currency"]), class_="amount")
    private = world.store.get("session_private", session["id"]) or {"lines": []}
    lines = [
        el(
            "li",
            f"{line['description']} × {line['quantity']}  ",
            el("b", money(line["amount_total"], line["currency"])),
        )
        for line in private["lines"]
    ]
    shop = [
        el("p", "演示付款页：不会扣真钱。Demo payment page: no real money moves.", class_="note"),
        el("section", el("h1", "付款 Pay"), total, el("ul", *lines, class_="plain"), class_="card"),
    ]
    if error:
        shop.append(el("p", error, class_="error", role="alert"))
    if session["status"] == "open":
        shop.append(form_of(session))
    elif session["status"] == "complete":
        back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        shop.append(closed("已付款 Already paid.", back))
    else:
        shop.append(closed("付款已过期 This payment has expired.", session["cancel_url"] or session["success_url"]))
    return page("付款 Pay", el("main", *shop, class_="narrow"), status=status)


def form_of(session: Thing) -> Html:
    """The ways to pay and what to do."""
    choices = [
        el(
            "label",
            el("input", type="radio", name="method", value=method, required=True, checked=place == 0),
            NAMES[method],
            class_="choice",
        )
        for place, method in enumerate(session["payment_method_types"])
    ]
    card = el(
        "p",
        el("label", "卡号 Card number", for_="card"),
        el("input", id="card", name="card", class_="wide", inputmode="numeric", autocomplete="off", maxlength="23",
           value="4242 4242 4242 4242"),
        el("span", "4242… 成功 paid；4000 0000 0000 0002 拒绝 declined", class_="soft"),
    )  # fmt: skip
    return el(
        "form",
        el("fieldset", el("legend", "付款方式 How to pay"), *choices),
        card if "card" in session["payment_method_types"] else "",
        el("button", "确认付款 Pay", name="deed", value="pay", class_="main"),
        el("button", "付款失败 Fail", name="deed", value="fail", class_="bad"),
        el("button", "稍后到账 Pay, confirmed later", name="deed", value="later"),
        el("button", "取消并返回商店 Cancel", name="deed", value="cancel", formnovalidate=True),
        method="post",
        class_="card",
    )


def closed(words: str, back: str) -> Html:
    """Nothing to do here any more."""
    return el("section", el("p", words), el("p", el("a", "返回商店 Back to the shop", href=back)), class_="card")


def nothing() -> Answer:
    """No such session."""
    return page(
        "404", el("main", el("p", join("没有这笔付款。", "There is no such payment.")), class_="narrow"), status=404
    )


ROUTES: list[Route] = [
    ("GET", "/stripe/pay/(?P<name>cs_test_[0-9a-f]+)", show),
    ("POST", "/stripe/pay/(?P<name>cs_test_[0-9a-f]+)", choose),
]
