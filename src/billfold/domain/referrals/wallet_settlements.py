"""Settling rewards into the earner's wallet, and taking them out of it again: one unit, for both are in this database.

A grant in the wallet carries the key of the transfer that settled it, so each can be found from the other. A wallet never goes
below zero: what the earner has spent stays theirs, and the reward is then worth what was kept.
"""

from __future__ import annotations

from datetime import datetime

from billfold.domain.ledger import transfers
from billfold.domain.ledger.statement import earned_for, grants_for, settled_for
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.awards import WALLET, posting, wallet_grant
from billfold.domain.referrals.events import RewardSettled
from billfold.domain.referrals.rewards import HELD, SETTLED, Reward
from billfold.domain.tenancy.teams import get_team
from billfold.domain.wallets.grants import add_grants, take_back
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.events import publish


def is_in_wallet(reward: Reward) -> bool:
    """Tell whether what a reward is worth lies in its earner's wallet."""
    return reward.settles_as == WALLET and reward.status == SETTLED


async def settle_into_wallet(tx: Writing, *, team_id: str, project_id: str, reward_id: str, now: datetime) -> None:
    """Put what is available of a reward into the wallet; before its release, or twice, nothing happens."""
    reward = await reward_rows.lock(tx, project_id, reward_id)
    if reward is None or reward.status == HELD or reward.settles_as != WALLET:
        return
    worth, posted = await earned_for(tx, project_id=project_id, reason_id=reward_id)
    due = worth - await settled_for(tx, project_id=project_id, reason_id=reward_id)
    if due <= 0:
        return
    at = (await get_team(tx, team_id)).time_at(now)
    granted = posting(reward, posted, due, at=at)
    await add_grants(tx, [wallet_grant(reward, granted)])
    # Sent: it is in the wallet with this unit. A reversal of another reward may have left less than nothing available.
    await transfers.grant(tx, granted, already_sent=True)
    await reward_rows.set_settled(tx, reward, granted.key, at=at)
    await publish(tx, RewardSettled(team_id, project_id, reward_id), happened_at=at, now=now)


async def take_from_wallet(tx: Writing, reward: Reward, amount: int, *, at: datetime) -> int | None:
    """Take up to `amount` units of a reward out of the wallet, the newest first, and return how many.

    None if it is in no wallet. The caller posts what was taken; the reward's row is held.
    """
    if not is_in_wallet(reward):
        return None
    taken = 0
    for grant in await grants_for(tx, project_id=reward.project_id, reason_id=reward.id):
        if taken == amount:
            break
        taken += await take_back(
            tx, project_id=reward.project_id, key=grant.key, amount=min(grant.amount, amount - taken), at=at
        )
    return taken


async def take_back_reward(tx: Writing, reward: Reward, *, at: datetime) -> int:
    """Take back what can be of a whole reward and return how much: not what was spent, or credited in Stripe.

    The reward stays, worth what was kept.
    """
    if reward.status == SETTLED and reward.settles_as != WALLET:
        return 0
    taken = await take_from_wallet(tx, reward, reward.amount, at=at)
    amount = reward.amount if taken is None else taken
    if amount == 0:
        return 0
    _, posted = await earned_for(tx, project_id=reward.project_id, reason_id=reward.id)
    if taken is not None:
        await transfers.recall(tx, posting(reward, posted, amount, at=at))
        posted += 1
    await transfers.reverse(tx, posting(reward, posted, amount, at=at), held=reward.status == HELD)
    await reward_rows.set_amount(tx, reward, reward.amount - amount, at=at)
    return amount


async def give_again(tx: Writing, reward: Reward, amount: int, *, at: datetime) -> None:
    """Give `amount` units on top of what a reward is still worth: what was taken back is earned after all."""
    _, posted = await earned_for(tx, project_id=reward.project_id, reason_id=reward.id)
    held, in_wallet = reward.status == HELD, is_in_wallet(reward)
    if in_wallet:
        await add_grants(tx, [wallet_grant(reward, posting(reward, posted + 2, amount, at=at))])
    await transfers.earn(tx, posting(reward, posted, amount, at=at))
    if not held:
        await transfers.release(tx, posting(reward, posted + 1, amount, at=at))
    if in_wallet:
        await transfers.grant(tx, posting(reward, posted + 2, amount, at=at))
    await reward_rows.set_amount(tx, reward, reward.amount + amount, at=at)
