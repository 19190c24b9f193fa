"""What people agreed to, and the words they agreed to, cannot be changed, whoever asks."""

from django.db import migrations

TABLES = ["accounts_consent", "accounts_legaltext"]


def trigger(table: str) -> str:
    return f"""
    CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
    """


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("kernel", "0002_guards")]

    operations = [
        migrations.RunSQL(trigger(table), f"DROP TRIGGER rows_are_append_only ON {table}") for table in TABLES
    ]
