"""The monthly free allowance of a unit: a setting of the project, the same for each of its customers.

An allowance is a quota and no money: it is not in the ledger, does not pile up, and what a wallet used of it in a month
stands in the wallet's own row (`wallets.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.errors import Conflict
from billfold.domain.tenancy.audit_log import Actor, record
from billfold.domain.tenancy.projects import projects
from billfold.domain.wallets.rules import checked_unit
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query
from billfold.infrastructure.db.types import Moment

# An app has a handful of units; every list of a customer's wallets shows all of them.
LARGEST_UNITS: Final = 100

wallet_settings = sa.Table(
    "wallet_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("monthly_allowance", sa.BigInteger, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("monthly_allowance >= 0", name="monthly_allowance"),
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What each customer may spend of a unit in a calendar month (UTC, team's time) before bonus credits are drawn."""

    project_id: str
    unit: str
    monthly_allowance: int
    updated_at: datetime


_s: Final = wallet_settings.c
_LIST: Final = query(
    sa.select(*_s).where(_s.project_id == sa.bindparam("project_id")).order_by(_s.unit).limit(LARGEST_UNITS + 1),
    Allowance,
)
_new = insert(wallet_settings).values(
    project_id=sa.bindparam("project_id"),
    unit=sa.bindparam("unit"),
    monthly_allowance=sa.bindparam("monthly_allowance"),
    updated_at=sa.bindparam("updated_at", type_=Moment()),
)
_SET: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id", "unit"],
        set_={"monthly_allowance": _new.excluded.monthly_allowance, "updated_at": _new.excluded.updated_at},
    )
)


async def list_allowances(tx: Reading, project_id: str) -> list[Allowance]:
    """Return the project's settings in the order of their units."""
    return await tx.all(_LIST, project_id=project_id)


async def set_allowance(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    unit: str,
    monthly_allowance: int,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> list[Allowance]:
    """Set the allowance of a unit from now on, 0 for none, write who did it, and return all settings of the project.

    A higher one can be spent this month already; a lower one takes nothing back. `Conflict` beyond 100 units.
    """
    await tx.run(
        _SET, project_id=project_id, unit=checked_unit(unit), monthly_allowance=monthly_allowance, updated_at=at
    )
    settings = await list_allowances(tx, project_id)
    if len(settings) > LARGEST_UNITS:
        raise Conflict(f"A project has at most {LARGEST_UNITS} units.")
    await record(
        tx,
        team_id=team_id,
        project_id=project_id,
        actor=actor,
        action="wallet_settings.changed",
        subject=unit,
        details={"monthly_allowance": monthly_allowance},
        now=now,
    )
    return settings
