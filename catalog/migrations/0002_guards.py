"""What the ORM cannot say: the trigram extension with its index, and stock movements that nobody rewrites."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("kernel", "0002_guards")]

    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX product_search_typed ON catalog_product USING gin (search_pinyin gin_trgm_ops)",
            "DROP INDEX product_search_typed",
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER rows_are_append_only BEFORE UPDATE OR DELETE ON catalog_stockmovement
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()
            """,
            "DROP TRIGGER rows_are_append_only ON catalog_stockmovement",
        ),
    ]
