"""What an order promised is never changed, whoever asks: amounts, rate, rules, lines, parcels and taxes are frozen."""

from django.db import migrations

FROZEN = {
    "orders_order": (
        "number buyer_id currency goods_minor freight_minor tax_minor discount_minor total_minor quote_id rule_version"
        " rwf_per_cny rate_source placed_at"
    ),
    "orders_consignment": "number order_id seller_id currency goods_minor freight_minor tax_minor receive_rwf_minor",
}
APPEND_ONLY = ["orders_orderline", "orders_plannedparcel", "orders_taxline"]


def freeze(table: str, columns: str) -> str:
    was, now = (", ".join(f"{row}.{column}" for column in columns.split()) for row in ("OLD", "NEW"))
    return f"""
    CREATE TRIGGER promises_are_frozen BEFORE UPDATE ON {table}
        FOR EACH ROW WHEN (({was}) IS DISTINCT FROM ({now})) EXECUTE FUNCTION kernel_refuse_change();
    """


def append_only(table: str) -> str:
    return f"""
    CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
    """


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("kernel", "0002_guards")]

    operations = [
        *[
            migrations.RunSQL(freeze(table, columns), f"DROP TRIGGER promises_are_frozen ON {table}")
            for table, columns in FROZEN.items()
        ],
        *[migrations.RunSQL(append_only(table), f"DROP TRIGGER rows_are_append_only ON {table}") for table in APPEND_ONLY],
    ]
