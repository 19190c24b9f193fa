"""Stars and words of a review stay as they were written, and no review is deleted. Moderators may hide one."""

import importlib

from django.db import migrations

FROZEN = ("line_id", "product_id", "stars", "text", "at")


def freeze():
    was, now = (", ".join(f"{row}.{column}" for column in FROZEN) for row in ("OLD", "NEW"))
    return f"""
    CREATE TRIGGER promises_are_frozen BEFORE UPDATE ON orders_review
        FOR EACH ROW WHEN (({was}) IS DISTINCT FROM ({now})) EXECUTE FUNCTION kernel_refuse_change();
    CREATE TRIGGER rows_are_kept BEFORE DELETE ON orders_review
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
    """


def let_moderators_hide(apps, schema_editor):
    first_rows = importlib.import_module("accounts.migrations.0003_first_rows")
    group, _new = apps.get_model("auth", "Group").objects.get_or_create(name="moderators")
    group.permissions.add(*[first_rows.permission(apps, f"orders.{verb}_review") for verb in ("view", "change")])


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_reviews"), ("kernel", "0002_guards"), ("accounts", "0003_first_rows")]

    operations = [
        migrations.RunSQL(
            freeze(),
            "DROP TRIGGER promises_are_frozen ON orders_review; DROP TRIGGER rows_are_kept ON orders_review",
        ),
        migrations.RunPython(let_moderators_hide, migrations.RunPython.noop),
    ]
