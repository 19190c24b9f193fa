"""Texts know who proposed them, who read them, and since when they wait for somebody to do so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_stock_in_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='producttext',
            name='text_stale',
        ),
        migrations.RemoveIndex(
            model_name='producttext',
            name='text_by_machine',
        ),
        migrations.AddField(
            model_name='producttext',
            name='provider',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='producttext',
            name='read_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='producttext',
            name='read_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='producttext',
            name='waits_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='producttext',
            index=models.Index(condition=models.Q(('waits_since', None), _negated=True), fields=['waits_since', 'id'], name='text_that_waits'),
        ),
        migrations.AddIndex(
            model_name='producttext',
            index=models.Index(condition=models.Q(('read_at', None), _negated=True), fields=['language', 'product'], name='text_that_was_read'),
        ),
    ]
