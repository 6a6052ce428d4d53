"""For how long a project protects a deal, and how often its partner may renew it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

# Contract section 6: an accepted deal expires after 90 days.
DEFAULT_PROTECTION_DAYS: Final = 90
DEFAULT_RENEWALS: Final = 1
MOST_PROTECTION_DAYS: Final = 365
MOST_RENEWALS: Final = 10

deal_settings = sa.Table(
    "deal_settings",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("protection_days", sa.BigInteger, nullable=False),
    sa.Column("renewals_max", sa.BigInteger, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class DealSettings:
    """`protection_days` count from the registration, and again from the acceptance and from each renewal."""

    project_id: str
    enabled: bool
    protection_days: int
    renewals_max: int
    updated_at: datetime


_FIND: Final = query(
    sa.select(*deal_settings.c).where(deal_settings.c.project_id == sa.bindparam("project_id")), DealSettings
)
_new = insert_row(deal_settings)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={name: _new.excluded[name] for name in ("enabled", "protection_days", "renewals_max", "updated_at")},
    )
)


async def get_deal_settings(tx: Reading, project_id: str, *, at: datetime) -> DealSettings:
    """Return a project's settings; what they are before anybody decided, if nobody did."""
    found = await tx.first(_FIND, project_id=project_id)
    return found or DealSettings(
        project_id, enabled=True, protection_days=DEFAULT_PROTECTION_DAYS, renewals_max=DEFAULT_RENEWALS, updated_at=at
    )


async def put_deal_settings(tx: Writing, settings: DealSettings) -> DealSettings:
    """Store a project's settings; deals that exist keep their dates. Raises `Invalid` for what is out of bounds."""
    if not 1 <= settings.protection_days <= MOST_PROTECTION_DAYS:
        raise Invalid(f"protectionDays must be a whole number from 1 to {MOST_PROTECTION_DAYS}.")
    if not 0 <= settings.renewals_max <= MOST_RENEWALS:
        raise Invalid(f"renewalsMax must be a whole number from 0 to {MOST_RENEWALS}.")
    await tx.run(_PUT, **values_of(settings))
    return settings
