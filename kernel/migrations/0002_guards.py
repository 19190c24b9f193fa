"""Steps, audit records and seals can be added and read, and nothing else, whoever asks."""

from django.db import migrations

TABLES = ["kernel_step", "kernel_auditrecord", "kernel_chainlink"]

FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def trigger(table: str) -> str:
    return f"""
    CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
    """


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION kernel_refuse_change()"),
        *[migrations.RunSQL(trigger(table), f"DROP TRIGGER rows_are_append_only ON {table}") for table in TABLES],
    ]
