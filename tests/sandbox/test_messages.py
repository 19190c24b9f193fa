"""Text messages and letters."""

import smtplib
from email.message import EmailMessage

from sandbox.testing import Sandbox

from .conftest import call


def send(box: Sandbox, key: str = "", **message: str) -> tuple[int, dict[str, str]]:
    body = {"to": "+250788123456", "from": "ISOKO", "text": "Kode yawe: 123456", "reference": "sms-1", **message}
    return call(box, "POST", "/sms/messages", body, {"Authorization": f"Bearer {key or box.keys.sms}"})


def test_one_reference_is_one_message(box: Sandbox) -> None:
    first, again, other = send(box), send(box), send(box, reference="sms-2")
    assert first[0] == 202
    assert first[1]["id"] == again[1]["id"] != other[1]["id"]
    assert [message["text"] for message in box.sms_to("+250788123456")] == ["Kode yawe: 123456"] * 2


def test_bad_messages_and_strangers_are_refused(box: Sandbox) -> None:
    assert send(box, key="other")[0] == 401
    assert send(box, to="0788")[0] == 400
    assert send(box, text="")[0] == 400
    assert box.sms_to("250788123456") == []


def test_a_letter_is_kept_and_decoded(box: Sandbox) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "您的订单已发货", "hello@isoko.example", "li@example.cn"
    letter.set_content("您好：\n.一行以点开头\n")
    letter.add_alternative("<p>您好</p>", subtype="html")
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="CN23.pdf")
    with smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=5) as link:
        link.send_message(letter)
    [kept] = box.mails_to("li@example.cn")
    assert kept["subject"] == "您的订单已发货"
    assert kept["text"].splitlines() == ["您好：", ".一行以点开头"]
    assert (kept["html"].strip(), kept["attachments"]) == ("<p>您好</p>", ["CN23.pdf"])
