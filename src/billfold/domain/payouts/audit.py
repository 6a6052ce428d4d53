"""The audit of payouts: what they say against the rewards that they took and the ledger that carried them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.ledger.audit import LARGEST_REPORT
from billfold.domain.ledger.transfers import ledger_balances, ledger_transfers
from billfold.domain.payouts.part_reversals import payout_reversals
from billfold.domain.payouts.payouts import RETURNED, payout_lines, payouts
from billfold.domain.referrals.rewards import PAYABLE, rewards
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class PayoutFinding:
    """Something that does not add up; both amounts in minor units of `unit`."""

    what: str
    subject: str
    project_id: str
    unit: str
    says: int
    others_say: int

    def __str__(self) -> str:
        """Say it to a person."""
        return (
            f"{self.what} {self.subject} (project {self.project_id}) says {self.says} {self.unit}, "
            f"what it rests on says {self.others_say} {self.unit}"
        )


_t: Final = ledger_transfers.c
_live: Final = payouts.c.status.not_in([sa.literal_column(f"'{status}'") for status in RETURNED])


def _finding(what: str) -> Any:
    def shape(subject: str, project_id: str, unit: str, says: Any, others_say: Any) -> PayoutFinding:
        return PayoutFinding(what, subject, project_id, unit, int(says), int(others_say))

    return shape


# What payouts that count took of each reward, and what came back of a part of them.
_parts = sa.union_all(
    sa.select(payout_lines.c.reward_id, payout_lines.c.amount)
    .join_from(payout_lines, payouts, payouts.c.id == payout_lines.c.payout_id)
    .where(_live),
    sa.select(payout_reversals.c.reward_id, -payout_reversals.c.amount)
    .join_from(payout_reversals, payouts, payouts.c.id == payout_reversals.c.payout_id)
    .where(_live),
).subquery("parts")
_taken = sa.func.coalesce(sa.func.sum(_parts.c.amount), 0)
_REWARDS: Final = query(
    sa.select(rewards.c.id, rewards.c.project_id, rewards.c.unit, rewards.c.paid_amount, _taken.label("taken"))
    .select_from(rewards.outerjoin(_parts, _parts.c.reward_id == rewards.c.id))
    .where(rewards.c.settles_as == "payout")
    .group_by(rewards.c.id, rewards.c.project_id, rewards.c.unit, rewards.c.paid_amount)
    .having(rewards.c.paid_amount != _taken)
    .limit(LARGEST_REPORT),
    _finding("reward"),
)
_lines = sa.func.coalesce(sa.func.sum(payout_lines.c.amount), 0)
_PAYOUTS: Final = query(
    sa.select(payouts.c.id, payouts.c.project_id, payouts.c.currency, payouts.c.amount, _lines.label("taken"))
    .select_from(payouts.outerjoin(payout_lines, payout_lines.c.payout_id == payouts.c.id))
    .group_by(payouts.c.id, payouts.c.project_id, payouts.c.currency, payouts.c.amount)
    .having(payouts.c.amount != _lines)
    .limit(LARGEST_REPORT),
    _finding("payout"),
)
_came_back = sa.func.coalesce(sa.func.sum(payout_reversals.c.amount), 0)
_REVERSED: Final = query(
    sa.select(
        payouts.c.id, payouts.c.project_id, payouts.c.currency, payouts.c.amount_reversed, _came_back.label("came_back")
    )
    .select_from(payouts.outerjoin(payout_reversals, payout_reversals.c.payout_id == payouts.c.id))
    .group_by(payouts.c.id, payouts.c.project_id, payouts.c.currency, payouts.c.amount_reversed)
    .having(payouts.c.amount_reversed != _came_back)
    .limit(LARGEST_REPORT),
    _finding("reversals of payout"),
)
# What the ledger holds outside `available` for a payout: all of it while it is on its way or settled, nothing after that.
_carried = sa.func.coalesce(
    sa.func.sum(sa.case((_t.debit == "available", _t.amount), (_t.credit == "available", -_t.amount), else_=0)), 0
)
_should = sa.case((_live, payouts.c.amount - payouts.c.amount_reversed), else_=0)
_LEDGER: Final = query(
    sa.select(
        payouts.c.id, payouts.c.project_id, payouts.c.currency, _should.label("should"), _carried.label("carried")
    )
    .select_from(payouts.outerjoin(ledger_transfers, _t.reason_id == payouts.c.id))
    .group_by(
        payouts.c.id,
        payouts.c.project_id,
        payouts.c.currency,
        payouts.c.status,
        payouts.c.amount,
        payouts.c.amount_reversed,
    )
    .having(_should != _carried)
    .limit(LARGEST_REPORT),
    _finding("ledger of payout"),
)
_open_sums = (
    sa.select(
        rewards.c.project_id,
        rewards.c.program_id,
        rewards.c.earner_id,
        rewards.c.unit,
        sa.func.sum(rewards.c.amount - rewards.c.paid_amount).label("open_amount"),
    )
    .where(sa.text(PAYABLE))
    .group_by(rewards.c.project_id, rewards.c.program_id, rewards.c.earner_id, rewards.c.unit)
    .subquery("open_sums")
)
# More due than available: a payout would be refused.
_DUE: Final = query(
    sa.select(
        _open_sums.c.earner_id,
        _open_sums.c.project_id,
        _open_sums.c.unit,
        _open_sums.c.open_amount,
        ledger_balances.c.available,
    )
    .select_from(
        _open_sums.join(
            ledger_balances,
            sa.and_(
                ledger_balances.c.project_id == _open_sums.c.project_id,
                ledger_balances.c.program_id == _open_sums.c.program_id,
                ledger_balances.c.owner_id == _open_sums.c.earner_id,
                ledger_balances.c.unit == _open_sums.c.unit,
            ),
        )
    )
    .where(_open_sums.c.open_amount > ledger_balances.c.available)
    .limit(LARGEST_REPORT),
    _finding("what is due to"),
)


async def audit_payouts(tx: Reading) -> list[PayoutFinding]:
    """Return payouts, rewards and dues that do not confirm each other, at most 100 of each sort; call it in a `db.snapshot`."""
    return [
        *await tx.all(_REWARDS),
        *await tx.all(_PAYOUTS),
        *await tx.all(_REVERSED),
        *await tx.all(_LEDGER),
        *await tx.all(_DUE),
    ]
