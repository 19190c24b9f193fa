"""Reports: what people tell us is wrong. Each is kept until a member of staff has written what was done about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel import audit
from kernel.actors import actor_of
from kernel.refusals import Refusal

from .models import Report, Seller

# Many people share one address of a mobile network, so this stops a flood and nobody else.
MOST_PER_HOUR = 10


class TooManyReports(Refusal):
    """So many reports came from one address that a machine must be sending them."""

    code = "too_many_reports"
    status = 429
    message = _("Too many reports came from your network. Please try again in an hour, or write to us.")


class AlreadySettled(Refusal):
    """Another member of staff was faster."""

    code = "already_settled"
    message = _("This report has been settled already.")


def send(
    *,
    kind: str,
    text: str,
    contact: str,
    subject: str,
    seller: Seller | None,
    reporter: User | None,
    ip: str | None,
    now: datetime,
) -> Report:
    """Keep a report for staff. The same words sent twice are one report. Raises TooManyReports."""
    lately = Report.objects.filter(ip=ip, at__gt=now - timedelta(hours=1))
    twice = lately.filter(kind=kind, subject=subject, text=text).first()
    if twice is not None:
        return twice
    if ip and lately.count() >= MOST_PER_HOUR:
        raise TooManyReports
    return Report.objects.create(
        kind=kind, text=text, contact=contact, subject=subject, seller=seller, reporter=reporter, ip=ip, at=now
    )


@transaction.atomic
def settle(report: Report, *, note: str, by: User, now: datetime) -> None:
    """Close a report with what was done. Raises AlreadySettled."""
    waiting = Report.objects.filter(pk=report.pk, settled_at=None)
    if not waiting.update(note=note, settled_at=now, settled_by=by, ip=None):
        raise AlreadySettled
    audit.record(actor_of(by), "report_settled", report)
    report.refresh_from_db()
