"""The books: every movement of money is a transaction whose entries sum to zero in each currency, posted once.

Debits are positive, credits negative. What the provider or the wallet holds for us is debit; what we owe to buyers
(`escrow`), sellers (`seller_payable`), carriers (`freight_payable`) and customs (`tax_payable`) is credit; what we earn
is `revenue`; `exchange` joins the two currencies of one sale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel import sealing
from kernel.money import Money
from kernel.refusals import Refusal
from sellers.models import Seller

from .models import Account, LedgerEntry, LedgerTransaction

PROVIDER_CASH = "provider_cash"
WALLET_CASH = "wallet_cash"
ESCROW = "escrow"
SELLER_PAYABLE = "seller_payable"
FREIGHT_PAYABLE = "freight_payable"
TAX_PAYABLE = "tax_payable"
EXCHANGE = "exchange"
REVENUE = "revenue"


class Unbalanced(Refusal):
    """Entries that do not sum to zero in each currency."""

    code = "ledger_unbalanced"
    message = _("The books would not balance.")


@dataclass(frozen=True)
class Entry:
    """One side of a movement: an account's code, the amount (debit positive), and whose account if it is a seller's."""

    code: str
    amount: Money
    seller: Seller | None = None


def post(cause: str, entries: Iterable[Entry], *, now: datetime, memo: str = "") -> LedgerTransaction | None:
    """Book a movement once; None where its cause is booked already. Entries of zero are left out. Raises Unbalanced."""
    moved = [entry for entry in entries if entry.amount]
    _must_balance(moved)
    try:
        with transaction.atomic():
            booked = LedgerTransaction.objects.create(cause=cause, memo=memo, at=now)
    except IntegrityError:
        return None
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            transaction=booked,
            account=_account(entry),
            currency=entry.amount.currency,
            amount_minor=entry.amount.minor,
        )
        for entry in moved
    )
    return booked


def balance(code: str, currency: str, *, seller: Seller | None = None) -> Money:
    """What an account holds: debits less credits. Without a seller, all accounts of that code together."""
    entries = LedgerEntry.objects.filter(account__code=code, currency=currency)
    if seller is not None:
        entries = entries.filter(account__seller=seller)
    return Money(entries.aggregate(sum=Sum("amount_minor"))["sum"] or 0, currency)


def out_of_balance() -> list[tuple[int, str, int]]:
    """Transactions whose entries do not sum to zero in a currency: (transaction, currency, sum). Must be empty."""
    sums = LedgerEntry.objects.values_list("transaction", "currency").annotate(sum=Sum("amount_minor"))
    return [row for row in sums.order_by("transaction", "currency") if row[2]]


def _account(entry: Entry) -> Account:
    return Account.objects.get_or_create(code=entry.code, currency=entry.amount.currency, seller=entry.seller)[0]


def _must_balance(entries: list[Entry]) -> None:
    sums: dict[str, int] = {}
    for entry in entries:
        sums[entry.amount.currency] = sums.get(entry.amount.currency, 0) + entry.amount.minor
    if len(entries) < 2 or any(sums.values()):
        raise Unbalanced()


def _row_bytes(entry: LedgerEntry) -> bytes:
    booked = entry.transaction
    return sealing.plainly(
        entry.pk,
        booked.cause,
        booked.memo,
        booked.reverses_id,
        booked.at,
        entry.account_id,
        entry.currency,
        entry.amount_minor,
    )


sealing.chain("ledger", lambda: LedgerEntry.objects.select_related("transaction"), _row_bytes)
