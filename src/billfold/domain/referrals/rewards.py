"""Rewards: what one rule gave to one customer for one fact.

A reward is *held* for its holding period, then *available*, then *settled*; *failed* is an available one whose last settlement
was refused, with the reason beside it. The money itself is in the ledger, under the reward's id; `amount` repeats it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals.terms import SettlesAs
from billfold.infrastructure.db.bulk import BulkInsert, BulkWrite
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import (
    any_of,
    command,
    metadata,
    query,
    row_of,
)
from billfold.infrastructure.db.types import Moment

HELD: Final = "held"
AVAILABLE: Final = "available"
FAILED: Final = "failed"
SETTLED: Final = "settled"
LONGEST_REASON: Final = 500
_OWED_SHOWN: Final = 100
# Released, settled by payouts, and not what payouts took of it; written out in the index that finds them.
PAYABLE: Final = "settles_as = 'payout' AND status <> 'held' AND amount <> paid_amount"

rewards = sa.Table(
    "rewards",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # No foreign keys: a reward is made from its referral's row, which nobody removes, and PostgreSQL's checks would cost a
    # sign-up as much as the row itself.
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("referral_id", sa.Text, nullable=False),
    # referral:rule:source, so that a fact earns once by each rule.
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("rule", sa.BigInteger, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("terms_id", sa.Text, nullable=False),
    sa.Column("earner_id", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    # What it is worth now, in minor units: earned less reversed.
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("settles_as", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("release_at", Moment, nullable=False),
    # The wall clock since when its settlement may have been tried: see `settlements.py`.
    sa.Column("payable_since", Moment),
    sa.Column("failure", sa.Text),
    # The other side's id of the settlement, such as Stripe's balance transaction.
    sa.Column("settlement_id", sa.Text),
    sa.Column("settled_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    # What payouts took of it so far and did not give back. Beside `amount`, so that what is still to be paid, or to be netted
    # because the amount went down since, is found by an index (`domain/payouts`).
    sa.Column("paid_amount", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.CheckConstraint("amount >= 0", name="amount"),
    sa.CheckConstraint("status IN ('held', 'available', 'failed', 'settled')", name="status"),
    # The key begins with the referral's id, so one index says both: once for ever, and which rewards a referral gave.
    sa.UniqueConstraint("referral_id", "key"),
    sa.Index(
        "ix_rewards_failed",
        "project_id",
        "failure",
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    ),
    # What the console and the affiliate API list: all of a program, and one partner's.
    sa.Index(
        "ix_rewards_commissions",
        "project_id",
        "program_id",
        "created_at",
        "id",
        sqlite_where=sa.text("settles_as = 'payout'"),
        postgresql_where=sa.text("settles_as = 'payout'"),
    ),
    sa.Index(
        "ix_rewards_earner",
        "project_id",
        "program_id",
        "earner_id",
        "created_at",
        "id",
        sqlite_where=sa.text("settles_as = 'payout'"),
        postgresql_where=sa.text("settles_as = 'payout'"),
    ),
    sa.Index(
        "ix_rewards_payable",
        "project_id",
        "program_id",
        "earner_id",
        "unit",
        sqlite_where=sa.text(PAYABLE),
        postgresql_where=sa.text(PAYABLE),
    ),
)


@dataclass(frozen=True, slots=True)
class OwedReward:
    """How many rewards of a project are owed and could not be given, for one reason."""

    project_id: str
    failure: str | None
    rewards: int


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward of a customer; all moments but `payable_since` are in the team's time."""

    id: str
    project_id: str
    program_id: str
    referral_id: str
    key: str
    rule: int
    source_id: str
    terms_id: str
    earner_id: str
    unit: str
    amount: int
    settles_as: SettlesAs
    status: str
    release_at: datetime
    payable_since: datetime | None
    failure: str | None
    settlement_id: str | None
    settled_at: datetime | None
    created_at: datetime
    updated_at: datetime
    paid_amount: int = 0


_in_project = rewards.c.project_id == sa.bindparam("project_id")
_ADD: Final = BulkInsert(rewards, [column.name for column in rewards.c], key=["id"], finish=lambda new: new)
_LOCK_OF_REFERRAL: Final = query(
    sa.select(*rewards.c)
    .where(_in_project, rewards.c.referral_id == sa.bindparam("referral_id"))
    .order_by(rewards.c.earner_id, rewards.c.unit, rewards.c.key)
    .with_for_update(),
    Reward,
)
_LOCK: Final = query(
    sa.select(*rewards.c).where(_in_project, rewards.c.id == sa.bindparam("reward_id")).with_for_update(), Reward
)
_FIND: Final = query(sa.select(*rewards.c).where(_in_project, rewards.c.id == sa.bindparam("reward_id")), Reward)
_OF_REFERRALS: Final = query(
    sa.select(*rewards.c).where(
        only_checked(rewards.c.project_id) == sa.bindparam("project_id"), any_of(rewards.c.referral_id, "referral_ids")
    ),
    Reward,
)
_mine = sa.and_(rewards.c.project_id == sa.bindparam("of_project_id"), rewards.c.id == sa.bindparam("reward_id"))
_updated_at = sa.bindparam("at", type_=Moment())
_SET_AMOUNT: Final = command(
    sa.update(rewards).where(_mine).values(amount=sa.bindparam("new_amount"), updated_at=_updated_at)
)
_SET_FAILED: Final = command(
    sa.update(rewards)
    .where(_mine, rewards.c.status.in_([sa.literal_column("'available'"), sa.literal_column("'failed'")]))
    .values(status=FAILED, failure=sa.bindparam("reason"), updated_at=_updated_at)
)
_SET_SETTLED: Final = command(
    sa.update(rewards)
    .where(_mine)
    .values(
        status=SETTLED,
        failure=None,
        settlement_id=sa.bindparam("settlement_id"),
        settled_at=_updated_at,
        updated_at=_updated_at,
    )
)
_SET_AVAILABLE: Final = command(
    sa.update(rewards)
    .where(_mine)
    .values(status=AVAILABLE, payable_since=sa.bindparam("now", type_=Moment()), updated_at=_updated_at)
)


_OWED: Final = query(
    sa.select(rewards.c.project_id, rewards.c.failure, sa.func.count().label("rewards"))
    .where(sa.text("status = 'failed'"))
    .group_by(rewards.c.project_id, rewards.c.failure)
    .order_by(rewards.c.project_id, rewards.c.failure)
    .limit(_OWED_SHOWN),
    OwedReward,
)


async def add_rewards(tx: Writing, added: Sequence[Reward]) -> None:
    """Add rewards; one that is there under the same key makes the whole unit fail with `DuplicateRow`."""
    if added:
        await tx.insert_bulk(_ADD, [row_of(reward) for reward in added])


def reward_writes(added: Sequence[Reward]) -> BulkWrite:
    """Return the write of new rewards, for a unit that writes more together."""
    return BulkWrite(_ADD, [row_of(reward) for reward in added])


async def set_amount(tx: Writing, reward: Reward, amount: int, *, at: datetime) -> None:
    """Write down what a reward is worth now, in minor units."""
    await tx.run(_SET_AMOUNT, of_project_id=reward.project_id, reward_id=reward.id, new_amount=amount, at=at)


async def set_available(tx: Writing, reward: Reward, *, at: datetime, now: datetime) -> None:
    """Write down that a reward left its holding period."""
    await tx.run(_SET_AVAILABLE, of_project_id=reward.project_id, reward_id=reward.id, at=at, now=now)


async def set_failed(tx: Writing, reward: Reward, reason: str, *, at: datetime) -> None:
    """Write down why a reward could not be settled; it will be tried again."""
    await tx.run(
        _SET_FAILED, of_project_id=reward.project_id, reward_id=reward.id, reason=reason[:LONGEST_REASON], at=at
    )


async def set_settled(tx: Writing, reward: Reward, settlement_id: str, *, at: datetime) -> None:
    """Write down that the earner has a reward, and the other side's id of the settlement."""
    await tx.run(_SET_SETTLED, of_project_id=reward.project_id, reward_id=reward.id, settlement_id=settlement_id, at=at)


async def lock_of_referral(tx: Writing, project_id: str, referral_id: str) -> list[Reward]:
    """Return a referral's rewards, ordered by earner, and hold them."""
    return await tx.all(_LOCK_OF_REFERRAL, project_id=project_id, referral_id=referral_id)


async def find(tx: Reading, project_id: str, reward_id: str) -> Reward | None:
    """Return a reward of the project, None if there is no such."""
    return await tx.first(_FIND, project_id=project_id, reward_id=reward_id)


async def lock(tx: Writing, project_id: str, reward_id: str) -> Reward | None:
    """Return a reward and hold it until the unit ends."""
    return await tx.first(_LOCK, project_id=project_id, reward_id=reward_id)


async def rewards_of_referrals(tx: Reading, project_id: str, referral_ids: list[str]) -> list[Reward]:
    """Return the rewards of some referrals of the project, by referral and rule."""
    found = await tx.all(_OF_REFERRALS, project_id=project_id, referral_ids=referral_ids)
    return sorted(found, key=lambda each: (each.referral_id, each.rule, each.key))


async def owed_rewards(tx: Reading) -> list[OwedReward]:
    """Return what this installation owes and could not give, by project and reason."""
    return await tx.all(_OWED)
