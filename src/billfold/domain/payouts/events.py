"""What payouts publish; each event carries what is told of it outside (affiliate contract, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import CarriedEvent, Event


@dataclass(frozen=True, slots=True)
class PayoutPaid(CarriedEvent):
    """A payout arrived, as far as its rail can tell."""

    name: ClassVar[str] = "payout_paid"


@dataclass(frozen=True, slots=True)
class PayoutFailed(CarriedEvent):
    """A payout did not arrive, or was taken back; its money is available again."""

    name: ClassVar[str] = "payout_failed"


@dataclass(frozen=True, slots=True)
class PayoutSent(Event):
    """A payout by hand was given to whoever pays it; one by Stripe is paid or failed in the same breath."""

    name: ClassVar[str] = "payout.sent"

    payout_id: str
