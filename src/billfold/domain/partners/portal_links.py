"""Portal links: with one of them a partner sees his page for 24 hours (contract section 3.6, A31).

The token in the link is 128 random bits, of which only the SHA-256 is kept. It may be opened as often as he likes until
it expires. It dies with the partner: the look-up joins his row, so a suspension ends every link in the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.base.ids import new_id, new_token
from billfold.domain.billing.customers import customers
from billfold.domain.partners.partners import ACTIVE, Partner, partners
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

LIVES: Final = timedelta(hours=24)
_TOKEN_BYTES: Final = 16

partner_portal_links = sa.Table(
    "partner_portal_links",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id), nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    # Both in the wall clock's time: a link is a matter of safety.
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.UniqueConstraint("token_hash"),
    sa.Index("ix_partner_portal_links_expires_at", "expires_at"),
    sa.Index("ix_partner_portal_links_partner_id", "project_id", "partner_id"),
)


@dataclass(frozen=True, slots=True)
class PartnerGuest(InTeamTime):
    """The partner whom a living token stands for, with what every page of the portal needs."""

    link_id: str
    team_id: str
    project_id: str
    partner_id: str
    customer_id: str
    expires_at: datetime
    email: str
    name: str | None
    project_name: str
    # The project's own, in which figures without a currency of their own are told.
    currency: str
    clock_offset_us: int


_ADD: Final = command(insert_row(partner_portal_links))
_FIND: Final = query(
    sa.select(
        partner_portal_links.c.id.label("link_id"),
        partners.c.team_id,
        partners.c.project_id,
        partners.c.id.label("partner_id"),
        partners.c.customer_id,
        partner_portal_links.c.expires_at,
        customers.c.email,
        customers.c.name,
        projects.c.name.label("project_name"),
        projects.c.currency,
        teams.c.clock_offset_us,
    )
    .join_from(
        partner_portal_links,
        partners,
        sa.and_(
            partners.c.project_id == partner_portal_links.c.project_id,
            partners.c.id == partner_portal_links.c.partner_id,
        ),
    )
    .join(customers, customers.c.id == partners.c.customer_id)
    .join(projects, projects.c.id == partners.c.project_id)
    .join(teams, teams.c.id == partners.c.team_id)
    .where(
        partner_portal_links.c.token_hash == sa.bindparam("token_hash"),
        partner_portal_links.c.expires_at > sa.bindparam("now", type_=Moment()),
        partners.c.status == ACTIVE,
        customers.c.deleted_at.is_(None),
        projects.c.deleted_at.is_(None),
        teams.c.deleted_at.is_(None),
    ),
    PartnerGuest,
)
_REVOKE: Final = command(
    sa.delete(partner_portal_links).where(
        partner_portal_links.c.project_id == sa.bindparam("project_id"),
        partner_portal_links.c.partner_id == sa.bindparam("partner_id"),
    )
)
_REVOKE_ONE: Final = command(
    sa.delete(partner_portal_links).where(
        partner_portal_links.c.project_id == sa.bindparam("project_id"),
        partner_portal_links.c.id == sa.bindparam("link_id"),
    )
)
_FORGET: Final = command(
    sa.delete(partner_portal_links).where(partner_portal_links.c.expires_at <= sa.bindparam("now", type_=Moment()))
)


async def open_link(tx: Writing, partner: Partner, *, now: datetime, lives: timedelta = LIVES) -> tuple[str, datetime]:
    """Make a link's token, which nobody can be told again, and return it with the moment at which it expires."""
    token = new_token(_TOKEN_BYTES)
    expires_at = now + lives
    await tx.run(
        _ADD,
        id=new_id("plink_"),
        project_id=partner.project_id,
        partner_id=partner.id,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=expires_at,
    )
    return token, expires_at


async def find_guest(tx: Reading, hashed: str, now: datetime) -> PartnerGuest | None:
    """Return whom a token's hash stands for; None if it is unknown or expired, or the partner is not active any more."""
    return await tx.first(_FIND, token_hash=hashed, now=now)


async def revoke_links(tx: Writing, project_id: str, partner_id: str) -> None:
    """End every link of a partner for good: one that he had before a suspension does not come back with it."""
    await tx.run(_REVOKE, project_id=project_id, partner_id=partner_id)


async def revoke_link(tx: Writing, project_id: str, link_id: str) -> None:
    """End one link, as its partner asks."""
    await tx.run(_REVOKE_ONE, project_id=project_id, link_id=link_id)


async def forget_expired_links(tx: Writing, *, now: datetime) -> int:
    """Delete the links that have expired; for a recurring job."""
    return await tx.run(_FORGET, now=now)
