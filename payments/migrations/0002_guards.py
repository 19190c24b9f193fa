"""The books cannot be changed or left out of balance, whoever asks."""

from django.db import migrations

APPEND_ONLY = ["payments_ledgertransaction", "payments_ledgerentry", "payments_paymentfact"]

BALANCE = """
CREATE OR REPLACE FUNCTION payments_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM payments_ledgerentry WHERE transaction_id = NEW.transaction_id
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entries_sum_to_zero AFTER INSERT ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_must_balance();
"""
UNBALANCE = """
DROP TRIGGER entries_sum_to_zero ON payments_ledgerentry;
DROP FUNCTION payments_must_balance();
"""


def trigger(table: str) -> str:
    return f"""
    CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
    """


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("kernel", "0002_guards")]

    operations = [
        migrations.RunSQL(BALANCE, UNBALANCE),
        *[migrations.RunSQL(trigger(table), f"DROP TRIGGER rows_are_append_only ON {table}") for table in APPEND_ONLY],
    ]
