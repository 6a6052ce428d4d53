"""What the control of the simulator takes: the JSON body of each of its requests. Anything else in one is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import msgspec

LONGEST_DAYS: Final = 3_660
# Where no sum of moments leaves the calendar.
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000)]


class Completion(msgspec.Struct, forbid_unknown_fields=True):
    """`outcome` is the bank's answer now, `renewals` its answer to every renewal."""

    outcome: Literal["paid", "declined"] = "paid"
    renewals: Literal["paid", "declined"] = "paid"
    email: str | None = None


class ClockMove(msgspec.Struct, forbid_unknown_fields=True):
    """Either a number of days from the simulated present, or an ISO 8601 time."""

    advance_days: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_DAYS)] | None = None
    to: datetime | None = None


class ChargeChoice(msgspec.Struct, forbid_unknown_fields=True):
    """A charge (`ch_…`), or the latest paid charge of a subscription (`ps_…` or `sub_…`); `amount` in minor units."""

    charge: str | None = None
    subscription_id: str | None = msgspec.field(default=None, name="subscriptionId")
    amount: Annotated[int, msgspec.Meta(ge=1, le=99_999_999)] | None = None


class DisputeEnd(msgspec.Struct, forbid_unknown_fields=True):
    """What the bank decides; `status` is Stripe's own name for it."""

    outcome: Literal["won", "lost"] | None = None
    status: Literal["won", "lost"] | None = None


class DeliveryPlan(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """How badly webhooks are delivered; `duplicate` is how many times more each is sent."""

    duplicate: Annotated[int, msgspec.Meta(ge=0, le=20)] = 0
    shuffle: bool = False
    delay_ms: Annotated[int, msgspec.Meta(ge=0, le=3_600_000)] = 0
    drop: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0
    # Up to what every JSON reader reads exactly.
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] | None = None


class Faults(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """How many of the next API calls lose their answer after taking effect, are told 429, or fail with 500."""

    timeout: Count = 0
    too_many: Count = msgspec.field(default=0, name="429")
    failure: Count = msgspec.field(default=0, name="500")


class AccountSettings(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What becomes of a subscription whose last retry was refused."""

    failed_renewals_end_as: Literal["canceled", "unpaid"] = "canceled"
