"""A moderator's decision stands as it was told: another decision may follow it, nothing changes it."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON sellers_decision
    FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("sellers", "0001_initial"), ("kernel", "0002_guards")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER rows_are_append_only ON sellers_decision")]
