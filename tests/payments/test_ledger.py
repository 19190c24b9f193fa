"""The books: every transaction sums to zero in each currency, and what is posted stays."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kernel import sealing
from kernel.money import Money
from payments import ledger
from payments.models import Account, LedgerEntry, LedgerTransaction

CODES = (ledger.PROVIDER_CASH, ledger.ESCROW, ledger.REVENUE, ledger.FREIGHT_PAYABLE)
amounts = st.integers(-(10**12), 10**12).filter(bool)
pytestmark = pytest.mark.django_db


def entries(*pairs: tuple[str, int, str]) -> list[ledger.Entry]:
    return [ledger.Entry(code, Money(minor, currency)) for code, minor, currency in pairs]


def test_a_cause_is_booked_once(now):
    both = entries(("escrow", -5, "CNY"), ("revenue", 5, "CNY"))
    assert ledger.post("x", both, now=now) is not None
    assert ledger.post("x", both, now=now) is None
    assert ledger.balance("escrow", "CNY") == Money(-5, "CNY")


@given(parts=st.lists(st.tuples(st.sampled_from(CODES), amounts), min_size=2, max_size=6))
def test_only_balanced_entries_are_taken(parts):
    """A pure property of the check itself, so that hypothesis may run it without a database."""
    wanted = [ledger.Entry(code, Money(minor, "CNY")) for code, minor in parts]
    balanced = sum(minor for _code, minor in parts) == 0
    try:
        ledger._must_balance(wanted)
    except ledger.Unbalanced:
        assert not balanced
    else:
        assert balanced


def test_francs_do_not_balance_yuan(now):
    with pytest.raises(ledger.Unbalanced):
        ledger.post("x", entries(("escrow", -5, "CNY"), ("revenue", 5, "RWF")), now=now)
    assert not LedgerTransaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_what_does_not_balance(now):
    booked = LedgerTransaction.objects.create(cause="raw", at=now)
    account = Account.objects.create(code="escrow", currency="CNY")
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(transaction=booked, account=account, currency="CNY", amount_minor=7)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "deed", ["UPDATE payments_ledgerentry SET amount_minor = 1", "DELETE FROM payments_ledgerentry"]
)
def test_posted_rows_cannot_be_changed_or_deleted(now, deed):
    ledger.post("x", entries(("escrow", -5, "CNY"), ("revenue", 5, "CNY")), now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)


def test_a_wrong_row_would_be_reported(now):
    """The check can fail: with the guards off, an edited entry is found by the balance and by the chain."""
    ledger.post("x", entries(("escrow", -5, "CNY"), ("revenue", 5, "CNY")), now=now)
    sealing.seal("ledger", now=now)
    assert (ledger.out_of_balance(), sealing.verify("ledger")) == ([], [])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_ledgerentry SET amount_minor = 6 WHERE amount_minor = 5")
    assert ledger.out_of_balance() != []
    assert any("changed" in problem for problem in sealing.verify("ledger"))
