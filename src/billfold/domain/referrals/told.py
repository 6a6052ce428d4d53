"""What the public events tell of: many referrals and rewards at once, of any projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from billfold.domain.billing.told import Key, by_key, found
from billfold.domain.referrals.referrals import Referral, referrals
from billfold.domain.referrals.rewards import Reward, rewards
from billfold.infrastructure.db.database import Reading

_REFERRALS: Final = by_key(referrals, referrals.c, Referral)
_REWARDS: Final = by_key(rewards, rewards.c, Reward)


async def told_referrals(tx: Reading, keys: Iterable[Key]) -> dict[str, Referral]:
    """Return referrals by their ids."""
    return await found(tx, _REFERRALS, keys)


async def told_rewards(tx: Reading, keys: Iterable[Key]) -> dict[str, Reward]:
    """Return rewards by their ids."""
    return await found(tx, _REWARDS, keys)
