"""Each invariant holds in a house that is lived in, and each is seen to fail when somebody breaks the data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from marketplace import invariants
from tests import house
from tests.house import House

pytestmark = pytest.mark.django_db

# How long after the break the check is asked; for others twenty minutes, more than any clock task needs.
WAIT = {"holds_end_in_time": timedelta(hours=1), "unpaid_orders_end": timedelta(hours=1)}


@pytest.fixture
def _django_db_helper() -> None:
    """Instead of pytest-django's transaction around each test, which would close the one that the house stands in."""


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[House]:
    with django_db_blocker.unblock(), house.standing() as stands:
        yield stands


@pytest.fixture
def lived_in(built: House) -> Iterator[House]:
    with house.visit(built) as visited:
        yield visited


def broken(*, now=None) -> dict[str, list[str]]:
    return {invariant.name: wrong for invariant, wrong in invariants.breaches(now=now)}


def test_everything_holds_in_a_house_that_is_lived_in(lived_in):
    assert broken() == {}
    said = io.StringIO()
    call_command("check_invariants", stdout=said)
    assert "invariants hold" in said.getvalue()


def test_names_are_unique_and_sentences_are_sentences():
    assert len({one.name for one in invariants.ALL}) == len(invariants.ALL)
    assert all(one.sentence.endswith(".") for one in invariants.ALL)


def test_the_command_fails_and_says_where(lived_in):
    change("UPDATE catalog_variant SET on_hand = on_hand + 1 WHERE id = %(basket)s", lived_in)
    said = io.StringIO()
    with pytest.raises(CommandError, match="do not hold"):
        call_command("check_invariants", stderr=said)
    assert lived_in.basket.sku in said.getvalue()


# What breaks what: SQL as somebody might run it behind the product's back, all guards put aside.
BREAKS: dict[str, str] = {
    "ledger_balances": "UPDATE payments_ledgerentry SET amount_minor = amount_minor + 1 WHERE id = %(entry)s",
    "ledger_transactions_have_two_sides": "DELETE FROM payments_ledgerentry WHERE id = %(entry)s",
    "ledger_entries_fit_their_account": "UPDATE payments_ledgerentry SET currency = 'USD' WHERE id = %(entry)s",
    "captures_are_booked": "UPDATE payments_paymentfact SET amount_minor = 1 WHERE kind = 'captured'",
    "refunds_are_booked": "UPDATE payments_refund SET status = 'promised'",
    "sales_are_booked": "UPDATE payments_ledgertransaction SET cause = 'lost ' || cause WHERE cause LIKE 'sale:%%'",
    "escrow_is_what_is_left": "UPDATE payments_ledgertransaction SET cause = 'lost' WHERE id = %(capture)s",
    "an_order_is_captured_once": """
        INSERT INTO payments_payment (id, status, order_id, currency, amount_minor, method, session_id, pay_url,
            created_at, expires_at)
        SELECT gen_random_uuid(), 'captured', order_id, currency, amount_minor, '', '', '', created_at, expires_at
        FROM payments_payment WHERE order_id = %(paid)s;
        INSERT INTO payments_paymentfact (payment_id, kind, amount_minor, provider_id, at)
        SELECT id, 'captured', amount_minor, 'twice', created_at FROM payments_payment
        WHERE order_id = %(paid)s AND session_id = ''
    """,
    "captured_money_has_a_home": "UPDATE orders_order SET paid_at = NULL WHERE id = %(paid)s",
    "paid_orders_have_their_money": "DELETE FROM payments_paymentfact WHERE kind = 'captured'",
    "refunds_stay_within_captures": "UPDATE payments_refund SET amount_minor = 100000000",
    "fallen_parts_are_refunded": "UPDATE payments_refund SET consignment_id = NULL",
    "standing_parts_are_not_refunded": "UPDATE payments_refund SET consignment_id = %(accepted)s",
    "payments_ask_for_the_total": "UPDATE payments_payment SET amount_minor = 1 WHERE order_id = %(unpaid)s",
    "earnings_are_what_was_promised": "UPDATE payments_earning SET amount_rwf_minor = amount_rwf_minor + 1",
    "completed_parts_earn": "UPDATE payments_earning SET status = 'pending' WHERE consignment_id = %(completed)s",
    "payable_is_what_is_ready": "UPDATE payments_earning SET status = 'available' WHERE consignment_id = %(completed)s",
    "payouts_are_their_earnings": "UPDATE payments_payout SET amount_rwf_minor = amount_rwf_minor + 1",
    "paid_earnings_were_paid_once": "DELETE FROM payments_payoutline",
    "payouts_are_booked": "UPDATE payments_payout SET status = 'processing'",
    "stock_counters_are_sane": "UPDATE catalog_variant SET reserved = on_hand + 1 WHERE id = %(basket)s",
    "held_units_have_a_holder": "UPDATE catalog_variant SET reserved = reserved + 1 WHERE id = %(basket)s",
    "stock_is_its_movements": "UPDATE catalog_variant SET on_hand = on_hand + 1 WHERE id = %(basket)s",
    "nothing_is_oversold": "UPDATE catalog_stockmovement SET quantity = 1 WHERE kind = 'receipt'",
    "sales_are_order_lines": "DELETE FROM catalog_stockmovement WHERE kind = 'sale' AND variant_id = %(basket)s",
    "fallen_units_came_back": "DELETE FROM catalog_stockmovement WHERE kind = 'return'",
    "reservations_follow_their_order": "UPDATE catalog_reservation SET status = 'released' WHERE status = 'active'",
    "orders_hold_what_they_ordered": "DELETE FROM catalog_reservation WHERE variant_id = %(basket)s",
    "holds_end_in_time": "",
    "orders_are_whole": """
        DELETE FROM orders_taxline USING orders_orderline l WHERE line_id = l.id AND l.consignment_id = %(accepted)s;
        DELETE FROM orders_orderline WHERE consignment_id = %(accepted)s
    """,
    "orders_are_their_consignments": "UPDATE orders_order SET goods_minor = goods_minor + 1 WHERE id = %(unpaid)s",
    "consignments_are_their_lines": "UPDATE orders_orderline SET unit_price_minor = unit_price_minor + 1",
    "consignments_are_their_parcels": "UPDATE orders_plannedparcel SET freight_minor = freight_minor + 1",
    "parcels_are_their_tax_lines": "UPDATE orders_taxline SET due_minor = due_minor + 1",
    "every_unit_is_in_one_parcel": "UPDATE orders_taxline SET quantity = quantity + 1",
    "orders_cost_what_was_quoted": "UPDATE logistics_quote SET total_minor = total_minor + 1",
    "orders_are_where_their_parts_are": "UPDATE orders_consignment SET status = 'completed' WHERE id = %(accepted)s",
    "paid_orders_say_when": "UPDATE orders_order SET paid_at = NULL WHERE id = %(paid)s",
    "unpaid_orders_end": "",
    "unaccepted_parts_end": "UPDATE orders_consignment SET accept_by = NULL",
    "steps_lead_to_the_status": "UPDATE orders_order SET status = 'expired' WHERE id = %(paid)s",
    "steps_follow_the_map": "UPDATE kernel_step SET was = 'completed' WHERE id = %(step)s",
    "steps_follow_each_other": "UPDATE kernel_step SET was = 'completed' WHERE id = %(step)s",
    "reviews_are_of_what_was_received": "UPDATE orders_consignment SET status = 'returned' WHERE id = %(reviewed)s",
    "ratings_are_their_reviews": "UPDATE orders_review SET stars = 1",
    "packed_parts_have_their_parcels": """
        INSERT INTO orders_plannedparcel (consignment_id, position, route, service, weight_g, goods_minor,
            freight_minor, tax_minor, days_min, days_max)
        SELECT consignment_id, position + 1, route, service, weight_g, 0, 0, 0, days_min, days_max
        FROM orders_plannedparcel WHERE consignment_id = %(packed)s
    """,
    "parcels_have_their_papers_once": "UPDATE logistics_exportdocument SET status = 'voided' WHERE kind = 'cn23'",
    "sent_parcels_have_issued_papers": "UPDATE logistics_exportdocument SET issued_at = NULL WHERE kind = 'cn23'",
    "issued_papers_have_a_file": "UPDATE logistics_exportdocument SET sha256 = '' WHERE kind = 'cn23'",
    "open_holds_have_a_held_parcel": "UPDATE logistics_customshold SET closed_at = now()",
    "files_are_what_was_issued": "UPDATE logistics_exportdocument SET sha256 = 'other' WHERE kind = 'cn23'",
    "paper_numbers_have_no_gaps": "UPDATE logistics_numberseries SET last = last + 1",
    "papers_say_what_was_ordered": "UPDATE logistics_parcel SET weight_g = weight_g + 1",
    "parcels_are_where_they_were_seen": "UPDATE logistics_parcel SET status = 'released' WHERE status = 'held_customs'",
    "waybills_are_numbers_of_the_post": "UPDATE logistics_parcel SET waybill = 'LX000000001RW' WHERE id = %(parcel)s",
    "delivered_parcels_end_their_part": "UPDATE orders_consignment SET status = 'handed_over' WHERE id = %(delivered)s",
    "what_waits_has_a_job": "UPDATE accounts_message SET status = 'waiting'",
    "jobs_move_on": "UPDATE kernel_job SET state = 'waiting' WHERE once IS NULL",
    "jobs_park_only_when_spent": "UPDATE kernel_job SET state = 'parked' WHERE once IS NULL",
    "sent_messages_say_when": "UPDATE accounts_message SET sent_at = NULL WHERE status = 'sent'",
    "nobody_is_told_twice": "UPDATE accounts_message SET once = 'the same' WHERE kind = 'order_paid'",
    "buyers_know_that_they_paid": "DELETE FROM accounts_message WHERE kind = 'order_paid'",
    "shops_know_what_was_ordered": """
        DELETE FROM accounts_message WHERE kind = 'consignment_new' AND user_id = %(artisan)s
    """,
    "secrets_open_where_they_are": "UPDATE accounts_identity SET id = gen_random_uuid()",
    "no_secret_lost_its_key": """
        UPDATE accounts_identity SET id_number_cipher = overlay(id_number_cipher placing '\\x7a'::bytea from 3 for 1)
    """,
    "id_numbers_stay_in_the_vault": "UPDATE orders_consignment SET buyer_note = '身份证 11010519491231002X'",
    "id_numbers_have_consents": "UPDATE accounts_identity SET cross_border_consent_id = collection_consent_id",
    "consents_quote_the_text": "UPDATE accounts_consent SET text_sha256 = 'other words'",
    "id_numbers_are_erased_in_time": "UPDATE accounts_identity SET erase_on = '2026-01-01'",
    "id_numbers_are_masked": "UPDATE accounts_identity SET masked = '11010519491231002X'",
    "keeping_an_id_is_written_down": "DELETE FROM kernel_auditrecord WHERE deed = 'id_kept'",
    "chains_are_unbroken": "UPDATE kernel_step SET actor = 'somebody else' WHERE id = %(step)s",
}
UNGUARDED = [
    "payments_ledgerentry", "payments_ledgertransaction", "payments_paymentfact", "orders_order", "orders_consignment",
    "orders_orderline", "orders_plannedparcel", "orders_taxline", "orders_review", "catalog_stockmovement",
    "kernel_step", "kernel_auditrecord", "logistics_exportdocument", "accounts_consent",
]  # fmt: skip
CHECKS = [
    ("catalog_variant", "reserved_never_exceeds_on_hand"),
    ("orders_order", "order_total_adds_up"),
    ("accounts_message", "accounts_message_once_key"),
]


def test_every_break_is_seen(lived_in):
    assert {*BREAKS, "files_belong_to_a_row"} == {one.name for one in invariants.ALL}, "each has its break here"
    unseen = []
    for name, sql in BREAKS.items():
        with transaction.atomic():
            if sql:
                change(sql, lived_in)
            if not list(invariants.find(name).find(timezone.now() + WAIT.get(name, timedelta(minutes=20)))):
                unseen.append(name)
            transaction.set_rollback(True)
    assert unseen == []


def test_a_file_without_a_row_is_seen_after_a_day(lived_in):
    name = storages["private"].save("papers/lost.pdf", io.BytesIO(b"%PDF"))
    orphans = invariants.find("files_belong_to_a_row")
    assert not any(name in one for one in orphans.find(timezone.now()))
    assert any(name in one for one in orphans.find(timezone.now() + timedelta(hours=25)))


def test_a_lost_or_changed_file_is_seen(lived_in):
    storage = storages["private"]
    with storage.open(lived_in.document.file.name, "wb") as file:
        file.write(b"%PDF another paper")
    storage.delete(lived_in.paper.file.name)
    assert len(broken()["files_are_what_was_issued"]) == 2


def change(sql: str, lived_in: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in UNGUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for table, name in CHECKS:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(sql, ids(lived_in))


def ids(lived_in: House) -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM payments_ledgerentry")
        (entry,) = cursor.fetchone()
        cursor.execute("SELECT min(id) FROM payments_ledgertransaction WHERE cause LIKE 'capture:%'")
        (capture,) = cursor.fetchone()
        cursor.execute(
            "SELECT max(id) FROM kernel_step WHERE thing = 'orders.consignment' AND thing_id = %s",
            [str(lived_in.completed.pk)],
        )
        (step,) = cursor.fetchone()
    return {
        "entry": entry,
        "capture": capture,
        "step": step,
        "basket": lived_in.basket.pk,
        "artisan": lived_in.artisan.pk,
        "unpaid": lived_in.unpaid.pk,
        "paid": lived_in.accepted.order_id,
        "accepted": lived_in.accepted.pk,
        "packed": lived_in.packed.pk,
        "delivered": lived_in.delivered.pk,
        "completed": lived_in.completed.pk,
        "reviewed": lived_in.review.line.consignment_id,
        "parcel": lived_in.document.parcel_id,
    }
