"""What the control page shows: payments, parcels, payouts, letters and the journal, one card each."""

from . import momo, paying
from .pages import Html, el, join, moment, money
from .parcels import ended, newest
from .store import Thing
from .web import words
from .world import World

TONES = {
    "good": words("paid complete succeeded SUCCESSFUL delivered Delivered_Other won"),
    "bad": words("expired failed FAILED lost Exception_Lost Exception_Returned refused"),
    "wait": words("open unpaid pending PENDING waiting retrying needs_response processing"),
}
INCIDENT_NAMES = {
    "hold": "海关要求身份证号 Customs asks for ID",
    "delay": "延误 Delay",
    "missed": "派送无人 Nobody home",
    "refused": "拒收 Refused",
    "damage": "破损 Damage",
    "lost": "丢失 Lost",
    "return": "退回 Return to sender",
}


def state(word: str) -> Html:
    """A coloured word."""
    tone = next((tone for tone, words in TONES.items() if word in words), "")
    return el("span", word, class_=f"state {tone}".strip())


def deeds(noun: str, name: str, *buttons: Html) -> Html:
    """A form of buttons about one thing."""
    return el("form", *buttons, method="post", action=f"/control/{noun}/{name}", class_="deeds")


def deed(words: str, value: str, tone: str = "") -> Html:
    """One button."""
    return el("button", words, name="deed", value=value, class_=tone)


def select(name: str, choices: dict[str, str], label: str) -> Html:
    """A drop-down list."""
    return el(
        "select", *(el("option", words, value=value) for value, words in choices.items()), name=name, aria_label=label
    )


def payment(world: World, session: Thing) -> Html:
    """A checkout session and what the buyer, the bank or the network may do next."""
    filed = paying.about(session)
    buttons: list[Html] = []
    if session["status"] == "open":
        methods = {method: method for method in session["payment_method_types"]}
        buttons = [
            select("method", methods, "付款方式 Method"),
            deed("付款 Pay", "pay", "main"),
            deed("失败 Fail", "fail", "bad"),
            deed("稍后到账 Pay later", "later"),
            deed("过期 Expire", "expire"),
        ]
    elif session["payment_status"] == "unpaid" and session["status"] == "complete":
        buttons = [deed("到账 Money arrives", "arrive", "main"), deed("未到账 It does not", "bounce", "bad")]
    elif session["payment_status"] == "paid":
        buttons = after_payment(world, session)
    if world.store.of("webhook", filed):
        buttons += [deed("重发最后通知 Send last webhook again", "repeat"), deed("连发5次 Send it 5 times", "repeat5"),
                    deed("乱序重发 Send all, newest first", "reverse")]  # fmt: skip
    link = el("a", "付款页 Page", href=f"/stripe/pay/{session['id']}")
    return el(
        "section",
        el(
            "div",
            el("b", money(session["amount_total"], session["currency"])),
            state(session["status"]),
            state(session["payment_status"]),
            el("span", session["client_reference_id"] or "", class_="soft"),
            el("span", link, " ", moment(session["created"]), class_="soft end"),
            class_="row",
        ),
        el("p", f"{session['id'][:24]}…  {session['payment_intent'] or ''}", class_="mono soft"),
        *charge_lines(world, session),
        deeds("payment", session["id"], *buttons),
        class_="card",
    )


def after_payment(world: World, session: Thing) -> list[Html]:
    """What may still happen to money that was taken."""
    buttons: list[Html] = []
    for charge in world.store.of("charge", session["payment_intent"]):
        if not charge["refunded"] and not charge["disputed"]:
            buttons.append(deed("平台退款 Refund at Stripe", "refund"))
            if charge["payment_method_details"]["type"] == "card":
                buttons.append(deed("拒付 Dispute", "dispute", "bad"))
    return buttons


def charge_lines(world: World, session: Thing) -> list[Html]:
    """Refunds and disputes of a payment, with what may become of them."""
    lines: list[Html] = []
    for charge in world.store.of("charge", session["payment_intent"] or "-"):
        for refund in world.store.of("refund", charge["id"]):
            choices = [deed("成功 Succeed", "succeed"), deed("失败 Fail", "fail", "bad")]
            lines.append(line_of("退款 Refund", refund, "refund", *(choices if refund["status"] == "pending" else ())))
        for dispute in world.store.of("dispute", charge["id"]):
            choices = [deed("胜诉 Won", "won"), deed("败诉 Lost", "lost", "bad")]
            waiting = dispute["status"] == "needs_response"
            lines.append(line_of("拒付 Dispute", dispute, "dispute", *(choices if waiting else ())))
    return lines


def line_of(words: str, thing: Thing, noun: str, *buttons: Html) -> Html:
    """A refund or a dispute in one line."""
    amount = money(thing["amount"], thing["currency"])
    told = el("p", f"{words} {amount} ", state(thing["status"]), " ", el("span", thing["id"], class_="mono soft"))
    return join(told, deeds(noun, thing["id"], *buttons) if buttons else "")


def parcel(world: World, thing: Thing) -> Html:
    """A parcel and its road so far."""
    latest = newest(thing)
    scans = [
        el(
            "li",
            el("span", event["time_iso"][5:16].replace("T", " "), class_="mono soft"),
            f" {event['location']} · {event['description']}",
        )
        for event in thing["events"]
    ]
    move = [deed("下一步 Next event", "next", "main"), deed("直接送达 Deliver now", "deliver")]
    trouble = [select("what", INCIDENT_NAMES, "意外 Trouble"), deed("发生 Happen", "incident", "bad")]
    late = [deed("下一步，晚报 Next event, told late", "withhold")]
    if thing["withheld"]:
        late.append(deed(f"补报 Tell {len(thing['withheld'])} late", "late"))
    again = [deed("重发通知 Repeat last webhook", "repeat"), deed("停止跟踪 Stop tracking", "stop")]
    return el(
        "section",
        el(
            "div",
            el("b", thing["number"]),
            state(latest.get("sub_status", "NotFound")),
            el("span", thing["tag"] or "", class_="soft"),
            el("span", f"→ {thing['city']}" + ("  已停止 stopped" if thing["stopped"] else ""), class_="soft end"),
            class_="row",
        ),
        el("ul", *scans[:3], class_="plain soft"),
        el("details", el("summary", f"全部 All {len(scans)}"), el("ul", *scans, class_="plain soft"))
        if len(scans) > 3
        else "",
        deeds("parcel", thing["number"], *([] if ended(thing) else [*move, *trouble, *late]), *again),
        class_="card",
    )


def payout(world: World, thing: Thing) -> Html:
    """A MoMo transfer."""
    shown = thing["shown"]
    reasons = {reason: reason for reason in momo.REASONS}
    buttons = [
        deed("成功 Succeed", "succeed", "main"),
        select("reason", reasons, "原因 Reason"),
        deed("失败 Fail", "fail", "bad"),
    ]
    return el(
        "section",
        el(
            "div",
            el("b", f"{shown['currency']} {shown['amount']}"),
            state(shown["status"]),
            el("span", shown.get("reason", ""), class_="soft"),
            el("span", moment(thing["at"]), class_="soft end"),
            class_="row",
        ),
        el(
            "p",
            f"{shown['payee']['partyId']} · {momo.holder(world, shown['payee']['partyId'])} · {shown['externalId']}",
        ),
        el("p", thing["id"], class_="mono soft"),
        deeds("payout", thing["id"], *buttons) if shown["status"] == "PENDING" else "",
        class_="card",
    )


def phone(number: str, messages: list[Thing]) -> Html:
    """One phone with its messages, newest first."""
    bubbles = [
        join(
            el("div", message["text"], class_="bubble"),
            el("span", f"{message['from']} {moment(message['at'])}", class_="soft"),
        )
        for message in messages
    ]
    return el("section", el("h2", f"☎ +{number}"), *bubbles, class_="card phone")


def letter(mail: Thing) -> Html:
    """One mail."""
    attached = (
        [el("p", "附件 Attached: " + ", ".join(mail["attachments"]), class_="soft")] if mail["attachments"] else []
    )
    return el(
        "section",
        el("h2", mail["subject"] or "(无主题 no subject)"),
        el("p", f"{mail['from']} → {mail['reader']} · {moment(mail['at'])}", class_="soft"),
        el("pre", mail["text"] or mail["html"]),
        *attached,
        class_="card",
    )


def delivery(record: Thing) -> Html:
    """One webhook and its tries."""
    tries = ", ".join(
        f"{moment(each['at'])[6:]} → {each['answer'] or '没有回答 no answer'}" for each in record["tries"][-4:]
    )
    return el(
        "section",
        el(
            "div",
            el("b", record["type"]),
            state(record["status"]),
            el("span", record["service"], class_="soft"),
            el("span", moment(record["created"]), class_="soft end"),
            class_="row",
        ),
        el("p", f"{record['about']}  {record['event']}", class_="mono soft"),
        el("p", f"{len(record['tries'])}×: {tries}", class_="soft") if tries else "",
        el("details", el("summary", "内容 Body"), el("pre", record["body"])),
        deeds("webhook", record["id"], deed("再发 Send again", "repeat"), deed("连发5次 5 times", "repeat5")),
        class_="card",
    )
