"""Fill the columns that lists show for goods that were there before them."""

from django.db import migrations

FILL = """
UPDATE catalog_product SET
    price_from_minor = offered.lowest,
    price_to_minor = offered.highest,
    units_sold = offered.sold,
    in_stock = offered.in_stock,
    marks = ARRAY['district:' || lower(seller.district)]
FROM (
    SELECT product_id, min(price_minor) AS lowest, max(price_minor) AS highest, sum(sold) AS sold,
           bool_or(on_hand > reserved) AS in_stock
    FROM catalog_variant GROUP BY product_id
) AS offered, sellers_seller AS seller
WHERE offered.product_id = catalog_product.id AND seller.id = catalog_product.seller_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_typed_catalogue")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
