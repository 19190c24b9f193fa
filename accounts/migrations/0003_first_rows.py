"""The groups of staff with what they may look at, and the first versions of the legal texts."""

from django.db import migrations

from accounts import consents

SHARED = ["accounts.user", "accounts.message", "sellers.seller", "kernel.step", "kernel.auditrecord"]
SEES = {
    "moderators": [
        *SHARED,
        "accounts.legaltext",
        "accounts.consent",
        "sellers.paper",
        "sellers.sellermember",
        "sellers.moderationcase",
        "sellers.decision",
        "catalog.product",
        "catalog.variant",
        "catalog.picture",
        "catalog.category",
        "catalog.hscode",
    ],
    "finance": [
        *SHARED,
        "orders.order",
        "orders.consignment",
        "orders.orderline",
        "payments.payment",
        "payments.paymentfact",
        "payments.stripeevent",
        "payments.refund",
        "payments.account",
        "payments.ledgertransaction",
        "payments.ledgerentry",
        "payments.earning",
        "payments.payoutaccount",
        "payments.payout",
        "catalog.exchangerate",
        "catalog.pricerule",
    ],
    "logistics": [
        *SHARED,
        "orders.order",
        "orders.consignment",
        "orders.orderline",
        "logistics.parcel",
        "logistics.trackingevent",
        "logistics.trackingnotice",
        "logistics.customshold",
        "logistics.exportdocument",
        "logistics.waybillrange",
        "logistics.service",
        "logistics.routerule",
        "logistics.articlerate",
        "logistics.corridor",
    ],
    "translators": ["sellers.seller", "catalog.product", "catalog.variant", "catalog.category", "accounts.legaltext"],
}
# Beyond looking: decide about shops and listings, write the Chinese words.
DOES = {
    "moderators": ["sellers.change_moderationcase", "catalog.change_product"],
    "finance": ["payments.change_refund", "payments.change_payout"],
    "logistics": ["logistics.change_parcel", "logistics.change_customshold"],
    "translators": ["catalog.change_product"],
}


def make_groups(apps, schema_editor):
    """Permissions are rows that Django makes after migrating; made here first, they are found again then."""
    Group = apps.get_model("auth", "Group")
    for name, things in SEES.items():
        codes = [f"{app}.view_{model}" for app, model in (thing.split(".") for thing in things)] + DOES[name]
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(*[permission(apps, code) for code in codes])


def permission(apps, code):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    app, _dot, codename = code.partition(".")
    verb, _line, model = codename.partition("_")
    kind, _new = ContentType.objects.get_or_create(app_label=app, model=model)
    return Permission.objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": f"Can {verb} {model}"}
    )[0]


def load_legal(apps, schema_editor):
    consents.load(apps.get_model("accounts", "LegalText"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(make_groups, migrations.RunPython.noop),
        migrations.RunPython(load_legal, migrations.RunPython.noop),
    ]
