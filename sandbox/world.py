"""What every part of the sandbox is handed: its memory, its keys, and where the product lives."""

import os
import threading
from dataclasses import dataclass, field

from .store import Store


@dataclass(frozen=True)
class Keys:
    """The secrets shared with the product. The defaults are published samples, good for a demo only."""

    stripe: str = "sk_test_isoko"
    stripe_webhook: str = "whsec_isoko_test"
    track17: str = "demo-17track-key"
    momo_subscription: str = "demo-momo-subscription"
    momo_user: str = "6b7c1f5e-4f0b-4f0e-9a55-0d2f4a1c9e10"
    momo_api: str = "demo-momo-api-key"
    sms: str = "demo-sms-key"

    @classmethod
    def from_environment(cls) -> "Keys":
        """The variables the product reads too, so that both sides agree; Stripe signs with the first of its secrets."""
        sample = cls()
        env = os.environ
        return cls(
            stripe=env.get("STRIPE_API_KEY") or sample.stripe,
            stripe_webhook=(env.get("STRIPE_WEBHOOK_SECRETS") or sample.stripe_webhook).split(",")[0].strip(),
            track17=env.get("TRACK17_KEY") or sample.track17,
            momo_subscription=env.get("MOMO_SUBSCRIPTION_KEY") or sample.momo_subscription,
            momo_user=env.get("MOMO_API_USER") or sample.momo_user,
            momo_api=env.get("MOMO_API_KEY") or sample.momo_api,
            sms=env.get("SMS_GATEWAY_KEY") or sample.sms,
        )


class Bell:
    """Wakes the clock and the courier when there is something to do."""

    def __init__(self) -> None:
        """Silent."""
        self._change = threading.Condition()
        self.rung = 0

    def ring(self) -> None:
        """Wake everyone."""
        with self._change:
            self.rung += 1
            self._change.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Until it rings again after the `heard`-th time, or for so long."""
        with self._change:
            self._change.wait_for(lambda: self.rung != heard, seconds)


@dataclass
class World:
    """One running sandbox. Delays are in seconds."""

    store: Store
    keys: Keys = field(default_factory=Keys)
    app_url: str = ""
    base_url: str = ""
    track17_per_second: int = 3
    momo_delay: float = 3.0
    refund_delay: float = 2.0
    bell: Bell = field(default_factory=Bell)
