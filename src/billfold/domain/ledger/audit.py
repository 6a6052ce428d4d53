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


_sums = sa.select(
    _t.program_id,
    _t.owner_id,
    _t.unit,
    sa.func.min(_t.project_id).label("project_id"),
    *[_sum_of(kind) for kind in KINDS],
).group_by(_t.program_id, _t.owner_id, _t.unit)


def _wrong(sums: sa.Subquery) -> sa.Select[Any]:
    """Select balances that differ from their transfers, or that have none."""
    said = [sa.func.coalesce(sums.c[f"{kind}_sum"], 0) for kind in KINDS]
    return (
        sa.select(_b.project_id, _b.program_id, _b.owner_id, _b.unit, *[_b[kind] for kind in KINDS], *said)
        .select_from(ledger_balances.outerjoin(sums, _same_owner(sums)))
        .where(sa.or_(*[_b[kind] != each for kind, each in zip(KINDS, said, strict=True)]))
        .limit(LARGEST_REPORT)
    )


def _lost(sums: sa.Subquery) -> sa.Select[Any]:
    """Select transfers whose balances are gone."""
    return (
        sa.select(
            sums.c.project_id,
            sums.c.program_id,
            sums.c.owner_id,
            sums.c.unit,
            *[sa.literal_column("0").label(f"{kind}_balance") for kind in KINDS],
            *[sums.c[f"{kind}_sum"] for kind in KINDS],
        )
        .select_from(sums.outerjoin(ledger_balances, _same_owner(sums)))
        .where(_b.owner_id.is_(None))
        .limit(LARGEST_REPORT)
    )


def _same_owner(sums: sa.Subquery) -> sa.ColumnElement[bool]:
    return sa.and_(sums.c.program_id == _b.program_id, sums.c.owner_id == _b.owner_id, sums.c.unit == _b.unit)


_all_sums = _sums.subquery("sums")
_project_sums = _sums.where(_t.project_id == sa.bindparam("project_id")).subquery("project_sums")
_WRONG: Final = query(_wrong(_all_sums), row_tuple)
_LOST: Final = query(_lost(_all_sums), row_tuple)
_WRONG_OF_PROJECT: Final = query(_wrong(_project_sums).where(_b.project_id == sa.bindparam("project_id")), row_tuple)
_LOST_OF_PROJECT: Final = query(_lost(_project_sums), row_tuple)


async def audit(tx: Reading) -> list[Finding]:
    """Return every account whose balance is not the sum of its transfers, at most 100 owners of each sort.

    An empty list means that the whole ledger adds up. Call it in a `db.snapshot`: it must see one moment.
    """
    return _findings([*await tx.all(_WRONG), *await tx.all(_LOST)])


async def audit_project(tx: Reading, project_id: str) -> list[Finding]:
    """As `audit`, for one project."""
    wrong = await tx.all(_WRONG_OF_PROJECT, project_id=project_id)
    return _findings([*wrong, *await tx.all(_LOST_OF_PROJECT, project_id=project_id)])


def _findings(rows: list[Any]) -> list[Finding]:
    findings: list[Finding] = []
    for row in rows:
        project_id, program_id, owner_id, unit, *values = row
        cached, summed = values[: len(KINDS)], values[len(KINDS) :]
        findings.extend(
            Finding(project_id, program_id, owner_id, unit, kind, int(has), int(should))
            for kind, has, should in zip(KINDS, cached, summed, strict=True)
            if int(has) != int(should)
        )
    return findings
