"""A partner's statement: what the ledger says of one owner in one currency and one month, from balance to balance.

The balance is what is owed: held, available and on its way. Earning raises it, a reversal and a payment lower it; what only moves
inside (a release, a payout on its way, one that came back) stands in its place with no effect. A month is the team's, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import Invalid, NotFound
from billfold.domain.ledger.transfers import Transfer, ledger_balances, ledger_transfers
from billfold.domain.payouts.settings import settings_of
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment

_OWED: Final = ("held", "available", "in_transit")
# What one page and one file hold; a partner with more lines a month than this has an export of the ledger.
MOST_LINES: Final = 5_000
_MONTHS: Final = 12
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 9998


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in three states, whole minor units; `available` may be below zero."""

    held: int
    available: int
    in_transit: int

    @property
    def total(self) -> int:
        """The balance."""
        return self.held + self.available + self.in_transit


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transfer: `effect` is what it does to the balance, `balance` what that is afterwards, in minor units."""

    transfer: Transfer
    effect: int
    balance: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of an owner in one currency; `is_cut` says that it holds more lines than are shown."""

    project_id: str
    program_id: str
    owner_id: str
    unit: str
    start: datetime
    end: datetime
    opening: Owed
    closing: Owed
    lines: list[StatementLine]
    is_cut: bool

    @property
    def month(self) -> str:
        """The month as `2026-11`."""
        return f"{self.start:%Y-%m}"

    def is_running(self, at: datetime) -> bool:
        """Tell whether the month is not over at the team's time: then its balance is only that of now."""
        return at < self.end

    @property
    def last_day(self) -> datetime:
        """The month's last day, on which its closing balance stands."""
        return self.end - timedelta(days=1)


_t: Final = ledger_transfers.c
_owned = sa.and_(
    _t.program_id == sa.bindparam("program_id"),
    _t.owner_id == sa.bindparam("owner_id"),
    _t.unit == sa.bindparam("unit"),
    _t.project_id == sa.bindparam("project_id"),
)


def _sum_of(kind: str) -> sa.Label[Any]:
    signed = sa.case((_t.credit == kind, _t.amount), (_t.debit == kind, -_t.amount), else_=0)
    return sa.func.coalesce(sa.func.sum(signed), 0).label(kind)


def _whole(held: Any, available: Any, in_transit: Any) -> Owed:
    # PostgreSQL sums whole numbers to a decimal.
    return Owed(int(held), int(available), int(in_transit))


_BEFORE: Final = query(
    sa.select(*[_sum_of(kind) for kind in _OWED]).where(_owned, _t.at < sa.bindparam("moment", type_=Moment())), _whole
)
_LINES: Final = query(
    sa.select(*_t)
    .where(_owned, _t.at >= sa.bindparam("start", type_=Moment()), _t.at < sa.bindparam("end", type_=Moment()))
    .order_by(_t.sequence)
    .limit(MOST_LINES + 1),
    Transfer,
)
_FIRST: Final = query(sa.select(sa.func.min(_t.at).label("at")).where(_owned), datetime)
_UNITS: Final = query(
    sa.select(ledger_balances.c.unit)
    .where(
        ledger_balances.c.project_id == sa.bindparam("project_id"),
        ledger_balances.c.program_id == sa.bindparam("program_id"),
        ledger_balances.c.owner_id == sa.bindparam("owner_id"),
    )
    .order_by(ledger_balances.c.unit),
    str,
)


async def statement_of(
    tx: Reading, *, project_id: str, program_id: str, owner_id: str, unit: str, month: str
) -> Statement:
    """Return a month's statement (`2026-11`); raises `Invalid` for what is no month. Call it in a `db.snapshot`."""
    start, end = month_bounds(month)
    owner = {"project_id": project_id, "program_id": program_id, "owner_id": owner_id, "unit": unit}
    opening = await tx.one(_BEFORE, **owner, moment=start)
    closing = await tx.one(_BEFORE, **owner, moment=end)
    found = await tx.all(_LINES, **owner, start=start, end=end)
    lines: list[StatementLine] = []
    balance = opening.total
    for transfer in found[:MOST_LINES]:
        effect = effect_of(transfer)
        balance += effect
        lines.append(StatementLine(transfer, effect, balance))
    return Statement(
        project_id, program_id, owner_id, unit, start, end, opening, closing, lines, len(found) > MOST_LINES
    )


async def main_unit(tx: Reading, project_id: str, program_id: str) -> str:
    """Return the program's currency."""
    return (await settings_of(tx, project_id, program_id)).currency


async def units_of(tx: Reading, *, project_id: str, program_id: str, owner_id: str) -> list[str]:
    """Return the currencies in which an owner ever earned: there is a statement for each."""
    return await tx.all(_UNITS, project_id=project_id, program_id=program_id, owner_id=owner_id)


async def months_of(
    tx: Reading, *, project_id: str, program_id: str, owner_id: str, unit: str, at: datetime
) -> list[str]:
    """Return the months that have a statement, newest first, at most the last twelve; `at` is the team's time."""
    first = await tx.first(_FIRST, project_id=project_id, program_id=program_id, owner_id=owner_id, unit=unit)
    found: list[str] = []
    month = f"{at:%Y-%m}"
    while len(found) < _MONTHS and (not found or (first is not None and month >= f"{first:%Y-%m}")):
        found.append(month)
        month = before(month)
    return found


def effect_of(transfer: Transfer) -> int:
    """Return what a transfer does to what is owed, in minor units; 0 for one that only moves it."""
    return (transfer.amount if transfer.credit in _OWED else 0) - (transfer.amount if transfer.debit in _OWED else 0)


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return where a month such as `2026-11` begins and where it ends, in UTC."""
    year, _, number = month.partition("-")
    digits = f"{year}{number}"
    if len(year) != 4 or len(number) != 2 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - digits of a date
        raise Invalid("A month is written like 2026-11.")
    if not 1 <= int(number) <= 12 or not _FIRST_YEAR <= int(year) <= _LAST_YEAR:  # noqa: PLR2004 - months of a year
        raise Invalid("A month is written like 2026-11.")
    start = datetime(int(year), int(number), 1, tzinfo=UTC)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start, end


def require_begun(month: str, at: datetime) -> str:
    """Return a month that has begun at the team's time `at`; `NotFound` for one to come, `Invalid` for what is none."""
    start, _ = month_bounds(month)
    if start > at:
        raise NotFound(f"There is no statement for {month} yet: that month has not begun.")
    return month


def before(month: str) -> str:
    """Return the month before a month."""
    start, _ = month_bounds(month)
    return f"{start.year - 1}-12" if start.month == 1 else f"{start.year}-{start.month - 1:02d}"
