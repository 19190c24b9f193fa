"""A sandbox in this process, for tests: starts on free ports, and is driven by verbs instead of by its page."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from . import charges, momo, parcels, paying, webhooks
from .control import charge_of, must
from .server import Running, tick
from .sms import plain
from .store import Store, Thing
from .world import Keys, World

Take = Callable[[str, bytes, dict[str, str]], int]
"""`take(path, body, headers)` -> status; how a test brings a webhook to the product without a server."""


class Sandbox:
    """With `app_url` a thread brings the webhooks there; without, they wait until `hand_over` is called.

    A payout or a wallet's refund stays pending until it is set or `settle_all` is called, unless a delay is given.
    """

    def __init__(
        self,
        app_url: str = "",
        *,
        keys: Keys | None = None,
        state: Path | None = None,
        delay: float = 1e9,
        limit: int = 0,
    ) -> None:
        """`limit` is 17TRACK's number of requests a second, 0 for none; `state` a folder that outlives the sandbox."""
        self.keys = keys or Keys()
        self.world = World(
            store=Store(state),
            keys=self.keys,
            app_url=app_url.rstrip("/"),
            track17_per_second=limit,
            momo_delay=delay,
            refund_delay=delay,
        )
        self._running = Running(self.world)
        self.url = self.world.base_url
        self.smtp_port = int(self._running.mail.server_address[1]) if self._running.mail else 0

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.close()

    def close(self) -> None:
        """Stop serving."""
        self._running.stop()

    def environment(self) -> dict[str, str]:
        """The settings that point the product here."""
        return {
            "STRIPE_API_BASE": f"{self.url}/stripe",
            "STRIPE_API_KEY": self.keys.stripe,
            "STRIPE_WEBHOOK_SECRETS": self.keys.stripe_webhook,
            "TRACK17_API_BASE": f"{self.url}/17track/track/v2.2",
            "TRACK17_KEY": self.keys.track17,
            "MOMO_API_BASE": f"{self.url}/momo",
            "MOMO_SUBSCRIPTION_KEY": self.keys.momo_subscription,
            "MOMO_API_USER": self.keys.momo_user,
            "MOMO_API_KEY": self.keys.momo_api,
            "MOMO_TARGET_ENVIRONMENT": "mtnrwanda",
            "MOMO_CURRENCY": "RWF",
            "SMS_GATEWAY_URL": f"{self.url}/sms/messages",
            "SMS_GATEWAY_KEY": self.keys.sms,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp_port),
            "SANDBOX_CONTROL_URL": f"{self.url}/",
        }

    # Stripe

    def session(self, name: str) -> Thing:
        """A checkout session as it is now."""
        return must(self.world, "session", name)

    def pay(self, session: str, method: str = "", card: str = "4242424242424242") -> Thing:
        """The buyer pays, in the first way offered unless another is named."""
        known = self.session(session)
        return paying.pay(self.world, known, method=method or known["payment_method_types"][0], card=card)

    def fail(self, session: str, method: str = "") -> Thing:
        """The bank or the wallet refuses; the session stays open."""
        known = self.session(session)
        return paying.fail(self.world, known, method=method or known["payment_method_types"][0])

    def pay_later(self, session: str, method: str = "") -> Thing:
        """Complete, but not paid until `arrive`."""
        known = self.session(session)
        return paying.pay_later(self.world, known, method=method or known["payment_method_types"][0])

    def arrive(self, session: str, *, paid: bool = True) -> Thing:
        """The late answer to `pay_later`."""
        return paying.arrive(self.world, self.session(session), paid=paid)

    def expire(self, session: str) -> Thing:
        """The session's time is over."""
        return paying.expire(self.world, self.session(session))

    def refund(self, session: str, amount: int | None = None) -> Thing:
        """A refund made at Stripe's dashboard, not by the product."""
        with self.world.store.transaction():
            charge = charge_of(self.world, self.session(session))
            return charges.refund(self.world, charge, {}, amount=amount, metadata={})

    def settle_refund(self, refund: str, status: str = "succeeded") -> Thing:
        """`succeeded` or `failed`."""
        return charges.settle_refund(self.world, refund, status)

    def dispute(self, session: str, reason: str = "fraudulent") -> Thing:
        """The buyer's bank takes a card payment back."""
        return charges.dispute(self.world, charge_of(self.world, self.session(session)), reason)

    def close_dispute(self, dispute: str, status: str) -> Thing:
        """`won` or `lost`."""
        return charges.close_dispute(self.world, dispute, status)

    # Parcels

    def parcel(self, number: str) -> Thing:
        """A registered parcel as the sandbox keeps it."""
        return must(self.world, "parcel", number)

    def next_event(self, number: str, *, at: datetime | None = None) -> Thing:
        """One stop further, at a given time if need be."""
        return parcels.advance(self.world, number, at=at)

    def deliver(self, number: str) -> Thing:
        """All stops that are left."""
        return parcels.deliver(self.world, number)

    def hold(self, number: str) -> Thing:
        """Import customs asks for the recipient's ID number."""
        return parcels.incident(self.world, number, "hold")

    def incident(self, number: str, what: str) -> Thing:
        """`hold`, `delay`, `missed`, `refused`, `damage`, `lost`, `return` or `returned`."""
        return parcels.incident(self.world, number, what)

    def withhold(self, number: str) -> Thing:
        """The next stop happens, and is told only by `release_late`."""
        return parcels.withhold(self.world, number)

    def release_late(self, number: str) -> Thing:
        """The withheld news comes."""
        return parcels.release_late(self.world, number)

    # Payouts

    def payout(self, reference: str) -> Thing:
        """A transfer as MTN shows it."""
        shown: Thing = must(self.world, "transfer", reference)["shown"]
        return shown

    def set_payout(self, reference: str, status: str, reason: str = "") -> Thing:
        """`SUCCESSFUL` or `FAILED`, with a reason."""
        return momo.settle(self.world, reference, status, reason)

    def fail_next_payout(self, reason: str) -> None:
        """The next transfer will end so."""
        self.world.store.set("fail_next_payout", reason)

    def name_holder(self, number: str, name: str) -> None:
        """Whose name a phone number is registered under."""
        self.world.store.set(f"holder:{plain(number)}", name)

    def set_balance(self, francs: int) -> None:
        """What is on the payer's wallet."""
        self.world.store.set("momo_balance", francs)

    # Messages

    def sms_to(self, number: str) -> list[Thing]:
        """Messages to a phone, oldest first."""
        return self.world.store.of("sms", plain(number))

    def mails_to(self, address: str) -> list[Thing]:
        """Letters to an address, oldest first."""
        return self.world.store.of("mail", address.lower())

    # The network

    def journal(self, about: str = "") -> list[Thing]:
        """Webhooks, oldest first; `about` is a PaymentIntent, an expired session, a parcel's number or a transfer."""
        return self.world.store.of("webhook", about) if about else self.world.store.newest("webhook", 10_000)[::-1]

    def repeat_webhook(self, about: str, times: int = 1) -> list[Thing]:
        """The last webhook about a session, a parcel or a transfer, again."""
        return webhooks.repeat(self.world, self.journal(self._filed(about))[-1], times=times)

    def out_of_order(self, about: str) -> list[Thing]:
        """Every webhook about it again, newest first."""
        return webhooks.out_of_order(self.world, self._filed(about))

    def delay_next_webhook(self, seconds: float) -> None:
        """The next webhook is late."""
        self.world.store.set("delay_next_webhook", seconds)

    def break_next_call(self, api: str, how: str = "lose") -> None:
        """The next call to `stripe`, `17track`, `momo` or `sms`: `lose` works but never answers; `refuse` is 503."""
        self.world.store.set("fault:/stripe/v1/" if api == "stripe" else f"fault:/{api}/", how)

    def waiting(self) -> list[tuple[str, bytes, dict[str, str]]]:
        """What is due and not yet taken: path, body and signed headers. Only looks."""
        now = time.time()
        return [
            (record["path"], record["body"].encode(), webhooks.signature_headers(self.world, record, now))
            for record in self.world.store.due("webhook", now)
        ]

    def hand_over(self, take: Take) -> int:
        """Bring everything that is due to `take`, in this thread, until nothing is; returns how many were brought."""

        def post(method: str, address: str, body: bytes, headers: dict[str, str]) -> int:
            return take(urlsplit(address).path, body, headers)

        brought = 0
        while count := webhooks.deliver_due(self.world, post=post):
            brought += count
        return brought

    def settle_all(self) -> None:
        """Let every pending refund and payout end now as it was bound to, whatever its delay."""
        for refund in self.world.store.due("refund", float("inf")):
            charges.settle_refund(self.world, refund["id"])
        momo.tick(self.world, float("inf"))
        tick(self.world)

    def _filed(self, about: str) -> str:
        known = self.world.store.get("session", about)
        return paying.about(known) if known else about
