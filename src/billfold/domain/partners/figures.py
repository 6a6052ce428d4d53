"""What a partner earned and brought: from the ledger, one figure for each currency and never a sum of them (contract A27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.partners.partners import Partner
from billfold.domain.referrals.referrals import referrals
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import any_of, query


@dataclass(frozen=True, slots=True)
class Earnings:
    """What a partner has in one currency, in its minor units.

    Held, released and not yet paid (below zero if more was reversed than is there), and taken by payouts, those under way
    included. `earned_cents` is the sum of the three, always (contract section 6).
    """

    customer_id: str
    unit: str
    pending_cents: int
    available_cents: int
    paid_cents: int

    @property
    def earned_cents(self) -> int:
        """All that was earned and not reversed."""
        return self.pending_cents + self.available_cents + self.paid_cents


@dataclass(frozen=True, slots=True)
class Brought:
    """How many a code brought, and how many of them pay."""

    code_id: str
    referrals: int
    conversions: int


_in_project = ledger_balances.c.project_id == sa.bindparam("project_id")
_of_program = ledger_balances.c.program_id == sa.bindparam("program_id")
_earnings = sa.select(
    ledger_balances.c.owner_id.label("customer_id"),
    ledger_balances.c.unit,
    ledger_balances.c.held.label("pending_cents"),
    ledger_balances.c.available.label("available_cents"),
    (ledger_balances.c.in_transit + ledger_balances.c.settled).label("paid_cents"),
).where(_in_project, _of_program, any_of(ledger_balances.c.owner_id, "customer_ids"))
_EARNINGS: Final = query(_earnings.order_by(ledger_balances.c.unit), Earnings)
_BROUGHT: Final = query(
    sa.select(
        referrals.c.code_id,
        sa.func.count().label("referrals"),
        sa.func.count(sa.case((referrals.c.status == sa.literal_column("'converted'"), 1))).label("conversions"),
    )
    .where(
        any_of(referrals.c.code_id, "code_ids"),
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.status != sa.literal_column("'void'"),
    )
    .group_by(referrals.c.code_id),
    Brought,
)


async def earnings_of(
    tx: Reading, *, project_id: str, program_id: str, customer_ids: list[str]
) -> dict[str, list[Earnings]]:
    """Return what each of these partners has, in each currency in which he ever earned; nobody is missing."""
    rows = await tx.all(_EARNINGS, project_id=project_id, program_id=program_id, customer_ids=customer_ids)
    found: dict[str, list[Earnings]] = {customer_id: [] for customer_id in customer_ids}
    for row in rows:
        found[row.customer_id].append(row)
    return found


async def brought_by(tx: Reading, *, project_id: str, code_ids: list[str]) -> dict[str, Brought]:
    """Return how many each of these codes brought; void referrals do not count."""
    rows = await tx.all(_BROUGHT, project_id=project_id, code_ids=code_ids)
    found = {row.code_id: row for row in rows}
    return {code_id: found.get(code_id) or Brought(code_id, 0, 0) for code_id in code_ids}


async def figures_of(tx: Reading, partner: Partner) -> tuple[list[Earnings], Brought]:
    """Return one partner's earnings and what he brought."""
    earned = await earnings_of(
        tx, project_id=partner.project_id, program_id=partner.program_id, customer_ids=[partner.customer_id]
    )
    brought = await brought_by(tx, project_id=partner.project_id, code_ids=[partner.code_id])
    return earned[partner.customer_id], brought[partner.code_id]
