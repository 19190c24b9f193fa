"""Run by the rig in the throw-away database: goods of two shops, and people who can sign in. Prints who they are."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from tests import cast  # noqa: E402
from tests.house import shelved  # noqa: E402


def main(buyers: int, units: int) -> None:
    cast.reference()
    for command in ("load_corridors", "load_logistics_data", "load_legal"):
        call_command(command, verbosity=0)
    sellers = [cast.person("Mukamana", language="en"), cast.person("Uwase", language="en")]
    shops = [cast.shop(sellers[0]), cast.shop(sellers[1], name="Uwase Coffee")]
    goods = [shelved(cast.basket(shops[0]), units), shelved(cast.coffee(shops[1]), units)]
    lin = [cast.lin() for _n in range(buyers)]
    people = {
        "buyers": [[one.email, "lin-secret"] for one in lin],
        "sellers": [[one.email, f"{one.name.lower()}-secret"] for one in sellers],
        "variants": [one.pk for one in goods],
    }
    sys.stdout.write(json.dumps(people))


main(int(sys.argv[1]), int(sys.argv[2]))
