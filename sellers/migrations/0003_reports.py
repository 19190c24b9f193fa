"""What people report, and the permission of moderators to settle it."""

import importlib

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def let_moderators_settle(apps, schema_editor):
    first_rows = importlib.import_module("accounts.migrations.0003_first_rows")
    group, _new = apps.get_model("auth", "Group").objects.get_or_create(name="moderators")
    group.permissions.add(*[first_rows.permission(apps, f"sellers.{verb}_report") for verb in ("view", "change")])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_first_rows'),
        ('sellers', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('not_as_described', 'Not as described'), ('forbidden', 'Forbidden or dangerous goods'), ('rights', 'It hurts my rights (brand, picture, design)'), ('behaviour', 'How somebody behaved'), ('other', 'Something else')], max_length=20, verbose_name='kind')),
                ('subject', models.CharField(blank=True, db_index=True, help_text='e.g. catalog.product:7; empty: the site', max_length=64, verbose_name='about')),
                ('text', models.TextField(max_length=1000, verbose_name='what happened')),
                ('contact', models.CharField(blank=True, max_length=120, verbose_name='how to reach you')),
                ('ip', models.GenericIPAddressField(blank=True, null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled')),
                ('note', models.TextField(blank=True, max_length=600, verbose_name='what we did')),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('seller', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='sellers.seller')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['at'], name='report_waiting'), models.Index(condition=models.Q(('ip__isnull', False)), fields=['ip', 'at'], name='report_by_address')],
                'constraints': [models.CheckConstraint(condition=models.Q(('settled_at', None), models.Q(('note', ''), _negated=True), _connector='OR'), name='a_report_is_settled_with_a_note')],
            },
        ),
        migrations.RunPython(let_moderators_settle, migrations.RunPython.noop),
    ]
