"""Parts of transfers that were reversed at Stripe: what each takes back of the commissions that the payout was for.

A payout keeps what it was; beside it stands how much of it came back. Stripe says of a transfer how much of it is reversed in
all, and never less than before, so what is new is a difference, in whatever order and however often it is heard of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.payouts.payouts import Payout, payouts
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.immutable import forbid_changes
from billfold.infrastructure.db.statements import command, insert_listed, metadata, query
from billfold.infrastructure.db.types import Moment

payout_reversals = sa.Table(
    "payout_reversals",
    metadata,
    sa.Column("payout_id", sa.Text, sa.ForeignKey(payouts.c.id), primary_key=True),
    # How much of the transfer had been reversed in all by then.
    sa.Column("reversed_to", sa.BigInteger, primary_key=True),
    sa.Column("reward_id", sa.Text, sa.ForeignKey(rewards.c.id), primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    # What it takes back of what the payout took of the reward.
    sa.Column("amount", sa.BigInteger, nullable=False),
    # The team's time.
    sa.Column("at", Moment, nullable=False),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.Index("ix_payout_reversals_reward_id", "reward_id"),
)
forbid_changes(payout_reversals)


@dataclass(frozen=True, slots=True)
class Part:
    """What a reversal takes back of one reward, in minor units."""

    reward_id: str
    amount: int


def _whole(reward_id: str, amount: Any) -> tuple[str, int]:
    # PostgreSQL sums whole numbers to a decimal.
    return reward_id, int(amount)


_ADD: Final = insert_listed(
    payout_reversals,
    [column.name for column in payout_reversals.c],
    lambda new: new.returning(payout_reversals.c.reward_id),
    str,
)
_TAKEN_BACK: Final = query(
    sa.select(payout_reversals.c.reward_id, sa.func.sum(payout_reversals.c.amount))
    .where(
        payout_reversals.c.project_id == sa.bindparam("project_id"),
        payout_reversals.c.payout_id == sa.bindparam("payout_id"),
    )
    .group_by(payout_reversals.c.reward_id),
    _whole,
)
_SET_REVERSED: Final = command(
    sa.update(payouts)
    .where(payouts.c.project_id == sa.bindparam("of_project"), payouts.c.id == sa.bindparam("payout_id"))
    .values(amount_reversed=sa.bindparam("reversed_to", type_=sa.BigInteger()))
)


async def taken_back(tx: Reading, payout: Payout) -> dict[str, int]:
    """Return what reversals of a part took back of a payout's rewards so far, by reward, in minor units."""
    return dict(await tx.all(_TAKEN_BACK, project_id=payout.project_id, payout_id=payout.id))


async def add_parts(tx: Writing, payout: Payout, parts: Sequence[Part], *, reversed_to: int, at: datetime) -> None:
    """Write down a reversal of a part, which brings what came back of the payout in all to `reversed_to`."""
    rows = [
        {
            "payout_id": payout.id,
            "reversed_to": reversed_to,
            "reward_id": each.reward_id,
            "project_id": payout.project_id,
            "amount": each.amount,
            "at": at,
        }
        for each in parts
    ]
    await tx.insert_many(_ADD, rows)
    await tx.run(_SET_REVERSED, of_project=payout.project_id, payout_id=payout.id, reversed_to=reversed_to)


def spread_back(lines: Mapping[str, int], before: Mapping[str, int], amount: int) -> list[Part]:
    """Return what `amount` minor units take back of a payout's rewards: of the last one first, of each no more than is left.

    `lines` says what the payout took of each reward, `before` what came back of it already. Lines below zero give nothing back,
    so the others always suffice.
    """
    parts: list[Part] = []
    left = amount
    for reward_id, taken in sorted(lines.items(), reverse=True):
        part = min(left, taken - before.get(reward_id, 0))
        if part > 0:
            parts.append(Part(reward_id, part))
            left -= part
    return parts
