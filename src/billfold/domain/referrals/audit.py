"""The audit of rewards: what each says it is worth against what the ledger says, by the database, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.ledger.audit import LARGEST_REPORT
from billfold.domain.ledger.transfers import ledger_transfers
from billfold.domain.referrals.rewards import SETTLED, rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class RewardFinding:
    """A reward that the ledger does not confirm; amounts in minor units of `unit`."""

    reward_id: str
    project_id: str
    unit: str
    status: str
    amount: int
    earned: int
    granted: int

    def __str__(self) -> str:
        """Say it to a person."""
        return (
            f"reward {self.reward_id} (project {self.project_id}) is {self.status} with {self.amount} {self.unit}; its "
            f"transfers say earned {self.earned} {self.unit}, granted {self.granted} {self.unit}"
        )


def _sum_of(kinds: tuple[str, ...], minus: str) -> sa.ColumnElement[Any]:
    signed: list[Any] = [(ledger_transfers.c.kind == kind, ledger_transfers.c.amount) for kind in kinds]
    signed.append((ledger_transfers.c.kind == minus, -ledger_transfers.c.amount))
    return sa.func.coalesce(sa.func.sum(sa.case(*signed, else_=0)), 0)


# An award is earned and granted in one line.
_earned: Final = _sum_of(("earn", "award"), minus="reverse")
_granted: Final = _sum_of(("grant", "award"), minus="recall")
_AUDIT: Final = query(
    sa.select(
        rewards.c.id.label("reward_id"),
        rewards.c.project_id,
        rewards.c.unit,
        rewards.c.status,
        rewards.c.amount,
        _earned.label("earned"),
        _granted.label("granted"),
    )
    .join_from(rewards, ledger_transfers, ledger_transfers.c.reason_id == rewards.c.id, isouter=True)
    .group_by(
        rewards.c.id,
        rewards.c.project_id,
        rewards.c.unit,
        rewards.c.status,
        rewards.c.amount,
        rewards.c.settles_as,
    )
    .having(
        sa.or_(
            rewards.c.amount != _earned,
            # What was sent is granted, and what was granted was sent.
            sa.and_(rewards.c.status == SETTLED, rewards.c.settles_as == "stripe_balance", _granted == 0),
            sa.and_(rewards.c.status != SETTLED, _granted != 0),
        )
    )
    .limit(LARGEST_REPORT),
    RewardFinding,
)


async def audit_rewards(tx: Reading) -> list[RewardFinding]:
    """Return rewards whose worth or settlement the ledger does not confirm, at most 100; call it in a `db.snapshot`."""
    return await tx.all(_AUDIT)
