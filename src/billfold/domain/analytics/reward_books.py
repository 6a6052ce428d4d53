"""What the books say of a referral's rewards: the rows, the voids, the transfers and what payouts took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.analytics.explanation import PayoutPart
from billfold.domain.ledger.transfers import Transfer, ledger_transfers
from billfold.domain.payouts.part_reversals import payout_reversals
from billfold.domain.payouts.payouts import payout_lines, payouts
from billfold.domain.referrals import rewards as reward_rows
from billfold.domain.referrals import voids
from billfold.domain.referrals.referrals import Referral
from billfold.domain.referrals.rewards import Reward
from billfold.domain.referrals.voids import Void
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.plans import only_checked
from billfold.infrastructure.db.statements import any_of, query

_MOST_ROWS: Final = 2_000
# In place of a payout's state: what came back of a part of it.
REVERSED: Final = "reversed"


@dataclass(frozen=True, slots=True)
class _Part:
    reward_id: str
    payout_id: str
    amount: int
    status: str


@dataclass(frozen=True, slots=True)
class RewardBooks:
    """A referral's rewards by their keys; transfers and payouts by the reward's id, voids too."""

    rewards: dict[str, Reward]
    voids: dict[str, Void]
    transfers: Mapping[str, list[Transfer]]
    payouts: Mapping[str, list[PayoutPart]]


_TRANSFERS: Final = query(
    sa.select(*ledger_transfers.c)
    .where(
        only_checked(ledger_transfers.c.project_id) == sa.bindparam("project_id"),
        any_of(ledger_transfers.c.reason_id, "reward_ids"),
    )
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Transfer,
)
_PAYOUTS: Final = query(
    sa.select(payout_lines.c.reward_id, payout_lines.c.payout_id, payout_lines.c.amount, payouts.c.status)
    .join_from(payout_lines, payouts, payouts.c.id == payout_lines.c.payout_id)
    .where(
        only_checked(payout_lines.c.project_id) == sa.bindparam("project_id"),
        any_of(payout_lines.c.reward_id, "reward_ids"),
    )
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    _Part,
)
_REVERSALS: Final = query(
    sa.select(
        payout_reversals.c.reward_id,
        payout_reversals.c.payout_id,
        (-payout_reversals.c.amount).label("amount"),
        sa.literal_column(f"'{REVERSED}'").label("status"),
    )
    .where(
        only_checked(payout_reversals.c.project_id) == sa.bindparam("project_id"),
        any_of(payout_reversals.c.reward_id, "reward_ids"),
    )
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    _Part,
)


async def books_of(tx: Reading, referral: Referral) -> RewardBooks:
    """Return the books of a referral's rewards."""
    rows = await reward_rows.rewards_of_referrals(tx, referral.project_id, [referral.id])
    ids = [each.id for each in rows]
    transfers: dict[str, list[Transfer]] = defaultdict(list)
    taken: dict[str, list[PayoutPart]] = defaultdict(list)
    if ids:
        mine = {"project_id": referral.project_id, "reward_ids": ids, "limit": _MOST_ROWS}
        for transfer in sorted(await tx.all(_TRANSFERS, **mine), key=lambda each: each.sequence):
            transfers[transfer.reason_id].append(transfer)
        parts = [*await tx.all(_PAYOUTS, **mine), *await tx.all(_REVERSALS, **mine)]
        for part in sorted(parts, key=lambda each: (each.payout_id, -each.amount)):
            taken[part.reward_id].append(PayoutPart(part.payout_id, part.amount, part.status))
    return RewardBooks(
        {each.key: each for each in rows}, await voids.voids_of(tx, referral.project_id, ids), transfers, taken
    )
