"""E-mail, by whatever backend the settings name: SMTP in earnest, the console while developing."""

from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage

from accounts.models import Message

from . import Undeliverable


def deliver(message: Message) -> None:
    """Send one e-mail under a Message-ID of ours, so that a second sending is known for the same."""
    letter = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.to],
        headers={"Message-ID": f"<{message.pk}@isoko>", "Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send()
    except SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _reason in error.recipients.values()):
            raise Undeliverable(str(message.pk)) from error
        raise
