"""A standing for lists without an order, words counted once a minute, and a search for words that are nearly right."""

import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.math
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_translators'),
        ('sellers', '0002_guards'),
    ]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION catalog_likely(wanted text, most int) RETURNS TABLE (id bigint) LANGUAGE sql STABLE
                SET pg_trgm.word_similarity_threshold = 0.45
                AS 'SELECT p.id FROM catalog_product p WHERE wanted <% p.search_pinyin
                    ORDER BY word_similarity(wanted, p.search_pinyin) DESC, p.id DESC LIMIT most'
            """,
            "DROP FUNCTION catalog_likely",
        ),
        migrations.AddField(
            model_name='product',
            name='standing',
            field=models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(models.Func(django.db.models.functions.comparison.Coalesce(models.F('published_at'), models.F('created_at')), output_field=models.FloatField(), template="EXTRACT(EPOCH FROM (%(expressions)s AT TIME ZONE 'UTC'))"), models.FloatField()), '/', models.Value(2592000.0)), '+', django.db.models.functions.math.Ln(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(models.F('units_sold'), models.FloatField()), '+', models.Value(1.0)))), '+', django.db.models.expressions.CombinedExpression(models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(models.F('rating_sum'), models.FloatField()), '+', models.Value(21.0)), '/', django.db.models.expressions.CombinedExpression(django.db.models.functions.comparison.Cast(models.F('rating_count'), models.FloatField()), '+', models.Value(5.0))), output_field=models.FloatField()), '*', models.Value(2.0))), '+', models.Case(models.When(in_stock=True, then=models.Value(0.0)), default=models.Value(-12.0), output_field=models.FloatField())), output_field=models.FloatField()), output_field=models.FloatField()),
        ),
        migrations.AddField(
            model_name='searchword',
            name='counted_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='A word is counted once a minute at most'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('status', 'published')), fields=['category', '-standing'], name='product_by_standing'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(condition=models.Q(('status', 'published')), fields=['product_type', '-standing'], name='product_by_type'),
        ),
    ]
