"""Wallets: what one customer holds of one unit. The row is what spends of a wallet take turns at.

The bonus credits themselves are grants (`grants.py`) and transfers in the ledger; this row keeps what was used of the
month's allowance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from billfold.domain.billing import customers
from billfold.domain.ledger.transfers import ledger_balances
from billfold.domain.ledger.wallets import WALLET
from billfold.domain.tenancy.projects import projects
from billfold.domain.wallets import rules
from billfold.domain.wallets.allowances import LARGEST_UNITS, list_allowances, wallet_settings
from billfold.domain.wallets.grants import OPEN, wallet_grants
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, insert_listed, listed, metadata, query, row_tuple
from billfold.infrastructure.db.types import Moment

wallets = sa.Table(
    "wallets",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.customers.c.id), primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    # The latest month in which allowance was drawn (`rules.month_of`), and how much of it.
    sa.Column("allowance_month", sa.BigInteger, nullable=False),
    sa.Column("allowance_used", sa.BigInteger, nullable=False),
    sa.CheckConstraint("allowance_used >= 0", name="allowance_used"),
)


class WalletId(NamedTuple):
    """Whose credits of which unit; sorts in the order in which wallets are locked."""

    project_id: str
    customer_id: str
    unit: str


@dataclass(frozen=True, slots=True)
class LockedWallet:
    """A wallet that this unit holds, with its project's setting, and whether its customer is still there."""

    project_id: str
    customer_id: str
    unit: str
    allowance_month: int
    allowance_used: int
    monthly_allowance: int
    customer_deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holding:
    """What a customer can spend of a unit at a moment of the team's time.

    `balance` are bonus credits; `allowance_left` comes on top of them until `allowance_renews_at`. `expiring` credits of
    the balance are lost at `expires_at`, the next moment at which any are.
    """

    unit: str
    balance: int
    monthly_allowance: int
    allowance_left: int
    allowance_renews_at: datetime | None
    expiring: int
    expires_at: datetime | None


_w: Final = wallets.c
_g: Final = wallet_grants.c
_customers: Final = customers.customers


def _held(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    with_settings = sa.and_(wallet_settings.c.project_id == _w.project_id, wallet_settings.c.unit == _w.unit)
    return (
        sa.select(
            _w.project_id,
            _w.customer_id,
            _w.unit,
            _w.allowance_month,
            _w.allowance_used,
            sa.func.coalesce(wallet_settings.c.monthly_allowance, 0).label("monthly_allowance"),
            _customers.c.deleted_at.label("customer_deleted_at"),
        )
        .select_from(
            wallets.join(_customers, _customers.c.id == _w.customer_id).outerjoin(wallet_settings, with_settings)
        )
        .where(
            _w.project_id == given["in_project"], _w.customer_id == given["of_customer"], _w.unit == given["in_unit"]
        )
        .order_by(_w.project_id, _w.customer_id, _w.unit)
        .with_for_update(of=wallets)
    )


_LOCK: Final = listed({"in_project": sa.Text(), "of_customer": sa.Text(), "in_unit": sa.Text()}, _held, LockedWallet)
_PROJECTS_OF_CUSTOMERS: Final = query(
    sa.select(_customers.c.project_id, _customers.c.id).where(
        any_of(_customers.c.project_id, "project_ids"), any_of(_customers.c.id, "customer_ids")
    ),
    row_tuple,
)
_OPEN_WALLETS: Final = insert_listed(
    wallets,
    [column.name for column in _w],
    lambda new: new.on_conflict_do_nothing().returning(_w.unit),
    str,
)
_at: Final = sa.bindparam("at", type_=Moment())
_LEDGER_UNITS: Final = query(
    sa.select(ledger_balances.c.unit)
    .where(
        ledger_balances.c.project_id == sa.bindparam("project_id"),
        ledger_balances.c.program_id == WALLET,
        ledger_balances.c.owner_id == sa.bindparam("customer_id"),
    )
    .order_by(ledger_balances.c.unit)
    .limit(LARGEST_UNITS),
    str,
)
_BALANCES: Final = query(
    sa.select(_g.unit, sa.func.sum(_g.remaining), sa.func.min(_g.expires_at))
    .where(
        _g.project_id == sa.bindparam("project_id"),
        _g.customer_id == sa.bindparam("customer_id"),
        OPEN,
        sa.or_(_g.expires_at.is_(None), _g.expires_at > _at),
    )
    .group_by(_g.unit),
    row_tuple,
)
_EXPIRING: Final = query(
    sa.select(_g.unit, _g.expires_at, sa.func.sum(_g.remaining))
    .where(
        _g.project_id == sa.bindparam("project_id"),
        _g.customer_id == sa.bindparam("customer_id"),
        OPEN,
        any_of(_g.expires_at, "moments"),
    )
    .group_by(_g.unit, _g.expires_at),
    row_tuple,
)
_USED: Final = query(
    sa.select(_w.unit, _w.allowance_month, _w.allowance_used).where(
        _w.project_id == sa.bindparam("project_id"), _w.customer_id == sa.bindparam("customer_id")
    ),
    row_tuple,
)


async def lock_wallets(tx: Writing, wanted: Collection[WalletId]) -> dict[WalletId, LockedWallet]:
    """Hold wallets until the unit ends, opening those that are new; one whose customer the project lacks is left out."""
    held = await _lock(tx, wanted)
    missing = [each for each in wanted if each not in held]
    if not missing:
        return held
    known = set(
        await tx.all(
            _PROJECTS_OF_CUSTOMERS,
            project_ids=sorted({each.project_id for each in missing}),
            customer_ids=sorted({each.customer_id for each in missing}),
        )
    )
    new = sorted(each for each in missing if each[:2] in known)
    if not new:
        return held
    await tx.insert_many(_OPEN_WALLETS, [{**each._asdict(), "allowance_month": 0, "allowance_used": 0} for each in new])
    return await _lock(tx, wanted)


async def holdings(tx: Reading, *, project_id: str, customer_id: str, at: datetime) -> list[Holding]:
    """Return what a live customer can spend, in the order of the units; `NotFound` without such a customer.

    Every unit that the customer ever held or that has an allowance is listed, at most 100 of each.
    """
    await customers.get(tx, project_id, customer_id)
    mine = {"project_id": project_id, "customer_id": customer_id}
    units = await tx.all(_LEDGER_UNITS, **mine)
    allowances = {each.unit: each.monthly_allowance for each in await list_allowances(tx, project_id)}
    used = {unit: (month, amount) for unit, month, amount in await tx.all(_USED, **mine)}
    # PostgreSQL sums whole numbers to a decimal.
    balances = {unit: (int(amount), first) for unit, amount, first in await tx.all(_BALANCES, **mine, at=at)}
    expiring = await _expiring(tx, mine, [first for _, first in balances.values() if first is not None])
    shown = []
    for unit in sorted({*units, *allowances}):
        amount, first = balances.get(unit, (0, None))
        month, spent = used.get(unit, (0, 0))
        funds = rules.Funds(allowances.get(unit, 0), month, spent, ())
        shown.append(
            Holding(
                unit=unit,
                balance=amount,
                monthly_allowance=funds.monthly_allowance,
                allowance_left=rules.allowance_left(funds, at),
                allowance_renews_at=rules.start_of_next_month(at) if funds.monthly_allowance else None,
                expiring=expiring.get((unit, first), 0),
                expires_at=first,
            )
        )
    return shown


async def _lock(tx: Writing, wanted: Collection[WalletId]) -> dict[WalletId, LockedWallet]:
    rows = [
        {"in_project": each.project_id, "of_customer": each.customer_id, "in_unit": each.unit}
        for each in sorted(wanted)
    ]
    return {WalletId(row.project_id, row.customer_id, row.unit): row for row in await tx.all_listed(_LOCK, rows)}


async def _expiring(tx: Reading, mine: Mapping[str, str], moments: Collection[datetime]) -> dict[tuple[Any, Any], int]:
    if not moments:
        return {}
    rows = await tx.all(_EXPIRING, **mine, moments=list(moments))
    return {(unit, moment): int(amount) for unit, moment, amount in rows}
