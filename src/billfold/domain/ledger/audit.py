"""The audit: every balance recomputed from the transfers, by the database, in bounded memory.

Run nightly, by `billfold verify-ledger`, by `billfold doctor` and after every story test. A finding names the account,
what its cached balance says and what the transfers say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.ledger.transfers import KINDS, ledger_balances, ledger_transfers
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query, row_tuple

# Enough to see the pattern of a fault; a ledger with more is not repaired by reading a list.
LARGEST_REPORT: Final = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One account whose balance is not what its transfers add up to, both in minor units of `unit`."""

    project_id: str
    program_id: str
    owner_id: str
    unit: str
    kind: str
    balance: int
    transfers_say: int

    def __str__(self) -> str:
        """Say it to a person."""
        return (
            f"account {self.kind} of {self.owner_id} in program {self.program_id} (project {self.project_id}): "
            f"its balance is {self.balance} {self.unit}, its transfers add up to {self.transfers_say} {self.unit}"
        )


_t: Final = ledger_transfers.c
_b: Final = ledger_balances.c


def _sum_of(kind: str) -> sa.Label[Any]:
    # In the order of the index each partial sum is a balance that once was, so the sum cannot overflow on the way.
    signed = sa.case((_t.credit == kind, _t.amount), (_t.debit == kind, -_t.amount), else_=0)
    return sa.func.sum(signed).label(f"{kind}_sum")


_sums: Final = (
    sa.select(
        _t.program_id,
        _t.owner_id,
        _t.unit,
        sa.func.min(_t.project_id).label("project_id"),
        *[_sum_of(kind) for kind in KINDS],
    )
    .group_by(_t.program_id, _t.owner_id, _t.unit)
    .subquery("sums")
)
_same_owner: Final = sa.and_(
    _sums.c.program_id == _b.program_id, _sums.c.owner_id == _b.owner_id, _sums.c.unit == _b.unit
)
_said: Final = [sa.func.coalesce(_sums.c[f"{kind}_sum"], 0) for kind in KINDS]
# Balances that differ from their transfers, or that have none.
_WRONG: Final = query(
    sa.select(_b.project_id, _b.program_id, _b.owner_id, _b.unit, *[_b[kind] for kind in KINDS], *_said)
    .select_from(ledger_balances.outerjoin(_sums, _same_owner))
    .where(sa.or_(*[_b[kind] != said for kind, said in zip(KINDS, _said, strict=True)]))
    .limit(LARGEST_REPORT),
    row_tuple,
)
# Transfers whose balances are gone.
_LOST: Final = query(
    sa.select(
        _sums.c.project_id,
        _sums.c.program_id,
        _sums.c.owner_id,
        _sums.c.unit,
        *[sa.literal_column("0").label(f"{kind}_balance") for kind in KINDS],
        *[_sums.c[f"{kind}_sum"] for kind in KINDS],
    )
    .select_from(_sums.outerjoin(ledger_balances, _same_owner))
    .where(_b.owner_id.is_(None))
    .limit(LARGEST_REPORT),
    row_tuple,
)


async def audit(tx: Reading) -> list[Finding]:
    """Return every account whose balance is not the sum of its transfers, at most 100 owners of each sort.

    An empty list means that the whole ledger adds up. Call it in a `db.snapshot`: it must see one moment.
    """
    findings: list[Finding] = []
    for row in [*await tx.all(_WRONG), *await tx.all(_LOST)]:
        project_id, program_id, owner_id, unit, *values = row
        cached, summed = values[: len(KINDS)], values[len(KINDS) :]
        findings.extend(
            Finding(project_id, program_id, owner_id, unit, kind, int(has), int(should))
            for kind, has, should in zip(KINDS, cached, summed, strict=True)
            if int(has) != int(should)
        )
    return findings
