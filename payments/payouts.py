"""Paying sellers: gather what is ready, fix a reference, ask the wallet company, then ask what became of it.

A payout is sent at most once: its id is the wallet company's reference. Only a final answer closes it, and money that
failed to arrive becomes ready again for the next payout.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import messages
from kernel import work
from kernel.lifecycle import IllegalMove
from kernel.money import Money
from kernel.refusals import Refusal
from sellers import shops
from sellers.models import Seller

from . import ledger, momo
from .models import Earning, Payout, PayoutAccount, PayoutLine

log = logging.getLogger(__name__)

LEAST = Money(1000, "RWF")
GIVE_UP_AFTER = timedelta(hours=24)


class NothingToPay(Refusal):
    """Less is ready than a payout needs."""

    code = "nothing_to_pay"
    message = _("There is not enough money ready: the least is %(least)s.")


class NotNow(Refusal):
    """The shop may not sell at present, so its money waits for staff."""

    code = "payouts_on_hold"
    message = _("Payouts of this shop are on hold. Please write to us.")


@work.every(seconds=60)
def schedule_ready(*, now: datetime) -> None:
    """Schedule a payout for every seller with enough money ready."""
    ready = Seller.objects.selling().filter(earnings__status=Earning.Status.AVAILABLE).distinct().order_by("pk")
    for seller in ready[:500]:
        try:
            schedule(seller, now=now)
        except NothingToPay:
            continue


@transaction.atomic
def schedule(seller: Seller, *, now: datetime) -> Payout:
    """Gather a seller's ready earnings, debts included, into one payout and send it.

    Raises NothingToPay, or NotNow for a shop that is suspended or closed: staff decide about its money.
    """
    if seller.status != Seller.Status.APPROVED:
        raise NotNow()
    account = account_of(seller)
    PayoutAccount.objects.select_for_update().get(pk=account.pk)
    ready = list(
        Earning.objects.select_for_update()
        .filter(seller=seller, status=Earning.Status.AVAILABLE)
        .exclude(payout_lines__is_live=True)
        .order_by("pk")
    )
    amount = Money(sum(earning.amount_rwf_minor for earning in ready), "RWF")
    if amount < LEAST:
        raise NothingToPay(least=LEAST)
    payout = Payout.objects.create(seller=seller, number=account.number, amount_rwf_minor=amount.minor, created_at=now)
    PayoutLine.objects.bulk_create(PayoutLine(payout=payout, earning=earning) for earning in ready)
    work.later(send, once=str(payout.pk), payout_id=payout.pk)
    return payout


def number_of(seller: Seller) -> str:
    """The MoMo number that this seller's money goes to."""
    account = PayoutAccount.objects.filter(seller=seller).first()
    return account.number if account else seller.momo_number


def account_of(seller: Seller) -> PayoutAccount:
    """Where this seller's money goes: the MoMo number they gave, until they change it."""
    return PayoutAccount.objects.get_or_create(seller=seller, defaults={"number": seller.momo_number})[0]


@work.task(max_attempts=20)
def send(*, payout_id: str) -> None:
    """Ask for the transfer under the payout's own id. A repeat moves no second franc."""
    payout = Payout.objects.get(pk=payout_id)
    if payout.status != Payout.Status.SCHEDULED:
        return
    try:
        momo.transfer(
            payout.pk,
            amount=payout.amount,
            number=payout.number,
            external_id=str(payout.pk),
            note="Isoko payout",
        )
    except momo.Rejected as error:
        _needs_staff(payout, why=str(error))
        return
    payout.move(Payout.Status.PROCESSING, actor="worker")
    work.later(ask, once=str(payout.pk), due=timezone.now() + timedelta(seconds=5), payout_id=payout.pk)


@work.task(max_attempts=50)
def ask(*, payout_id: str) -> None:
    """Ask what became of a transfer, and book a final answer."""
    payout = Payout.objects.get(pk=payout_id)
    if payout.status not in {Payout.Status.SCHEDULED, Payout.Status.PROCESSING}:
        return
    try:
        told = momo.status(payout.pk)
    except momo.Unreachable as error:  # the clock asks again
        log.warning("payout %s: not asked about (%s)", payout.pk, error)
        return
    now = timezone.now()
    Payout.objects.filter(pk=payout.pk).update(polled_at=now)
    if told is None and payout.status == Payout.Status.PROCESSING:
        _needs_staff(payout, why="unknown to the wallet company")
    elif told and told.status == "SUCCESSFUL":
        settle(payout, provider_id=told.provider_id, now=now)
    elif told and told.status == "FAILED":
        fail(payout, reason=told.reason or "FAILED", now=now)


@work.every(seconds=30)
def ask_about_open(*, now: datetime) -> None:
    """Ask again about transfers without a final answer; after a day a person must look."""
    for payout in Payout.objects.filter(status=Payout.Status.PROCESSING).order_by("created_at")[:200]:
        if payout.created_at < now - GIVE_UP_AFTER:
            with suppress(IllegalMove):  # it was answered in this moment
                _needs_staff(payout, why="no final answer in a day")
        else:
            work.later(ask, once=str(payout.pk), payout_id=payout.pk)


@transaction.atomic
def settle(payout: Payout, *, provider_id: str, now: datetime) -> bool:
    """The money arrived: book it, close the earnings, tell the seller. Says whether this was news."""
    if not payout.move(Payout.Status.PAID, actor="momo", why=provider_id):
        return False
    Payout.objects.filter(pk=payout.pk).update(provider_id=provider_id, finished_at=now)
    for line in payout.lines.select_related("earning").order_by("earning_id"):
        line.earning.move(Earning.Status.PAID, actor="momo", why=str(payout.pk))
    ledger.post(
        f"payout:{payout.pk}",
        [
            ledger.Entry(ledger.SELLER_PAYABLE, payout.amount, payout.seller),
            ledger.Entry(ledger.WALLET_CASH, -payout.amount),
        ],
        now=now,
        memo=str(payout.seller),
    )
    _tell(payout, "payout_paid")
    return True


@transaction.atomic
def fail(payout: Payout, *, reason: str, now: datetime) -> bool:
    """The money did not go: it is ready again, and the seller knows why. Says whether this was news."""
    if not payout.move(Payout.Status.FAILED, actor="momo", why=reason):
        return False
    Payout.objects.filter(pk=payout.pk).update(failure=reason[:60], finished_at=now)
    payout.lines.update(is_live=False)
    held = Earning.objects.filter(payout_lines__payout=payout).order_by("pk")
    for earning in held:
        # Held, not ready: the same number would fail again every minute. Staff or the seller's new number frees it.
        earning.move(Earning.Status.HELD, actor="momo", why=reason)
    _tell(payout, "payout_failed")
    return True


@transaction.atomic
def free(seller: Seller, *, actor: str, why: str) -> int:
    """Make a seller's held earnings ready again, once the reason is mended; returns how many."""
    held = list(Earning.objects.filter(seller=seller, status=Earning.Status.HELD).order_by("pk"))
    return sum(earning.move(Earning.Status.AVAILABLE, actor=actor, why=why) for earning in held)


def _needs_staff(payout: Payout, *, why: str) -> None:
    with transaction.atomic():
        if payout.move(Payout.Status.AWAITING_MANUAL, actor="system", why=why):
            Payout.objects.filter(pk=payout.pk).update(failure=why[:60])


def _tell(payout: Payout, kind: str) -> None:
    for member in shops.members(payout.seller):
        messages.tell(
            member,
            kind,
            once=f"{kind}:{payout.pk}",
            url="/sell/money/",
            amount=payout.amount,
            number=payout.number,
        )
