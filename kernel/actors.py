"""Who did it: one short word for people, clocks and machines alike."""

from typing import Any


def actor_of(user: Any) -> str:
    """`user:12` for a signed-in person, `anonymous` for nobody. Machines use plain words: `timer`, `carrier`."""
    pk = getattr(user, "pk", None)
    return "anonymous" if pk is None else f"user:{pk}"
