"""What referrals publish; each event carries only ids, because handlers look at the present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import Event


@dataclass(frozen=True, slots=True)
class ReferralConverted(Event):
    """The referred customer did what the program's terms ask for; it never un-converts (contract G31)."""

    name: ClassVar[str] = "referral.converted"

    referral_id: str


@dataclass(frozen=True, slots=True)
class RewardAvailable(Event):
    """A reward left its holding period and may be settled; `settles_as` says how."""

    name: ClassVar[str] = "reward.available"

    reward_id: str
    settles_as: str
