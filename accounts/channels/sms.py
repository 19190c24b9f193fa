"""Text messages over an HTTP gateway: JSON {to, from, text, reference}, bearer key. Without a gateway, the console."""

import httpx
from django.conf import settings

from accounts.models import Message

from . import Undeliverable, console

_BUSY = {408, 425, 429}


def deliver(message: Message) -> None:
    """Hand one text message to the gateway. The reference is the message's id, by which the gateway knows repeats."""
    if not settings.SMS_GATEWAY_URL:
        console.deliver(message)
        return
    answer = httpx.post(
        settings.SMS_GATEWAY_URL,
        json={"to": message.to, "from": settings.SMS_SENDER, "text": message.body, "reference": str(message.pk)},
        headers={"Authorization": f"Bearer {settings.SMS_GATEWAY_KEY}"},
        timeout=10,
    )
    if 400 <= answer.status_code < 500 and answer.status_code not in _BUSY:
        raise Undeliverable(f"{message.pk}: the gateway answered {answer.status_code}")
    answer.raise_for_status()
