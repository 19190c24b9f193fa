"""Fill the demonstration: reference rows, people, shops, goods, orders. Run it as often as you like."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from marketplace.demo import goods, kept, makers, marks, money, orders, outside, people, shops

CHATTER = ("httpx", "stripe")
REFERENCE = ("load_legal", "load_catalog_data", "load_corridors", "load_logistics_data")


class Command(BaseCommand):
    help = "Makes the demonstration's data; what is there already stays as it is. Needs DEMO=True."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This invents people, shops and orders: it runs in the demonstration only (DEMO=True).")
        for name in CHATTER:
            logging.getLogger(name).setLevel(logging.WARNING)
        marks.forget()
        self.began, now = time.monotonic(), timezone.now()
        for name in REFERENCE:
            call_command(name, verbosity=0, stdout=self.stderr if options["verbosity"] > 1 else _Nowhere())
        self._say("reference rows are loaded; exchange rates added", money.seed_rates(now=now))
        self._say("people added", people.seed(now=now))
        self._say("shops and applications added", shops.seed(now=now))
        self._say("goods added", goods.seed(now=now))
        self._say("goods whose batches are told", makers.seed(now=now))
        self._say("goods and shops that a buyer keeps", kept.seed(now=now))
        self._orders()
        goods.sell_out()
        self._say("goods stand in lists as they are now", goods.show())
        people.write_logins()
        self._say(f"three logins are in {settings.VAR_DIR / 'demo-logins.json'}")

    def _orders(self) -> None:
        now = timezone.now()
        first, others = orders.to_tell(orders.PAID_OUT), orders.to_tell(orders.OTHERS)
        if not first and not others:
            return self._say("orders added", 0)
        if not outside.answers():
            where = settings.SANDBOX_CONTROL_URL or "no SANDBOX_CONTROL_URL"
            self.stderr.write(
                f"The sandbox does not answer ({where}): no orders were made. Start it and run this again."
            )
            return None
        for shop in shops.SHOPS:
            outside.name_wallet(shop.momo_number, people.find(shop.owner).name)
        goods.derive_covers(orders.covers([*first, *others]))
        self._say("pictures of ordered goods are ready")
        told = orders.tell(first, now=now)
        money.pay_out(now=now)
        told += orders.tell(others, now=now)
        self._say("orders added", told)
        money.settle(now=timezone.now())
        self._say("payouts and refunds are asked after")
        return None

    def _say(self, what: str, count: int | None = None) -> None:
        number = "" if count is None else f": {count}"
        self.stdout.write(f"{time.monotonic() - self.began:5.1f} s  {what}{number}")


class _Nowhere:
    """Where the words of other commands go."""

    def write(self, text: str) -> None:
        pass
