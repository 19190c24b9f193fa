"""The road of a parcel from Kigali to China by EMS, and what can go wrong on it. Times are local."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from .store import Thing

OFFSETS = {"RW": 2, "ET": 3, "CN": 8}
"""Hours ahead of UTC; none of the three has summer time."""


@dataclass(frozen=True)
class Stop:
    """One scan: what is said, where, 17TRACK's code and milestone, and how many hours after posting it is usual."""

    says: str
    place: str
    country: str
    code: str
    stage: str | None
    hours: float

    def at(self, moment: datetime, *, city: str) -> Thing:
        """The event as kept: a stop at a moment; `*` stands for the recipient's city."""
        local = moment.astimezone(timezone(timedelta(hours=OFFSETS[self.country])))
        return {
            "time_iso": local.isoformat(timespec="seconds"),
            "time_utc": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": self.says,
            "location": city.upper() if self.place == "*" else self.place,
            "stage": self.stage,
            "sub_status": self.code,
            "country": self.country,
        }


ROAD = [
    Stop("Posting/collection", "KIGALI", "RW", "InTransit_PickedUp", "PickedUp", 0),
    Stop("Presented to export customs/security", "KIGALI", "RW", "InTransit_CustomsProcessing", None, 20.5),
    Stop("Returned from export customs/security", "KIGALI", "RW", "InTransit_CustomsReleased", None, 28.2),
    Stop("Departure from outward office of exchange", "KIGALI", "RW", "InTransit_Departure", "Departure", 83.6),
    Stop("Arrival at transit office of exchange", "ADDIS ABABA", "ET", "InTransit_Other", None, 88.1),
    Stop("Departure from transit office of exchange", "ADDIS ABABA", "ET", "InTransit_Other", None, 118.4),
    Stop("Arrival at inward office of exchange", "HANGZHOU", "CN", "InTransit_Arrival", "Arrival", 174.3),
    Stop("Presented to import customs", "HANGZHOU", "CN", "InTransit_CustomsProcessing", None, 190.1),
    Stop("Returned from import customs", "HANGZHOU", "CN", "InTransit_CustomsReleased", None, 207.7),
    Stop("Arrival at delivery office", "*", "CN", "InTransit_Other", None, 222.4),
    Stop("Out for physical delivery", "*", "CN", "OutForDelivery_Other", "OutForDelivery", 231.9),
    Stop("Final delivery", "*", "CN", "Delivered_Other", "Delivered", 236.5),
]
POSTED, DEPARTED, AT_CUSTOMS, RELEASED, LAST = 0, 3, 7, 8, len(ROAD) - 1

INCIDENTS = {
    "hold": (
        AT_CUSTOMS,
        Stop(
            "Held by import customs: the recipient's ID number is needed",
            "HANGZHOU",
            "CN",
            "InTransit_CustomsRequiringInformation",
            None,
            0,
        ),
    ),
    "delay": (DEPARTED, Stop("Delayed: flight cancelled", "ADDIS ABABA", "ET", "Exception_Delayed", None, 0)),
    "missed": (10, Stop("Unsuccessful delivery: nobody home", "*", "CN", "DeliveryFailure_NoBody", None, 0)),
    "refused": (10, Stop("Unsuccessful delivery: refused", "*", "CN", "DeliveryFailure_Rejected", None, 0)),
    "damage": (DEPARTED, Stop("Parcel damaged in transit", "ADDIS ABABA", "ET", "Exception_Damage", None, 0)),
    "lost": (DEPARTED, Stop("Item lost, inquiry closed", "ADDIS ABABA", "ET", "Exception_Lost", None, 0)),
    "return": (6, Stop("Being returned to the sender", "HANGZHOU", "CN", "Exception_Returning", "Returning", 0)),
    "returned": (6, Stop("Returned to the sender", "KIGALI", "RW", "Exception_Returned", "Returned", 0)),
}
"""What can happen, and the last ordinary stop a parcel must have passed first."""

ENDS = {"Delivered_Other", "Exception_Lost", "Exception_Returned"}
"""After these nothing more is scanned."""
