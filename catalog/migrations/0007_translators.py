"""Translators look after the texts of products and nothing else; moderators may too. Texts know themselves who read them."""

from django.db import migrations

DOES = ("view_producttext", "change_producttext")


def look_after_texts(apps, schema_editor):
    """Permissions are rows that Django makes after migrating; made here first, they are found again then."""
    Group = apps.get_model("auth", "Group")
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    kind, _new = ContentType.objects.get_or_create(app_label="catalog", model="producttext")
    may = [
        Permission.objects.get_or_create(content_type=kind, codename=code, defaults={"name": f"Can {code}"})[0]
        for code in DOES
    ]
    translators, _new = Group.objects.get_or_create(name="translators")
    translators.permissions.set(may)
    moderators, _new = Group.objects.get_or_create(name="moderators")
    moderators.permissions.add(*may)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_texts_wait_and_are_read"),
        ("accounts", "0003_first_rows"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(look_after_texts, migrations.RunPython.noop),
        migrations.RemoveField(model_name="product", name="needs_native_review"),
    ]
