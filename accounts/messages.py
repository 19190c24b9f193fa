"""What we tell people: rows written with the deed they tell of, sent afterwards by a worker, each once.

Texts are templates `templates/messages/<kind>.txt` (first line the subject, the rest the body) and, where a text
message makes sense, `<kind>.sms.txt`, one line. They are rendered at once in the reader's language: the row is what
they got.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template import Context, TemplateDoesNotExist, loader
from django.utils import timezone, translation

from kernel import locks, work

from . import gsm7
from .channels import Undeliverable, email, sms
from .handles import Handle
from .models import Message, User

CHANNELS = {Message.Channel.EMAIL: email.deliver, Message.Channel.SMS: sms.deliver}
# Texts with a secret in them: not worth sending late, and not kept once sent.
SECRET = {"sign_in_code": timedelta(minutes=10)}


@transaction.atomic
def tell(user: User, kind: str, *, once: str, url: str = "", **context: Any) -> None:
    """Tell a person something, in the caller's transaction: in the app, and by text message or e-mail.

    A text message goes out where `<kind>.sms.txt` exists and the person has a phone, else an e-mail if they have one.
    `once` names what this tells of; telling the same person again under it does nothing. `url` is a path of this house.
    """
    context = {"user": user, "url": url, "link": "", **context}
    with translation.override(user.language):
        subject, shown = _letter(kind, context)
        body = _letter(kind, {**context, "link": settings.SITE_URL + url if url else ""})[1]
        short = _short(kind, context) if user.phone else ""
    _write(user, Message.Channel.INBOX, "", kind, user.language, subject, shown, url=url, once=f"{once}:{user.pk}")
    if user.phone and short:
        _write(user, Message.Channel.SMS, user.phone, kind, user.language, "", short, url=url, once=f"{once}:{user.pk}")
    elif user.email:
        _write(
            user,
            Message.Channel.EMAIL,
            user.email,
            kind,
            user.language,
            subject,
            body,
            url=url,
            once=f"{once}:{user.pk}",
        )


@transaction.atomic
def tell_handle(handle: Handle, kind: str, *, language: str, once: str, **context: Any) -> None:
    """Tell somebody who may have no account: one text message or e-mail."""
    with translation.override(language):
        subject, body = _letter(kind, {"url": "", "link": "", **context})
        short = _short(kind, context) if handle.is_phone else ""
    if handle.is_phone:
        _write(None, Message.Channel.SMS, handle.value, kind, language, "", short or gsm7.shortened(subject), once=once)
    else:
        _write(None, Message.Channel.EMAIL, handle.value, kind, language, subject, body, once=once)


@work.task
def send(*, message_id: str) -> None:
    """Send one message, unless it was. A channel that refuses for good makes it failed; other errors come back later.

    The lock is not a transaction, so that nothing stays open while the network is slow. If we die between the channel's
    yes and ours, the next try carries the same reference, by which the far end knows it for the same message.
    """
    with locks.held(f"message:{message_id}") as mine:
        message = Message.objects.filter(pk=message_id, status=Message.Status.WAITING).first() if mine else None
        if message is None:
            return
        life = SECRET.get(message.kind)
        if life and message.created_at + life < timezone.now():
            _settle(message, Message.Status.FAILED)
            return
        try:
            CHANNELS[Message.Channel(message.channel)](message)
        except Undeliverable:
            _settle(message, Message.Status.FAILED)
        else:
            _settle(message, Message.Status.SENT)


def unread(user: User) -> int:
    """How many messages in the app a person has not opened."""
    return Message.objects.filter(user=user, channel=Message.Channel.INBOX, read_at=None).count()


def inbox(user: User) -> list[Message]:
    """A person's newest messages in the app, newest first."""
    return list(Message.objects.filter(user=user, channel=Message.Channel.INBOX).order_by("-created_at")[:50])


def mark_read(user: User) -> None:
    """The person has seen their messages."""
    Message.objects.filter(user=user, channel=Message.Channel.INBOX, read_at=None).update(read_at=timezone.now())


def _settle(message: Message, status: str) -> None:
    message.status = status
    message.sent_at = timezone.now() if status == Message.Status.SENT else None
    if message.kind in SECRET:
        message.body = re.sub(r"\d", "•", message.body)
        message.subject = re.sub(r"\d", "•", message.subject)
    message.save(update_fields=["status", "sent_at", "body", "subject"])


def _write(
    user: User | None,
    channel: Message.Channel,
    to: str,
    kind: str,
    language: str,
    subject: str,
    body: str,
    *,
    once: str,
    url: str = "",
) -> None:
    shown = channel == Message.Channel.INBOX
    message, is_new = Message.objects.get_or_create(
        once=f"{once}:{channel}",
        defaults={
            "user": user,
            "channel": channel,
            "to": to,
            "kind": kind,
            "language": language,
            "subject": subject[:160],
            "body": body,
            "url": url,
            "status": Message.Status.SENT if shown else Message.Status.WAITING,
            "sent_at": timezone.now() if shown else None,
        },
    )
    if is_new and not shown:
        work.later(send, message_id=_id(message.pk))


def _id(key: UUID) -> str:
    return str(key)


def _letter(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    subject, _line, body = _render(f"messages/{kind}.txt", context).partition("\n")
    return " ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body).strip()


def _short(kind: str, context: dict[str, Any]) -> str:
    try:
        text = " ".join(_render(f"messages/{kind}.sms.txt", context).split())
    except TemplateDoesNotExist:
        return ""
    return gsm7.shortened(gsm7.fold(text))


def _render(name: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, because nothing here is HTML."""
    template: Any = loader.get_template(name)
    return template.template.render(Context(context, autoescape=False)).strip()
