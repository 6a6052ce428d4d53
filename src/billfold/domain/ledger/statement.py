"""What an owner can read in the ledger: balances and transfers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.paging import Page
from billfold.domain.ledger.transfers import Transfer, ledger_balances, ledger_transfers
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class Balances:
    """An owner's five accounts in one unit, in whole minor units: credits less debits, so their sum is zero."""

    cost: int
    held: int
    available: int
    in_transit: int
    settled: int


_NOTHING: Final = Balances(0, 0, 0, 0, 0)

_BALANCES: Final = query(
    sa.select(
        ledger_balances.c.cost,
        ledger_balances.c.held,
        ledger_balances.c.available,
        ledger_balances.c.in_transit,
        ledger_balances.c.settled,
    ).where(
        ledger_balances.c.program_id == sa.bindparam("program_id"),
        ledger_balances.c.owner_id == sa.bindparam("owner_id"),
        ledger_balances.c.unit == sa.bindparam("unit"),
        ledger_balances.c.project_id == sa.bindparam("project_id"),
    ),
    Balances,
)
_LOCK_BALANCES: Final = query(
    sa.select(
        ledger_balances.c.cost,
        ledger_balances.c.held,
        ledger_balances.c.available,
        ledger_balances.c.in_transit,
        ledger_balances.c.settled,
    )
    .where(
        ledger_balances.c.program_id == sa.bindparam("program_id"),
        ledger_balances.c.owner_id == sa.bindparam("owner_id"),
        ledger_balances.c.unit == sa.bindparam("unit"),
        ledger_balances.c.project_id == sa.bindparam("project_id"),
    )
    .with_for_update(),
    Balances,
)
_STATEMENT: Final = query(
    sa.select(*ledger_transfers.c)
    .where(
        ledger_transfers.c.program_id == sa.bindparam("program_id"),
        ledger_transfers.c.owner_id == sa.bindparam("owner_id"),
        ledger_transfers.c.unit == sa.bindparam("unit"),
        ledger_transfers.c.project_id == sa.bindparam("project_id"),
    )
    .order_by(ledger_transfers.c.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .offset(sa.bindparam("offset", type_=sa.Integer())),
    Transfer,
)


def _two_numbers(amount: Any, count: int) -> tuple[int, int]:
    # PostgreSQL sums whole numbers to a decimal.
    return int(amount), count


_FOR_REASON: Final = query(
    sa.select(
        sa.func.coalesce(
            sa.func.sum(
                sa.case(
                    (ledger_transfers.c.kind == "earn", ledger_transfers.c.amount),
                    (ledger_transfers.c.kind == "award", ledger_transfers.c.amount),
                    (ledger_transfers.c.kind == "reverse", -ledger_transfers.c.amount),
                    else_=0,
                )
            ),
            0,
        ),
        sa.func.count(),
    ).where(
        ledger_transfers.c.reason_id == sa.bindparam("reason_id"),
        ledger_transfers.c.project_id == sa.bindparam("project_id"),
    ),
    _two_numbers,
)


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant of a reward: its transfer's key and amount."""

    key: str
    amount: int


_GRANTS: Final = query(
    sa.select(ledger_transfers.c.key, ledger_transfers.c.amount)
    .where(
        ledger_transfers.c.reason_id == sa.bindparam("reason_id"),
        ledger_transfers.c.project_id == sa.bindparam("project_id"),
        sa.or_(ledger_transfers.c.kind == "grant", ledger_transfers.c.kind == "award"),
    )
    .order_by(ledger_transfers.c.sequence.desc()),
    Granted,
)
_SETTLED: Final = query(
    sa.select(
        sa.func.coalesce(
            sa.func.sum(
                sa.case(
                    (ledger_transfers.c.credit == "settled", ledger_transfers.c.amount),
                    (ledger_transfers.c.debit == "settled", -ledger_transfers.c.amount),
                    else_=0,
                )
            ),
            0,
        )
    ).where(
        ledger_transfers.c.reason_id == sa.bindparam("reason_id"),
        ledger_transfers.c.project_id == sa.bindparam("project_id"),
    ),
    int,
)


async def balances(tx: Reading, *, project_id: str, program_id: str, owner_id: str, unit: str) -> Balances:
    """Return an owner's balances; all zero if the owner never earned in this unit."""
    found = await tx.first(_BALANCES, project_id=project_id, program_id=program_id, owner_id=owner_id, unit=unit)
    return found or _NOTHING


async def lock_balances(tx: Writing, *, project_id: str, program_id: str, owner_id: str, unit: str) -> Balances | None:
    """Return an owner's balances and hold them until the unit ends; None if the owner never earned in this unit."""
    return await tx.first(_LOCK_BALANCES, project_id=project_id, program_id=program_id, owner_id=owner_id, unit=unit)


async def statement(
    tx: Reading, *, project_id: str, program_id: str, owner_id: str, unit: str, page: Page
) -> list[Transfer]:
    """Return an owner's transfers, newest first."""
    return await tx.all(
        _STATEMENT,
        project_id=project_id,
        program_id=program_id,
        owner_id=owner_id,
        unit=unit,
        limit=page.limit,
        offset=page.offset,
    )


async def earned_for(tx: Reading, *, project_id: str, reason_id: str) -> tuple[int, int]:
    """Return what the ledger says was earned for a reward less what was reversed, and how many transfers it has."""
    return await tx.one(_FOR_REASON, project_id=project_id, reason_id=reason_id)


async def settled_for(tx: Reading, *, project_id: str, reason_id: str) -> int:
    """Return how much of a reward its owner has, less what was recalled."""
    settled: int = await tx.one(_SETTLED, project_id=project_id, reason_id=reason_id)
    # PostgreSQL sums whole numbers to a decimal.
    return int(settled)


async def grants_for(tx: Reading, *, project_id: str, reason_id: str) -> list[Granted]:
    """Return the grants of a reward, newest first."""
    return await tx.all(_GRANTS, project_id=project_id, reason_id=reason_id)
