"""What referrals publish; each event carries only ids, because handlers look at the present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import Event


@dataclass(frozen=True, slots=True)
class ReferralApplied(Event):
    """A customer, or an address that may become one, came with a code and has yet to convert."""

    name: ClassVar[str] = "referral.applied"

    referral_id: str


@dataclass(frozen=True, slots=True)
class ReferralConverted(Event):
    """The referred customer did what the program's terms ask for; it never un-converts (contract G31).

    `reward_ids` are the rewards that were given for it in the same unit; `is_new` says that the referral was made by it too.
    """

    name: ClassVar[str] = "referral.converted"

    referral_id: str
    is_new: bool = False
    reward_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferralVoided(Event):
    """Somebody decided that a referral counts for nothing."""

    name: ClassVar[str] = "referral.voided"

    referral_id: str


@dataclass(frozen=True, slots=True)
class RewardEarned(Event):
    """A reward that no conversion told of was earned, or something of one that had been reversed; `amount` more of its unit."""

    name: ClassVar[str] = "reward.earned"

    reward_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class RewardReversed(Event):
    """A reward is worth `amount` less of its unit than it was: a refund, a lost dispute, a sign-up without an account."""

    name: ClassVar[str] = "reward.reversed"

    reward_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class RewardSettled(Event):
    """The earner has the reward: on the Stripe balance or in the wallet."""

    name: ClassVar[str] = "reward.settled"

    reward_id: str


@dataclass(frozen=True, slots=True)
class RewardAvailable(Event):
    """A reward left its holding period and may be settled; `settles_as` says how."""

    name: ClassVar[str] = "reward.available"

    reward_id: str
    settles_as: str
