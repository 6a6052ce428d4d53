"""Settling rewards on the earner's Stripe balance: look, call Stripe, write (DESIGN section 10, step 5).

The conversion never waits for this and never fails with it (contract G29). Before the call nothing is written: that a
settlement may have been tried is known from `payable_since`, the moment since when it could have been.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.ledger import transfers
from billfold.domain.ledger.transfers import Posting
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.events import RewardSettled
from billfold.domain.referrals.rewards import SETTLED, rewards
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.events import publish


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is to be credited to whom: `amount` minor units of `unit`, possibly tried before since `payable_since`."""

    reward_id: str
    referral_id: str
    amount: int
    unit: str
    payable_since: datetime
    earner_id: str
    stripe_customer_id: str
    is_earner_deleted: bool


_DUE: Final = query(
    sa.select(
        rewards.c.id.label("reward_id"),
        rewards.c.referral_id,
        rewards.c.amount,
        rewards.c.unit,
        rewards.c.payable_since,
        rewards.c.earner_id,
        customers.c.stripe_customer_id,
        customers.c.deleted_at.is_not(None).label("is_earner_deleted"),
    )
    .join_from(rewards, customers, customers.c.id == rewards.c.earner_id)
    .where(
        rewards.c.project_id == sa.bindparam("project_id"),
        rewards.c.id == sa.bindparam("the_reward_id"),
        rewards.c.payable_since.is_not(None),
        rewards.c.settled_at.is_(None),
        rewards.c.amount > 0,
    ),
    Settlement,
)


async def find_due(tx: Reading, project_id: str, reward_id: str) -> Settlement | None:
    """Return what is to be settled for a reward, or None if it is settled, still held, or worth nothing any more."""
    return await tx.first(_DUE, project_id=project_id, the_reward_id=reward_id)


async def settle(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    reward_id: str,
    amount: int,
    settlement_id: str,
    now: datetime,
) -> None:
    """Record that the earner has the credit: ledger and reward in one unit; a second time changes nothing.

    `amount` is what was sent, in minor units; it is recorded even if a reversal came in between.
    """
    reward = await reward_rows.lock(tx, project_id, reward_id)
    if reward is None or reward.status == SETTLED:
        return
    at = (await get_team(tx, team_id)).time_at(now)
    posting = Posting(
        key=f"{reward.id}:grant",
        project_id=project_id,
        program_id=reward.program_id,
        owner_id=reward.earner_id,
        unit=reward.unit,
        amount=amount,
        reason_id=reward.id,
        source_id=reward.source_id,
        at=at,
    )
    await transfers.grant(tx, posting, already_sent=True)
    await reward_rows.set_settled(tx, reward, settlement_id, at=at)
    await publish(tx, RewardSettled(team_id, project_id, reward_id), happened_at=at, now=now)


async def note_refusal(
    tx: Writing, *, team_id: str, project_id: str, reward_id: str, reason: str, now: datetime
) -> None:
    """Show why a reward was not credited; the queue tries again."""
    reward = await reward_rows.lock(tx, project_id, reward_id)
    if reward is not None:
        at = (await get_team(tx, team_id)).time_at(now)
        await reward_rows.set_failed(tx, reward, reason, at=at)
