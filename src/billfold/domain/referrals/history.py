"""A code's history: whom it brought, and what became of each credit."""

from __future__ import annotations

from dataclasses import dataclass

from billfold.base.paging import Page
from billfold.domain.referrals import codes
from billfold.domain.referrals.codes import Code
from billfold.domain.referrals.referrals import Referral, referrals_of_code
from billfold.domain.referrals.rewards import Reward, rewards_of_referrals
from billfold.infrastructure.db.database import Reading


@dataclass(frozen=True, slots=True)
class History:
    """A code with a page of its referrals, newest first, each with its rewards."""

    code: Code
    referrals: list[tuple[Referral, list[Reward]]]


async def history_of_code(tx: Reading, project_id: str, code: str, page: Page) -> History:
    """Return a code's history or raise `NotFound`."""
    found = await codes.get(tx, project_id, code)
    made = await referrals_of_code(tx, project_id, found.id, page)
    rewards = await rewards_of_referrals(tx, project_id, [referral.id for referral in made]) if made else []
    by_referral: dict[str, list[Reward]] = {referral.id: [] for referral in made}
    for reward in rewards:
        by_referral[reward.referral_id].append(reward)
    return History(found, [(referral, by_referral[referral.id]) for referral in made])
