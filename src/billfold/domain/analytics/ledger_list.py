"""The ledger of a project as people read it: its accounts, and the movements of one owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.customers import customers
from billfold.domain.ledger.transfers import ledger_balances
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An owner's five accounts in one unit, in minor units: credits less debits, so that their sum is zero."""

    program_id: str
    owner_id: str
    unit: str
    cost: int
    held: int
    available: int
    in_transit: int
    settled: int
    owner_email: str | None
    owner_name: str | None


_accounts = (
    sa.select(
        ledger_balances.c.program_id,
        ledger_balances.c.owner_id,
        ledger_balances.c.unit,
        ledger_balances.c.cost,
        ledger_balances.c.held,
        ledger_balances.c.available,
        ledger_balances.c.in_transit,
        ledger_balances.c.settled,
        customers.c.email.label("owner_email"),
        customers.c.name.label("owner_name"),
    )
    .select_from(ledger_balances.join(customers, customers.c.id == ledger_balances.c.owner_id, isouter=True))
    .where(ledger_balances.c.project_id == sa.bindparam("project_id"))
    .order_by(ledger_balances.c.program_id, ledger_balances.c.owner_id, ledger_balances.c.unit)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
)
_LIST: Final = query(_accounts.offset(sa.bindparam("offset", type_=sa.Integer())), AccountLine)
_EXPORT: Final = query(
    _accounts.where(
        sa.tuple_(ledger_balances.c.program_id, ledger_balances.c.owner_id, ledger_balances.c.unit)
        > sa.tuple_(*(sa.bindparam(name, type_=sa.Text()) for name in ("after_program", "after_owner", "after_unit")))
    ),
    AccountLine,
)


async def list_accounts(tx: Reading, project_id: str, *, limit: int, offset: int) -> list[AccountLine]:
    """Return a page of the project's accounts, by program and owner."""
    return await tx.all(_LIST, project_id=project_id, limit=limit, offset=offset)


async def export_accounts(
    tx: Reading, project_id: str, *, after: tuple[str, str, str], limit: int
) -> list[AccountLine]:
    """Return the next accounts behind the one of this program, owner and unit; three empty texts begin."""
    program, owner, unit = after
    return await tx.all(
        _EXPORT, project_id=project_id, after_program=program, after_owner=owner, after_unit=unit, limit=limit
    )
