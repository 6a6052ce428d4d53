"""Deals: leads that partners register; one who pays within the window counts as theirs (affiliate contract, section 6).

*pending* waits for the team; *accepted* protects the lead until it expires; *won* is one whose lead has paid, *declined* and
*expired* protect nothing. One open deal for a mailbox, and one accepted deal for a company's domain, are unique indexes: of two
claims at once the first one stands (A30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.paging import Page
from billfold.domain.partners.partners import partners
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import metadata, query
from billfold.infrastructure.db.types import Moment

PENDING: Final = "pending"
ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
WON: Final = "won"
EXPIRED: Final = "expired"
STATUSES: Final = (PENDING, ACCEPTED, DECLINED, WON, EXPIRED)
_OPEN: Final = sa.text("status IN ('pending', 'accepted')")
_PROTECTED: Final = sa.text("status = 'accepted' AND company_domain IS NOT NULL")
# As many rivals of one claim as a person can compare.
_MOST_RIVALS: Final = 20

deals = sa.Table(
    "deals",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id), nullable=False),
    sa.Column("lead_email", sa.Text, nullable=False),
    # The same for all spellings of one mailbox.
    sa.Column("lead_mailbox", sa.Text, nullable=False),
    sa.Column("lead_name", sa.Text),
    sa.Column("company", sa.Text),
    # Of an organisation, never of a provider where anybody may have a mailbox.
    sa.Column("company_domain", sa.Text),
    sa.Column("notes", sa.Text),
    # In minor units of the project's currency, as the partner guesses it.
    sa.Column("estimated_value_cents", sa.BigInteger),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("renewals", sa.BigInteger, nullable=False),
    sa.Column("decline_reason", sa.Text),
    sa.Column("reviewed_by", sa.Text),
    sa.Column("reviewed_at", Moment),
    # The lead as a customer, once he has paid.
    sa.Column("customer_id", sa.Text),
    sa.Column("won_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.CheckConstraint("status IN ('pending', 'accepted', 'declined', 'won', 'expired')", name="status"),
    sa.Index("uq_deals_lead", "project_id", "lead_mailbox", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index(
        "uq_deals_domain",
        "project_id",
        "company_domain",
        unique=True,
        sqlite_where=_PROTECTED,
        postgresql_where=_PROTECTED,
    ),
    sa.Index("ix_deals_status", "project_id", "status", "created_at", "id"),
    sa.Index("ix_deals_created", "project_id", "created_at", "id"),
    sa.Index("ix_deals_company", "project_id", "company_domain", "status"),
    sa.Index("ix_deals_partner", "partner_id", "created_at", "id"),
    sa.Index("ix_deals_expiry", "team_id", "expires_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
)


@dataclass(frozen=True, slots=True)
class Deal:
    """A registered lead; moments are in the team's time, `estimated_value_cents` in minor units."""

    id: str
    team_id: str
    project_id: str
    partner_id: str
    lead_email: str
    lead_mailbox: str
    lead_name: str | None
    company: str | None
    company_domain: str | None
    notes: str | None
    estimated_value_cents: int | None
    status: str
    expires_at: datetime
    renewals: int
    decline_reason: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    customer_id: str | None
    won_at: datetime | None
    created_at: datetime
    updated_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Tell whether the claim still stands at a moment of the team's time."""
        return self.status in {PENDING, ACCEPTED} and self.expires_at > at


_in_project = deals.c.project_id == sa.bindparam("project_id")
_has_status = deals.c.status == sa.bindparam("status")
_of_partner = deals.c.partner_id == sa.bindparam("partner_id")


def _listed(*conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(*deals.c)
        .where(_in_project, *conditions)
        .order_by(deals.c.created_at.desc(), deals.c.id.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer()))
        .offset(sa.bindparam("offset", type_=sa.Integer()))
    )


_counted = sa.select(sa.func.count()).select_from(deals).where(_in_project)
_GET: Final = query(sa.select(*deals.c).where(_in_project, deals.c.id == sa.bindparam("deal_id")), Deal)
_LIST: Final = query(_listed(), Deal)
_LIST_WITH_STATUS: Final = query(_listed(_has_status), Deal)
_LIST_OF_PARTNER: Final = query(_listed(_of_partner), Deal)
_COUNT: Final = query(_counted, int)
_COUNT_WITH_STATUS: Final = query(_counted.where(_has_status), int)
_COUNT_OF_PARTNER: Final = query(_counted.where(_of_partner), int)
_RIVALS: Final = query(
    sa.select(*deals.c)
    .where(
        _in_project,
        deals.c.company_domain == sa.bindparam("company_domain"),
        deals.c.status.in_([sa.literal_column("'pending'"), sa.literal_column("'accepted'")]),
        deals.c.id != sa.bindparam("deal_id"),
    )
    .order_by(deals.c.created_at, deals.c.id)
    .limit(_MOST_RIVALS),
    Deal,
)


async def find_deal(tx: Reading, project_id: str, deal_id: str) -> Deal | None:
    """Return a deal of the project."""
    return await tx.first(_GET, project_id=project_id, deal_id=deal_id)


async def get_deal(tx: Reading, project_id: str, deal_id: str) -> Deal:
    """Return a deal of the project or raise `NotFound`, for another project's too."""
    found = await find_deal(tx, project_id, deal_id)
    if found is None:
        raise NotFound("Deal not found.")
    return found


async def get_deal_of_partner(tx: Reading, project_id: str, partner_id: str, deal_id: str) -> Deal:
    """As `get_deal`, for a partner: another partner's deal is not found either."""
    found = await find_deal(tx, project_id, deal_id)
    if found is None or found.partner_id != partner_id:
        raise NotFound("Deal not found.")
    return found


async def list_deals(tx: Reading, project_id: str, page: Page, *, status: str | None = None) -> tuple[list[Deal], int]:
    """Return a page of deals, newest first, and how many there are."""
    limits = {"project_id": project_id, "limit": page.limit, "offset": page.offset}
    if status is None:
        return await tx.all(_LIST, **limits), await tx.one(_COUNT, project_id=project_id)
    found = await tx.all(_LIST_WITH_STATUS, **limits, status=status)
    return found, await tx.one(_COUNT_WITH_STATUS, project_id=project_id, status=status)


async def deals_of_partner(tx: Reading, project_id: str, partner_id: str, page: Page) -> tuple[list[Deal], int]:
    """Return a page of a partner's own deals, newest first, and how many there are."""
    found = await tx.all(
        _LIST_OF_PARTNER, project_id=project_id, partner_id=partner_id, limit=page.limit, offset=page.offset
    )
    return found, await tx.one(_COUNT_OF_PARTNER, project_id=project_id, partner_id=partner_id)


async def rivals_of(tx: Reading, deal: Deal) -> list[Deal]:
    """Return the other open claims on the same company, oldest first: what a conflict shows side by side."""
    if deal.company_domain is None:
        return []
    return await tx.all(_RIVALS, project_id=deal.project_id, company_domain=deal.company_domain, deal_id=deal.id)
