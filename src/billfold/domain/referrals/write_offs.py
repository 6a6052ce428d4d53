"""Write-offs: a project forgives what an earner owes, because something that was paid out was taken back afterwards.

A write-off is a reward of its own, given with a reason: so the ledger has its transfers, payouts net it against the shortfall
like any other earning, and what the earner got in all still adds up. It belongs to the referral of the earner's newest reward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.domain.ledger import transfers
from billfold.domain.ledger.statement import lock_balances
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals.awards import posting
from billfold.domain.referrals.rewards import AVAILABLE, Reward, rewards
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import query

# In place of a rule's number.
WRITE_OFF: Final = -1
LONGEST_REASON: Final = 500

_NEWEST: Final = query(
    sa.select(*rewards.c)
    .where(
        rewards.c.project_id == sa.bindparam("project_id"),
        rewards.c.program_id == sa.bindparam("program_id"),
        rewards.c.earner_id == sa.bindparam("earner_id"),
        # As the index has it.
        sa.text("rewards.settles_as = 'payout'"),
        rewards.c.unit == sa.bindparam("the_unit"),
        rewards.c.rule != WRITE_OFF,
    )
    .order_by(rewards.c.created_at.desc(), rewards.c.id.desc())
    .limit(1),
    Reward,
)


@dataclass(frozen=True, slots=True)
class WriteOff:
    """What was forgiven: `amount` minor units of `unit`, as the reward `reward_id`."""

    reward_id: str
    owner_id: str
    unit: str
    amount: int


async def write_off(
    tx: Writing,
    *,
    project_id: str,
    program_id: str,
    owner_id: str,
    unit: str,
    amount: int | None,
    reason: str,
    at: datetime,
) -> WriteOff:
    """Forgive what an earner's available balance lacks to zero, or `amount` minor units of it.

    The caller writes who did it into the audit log, in the same unit. Raises `Conflict` if the balance is not below zero,
    `Invalid` for more than is missing or no reason, `NotFound` for somebody who never earned in this unit.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(f"A write-off needs a reason of at most {LONGEST_REASON} characters.")
    # Two write-offs at once take turns here.
    held = await lock_balances(tx, project_id=project_id, program_id=program_id, owner_id=owner_id, unit=unit)
    last = await tx.first(_NEWEST, project_id=project_id, program_id=program_id, earner_id=owner_id, the_unit=unit)
    if held is None or last is None:
        raise NotFound("Nothing was earned in this currency.")
    if held.available >= 0:
        raise Conflict("The balance is not below zero: there is nothing to write off.")
    forgiven = -held.available if amount is None else amount
    if not 0 < forgiven <= -held.available:
        raise Invalid(f"The amount is from 1 to {-held.available} minor units, as much as is missing.")
    reward_id = new_id("rw_")
    added = Reward(
        id=reward_id,
        project_id=project_id,
        program_id=program_id,
        referral_id=last.referral_id,
        key=f"write_off:{reward_id}",
        rule=WRITE_OFF,
        source_id=reward_id,
        terms_id=last.terms_id,
        earner_id=owner_id,
        unit=unit,
        amount=forgiven,
        settles_as="payout",
        status=AVAILABLE,
        release_at=at,
        payable_since=None,
        failure=reason.strip(),
        settlement_id=None,
        settled_at=None,
        created_at=at,
        updated_at=at,
    )
    await reward_rows.add_rewards(tx, [added])
    await transfers.earn(tx, posting(added, 0, forgiven, at=at))
    await transfers.release(tx, posting(added, 1, forgiven, at=at))
    return WriteOff(reward_id, owner_id, unit, forgiven)
