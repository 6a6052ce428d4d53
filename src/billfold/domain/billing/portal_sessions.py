"""Portal sessions: a link with which one customer manages his own billing for a while (contract section 3.6, G15).

The token in the link is 128 random bits, of which only the SHA-256 is kept. Until it expires it may be used as often as he
likes. It dies with the customer: the look-up joins his row, so a deletion ends every link in the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.base.ids import new_id, new_token
from billfold.domain.billing import customers as customer_rows
from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

SHORTEST_TTL_MS: Final = 60_000
LONGEST_TTL_MS: Final = 86_400_000
USUAL_TTL_MS: Final = 3_600_000
_TOKEN_BYTES: Final = 16

portal_sessions = sa.Table(
    "portal_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    # Where the page's link back leads; NULL: where the project's branding says.
    sa.Column("return_url", sa.Text),
    # Both in the wall clock's time: a link is a matter of safety.
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.UniqueConstraint("token_hash"),
    sa.Index("ix_portal_sessions_expires_at", "expires_at"),
    sa.Index("ix_portal_sessions_customer", "project_id", "customer_id"),
)


@dataclass(frozen=True, slots=True)
class PortalSession:
    """A session as it is stored."""

    id: str
    team_id: str
    project_id: str
    customer_id: str
    token_hash: str
    return_url: str | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PortalGuest(InTeamTime):
    """The customer whom a living token stands for, with what every answer of the portal needs."""

    session_id: str
    team_id: str
    project_id: str
    customer_id: str
    return_url: str | None
    expires_at: datetime
    email: str
    name: str | None
    project_name: str
    # The project's own: in which a card is asked for where nothing else says.
    currency: str
    clock_offset_us: int


_ADD: Final = command(insert_row(portal_sessions))
_FIND: Final = query(
    sa.select(
        portal_sessions.c.id.label("session_id"),
        portal_sessions.c.team_id,
        portal_sessions.c.project_id,
        portal_sessions.c.customer_id,
        portal_sessions.c.return_url,
        portal_sessions.c.expires_at,
        customers.c.email,
        customers.c.name,
        projects.c.name.label("project_name"),
        projects.c.currency,
        teams.c.clock_offset_us,
    )
    .join(
        customers,
        sa.and_(
            customers.c.id == portal_sessions.c.customer_id, customers.c.project_id == portal_sessions.c.project_id
        ),
    )
    .join(projects, projects.c.id == portal_sessions.c.project_id)
    .join(teams, teams.c.id == portal_sessions.c.team_id)
    .where(
        portal_sessions.c.token_hash == sa.bindparam("token_hash"),
        portal_sessions.c.expires_at > sa.bindparam("now", type_=Moment()),
        customers.c.deleted_at.is_(None),
        projects.c.deleted_at.is_(None),
    ),
    PortalGuest,
)
_FORGET: Final = command(
    sa.delete(portal_sessions).where(portal_sessions.c.expires_at <= sa.bindparam("now", type_=Moment()))
)


async def open_session(
    tx: Writing,
    *,
    team_id: str,
    project_id: str,
    customer_id: str,
    return_url: str | None,
    ttl: timedelta,
    now: datetime,
) -> tuple[PortalSession, str]:
    """Make a session and return it with its token, which nobody can be told again; `NotFound` without the customer."""
    await customer_rows.get(tx, project_id, customer_id)
    token = new_token(_TOKEN_BYTES)
    session = PortalSession(
        id=new_id("portal_sess_"),
        team_id=team_id,
        project_id=project_id,
        customer_id=customer_id,
        token_hash=token_hash(token),
        return_url=return_url,
        created_at=now,
        expires_at=now + ttl,
    )
    await tx.run(_ADD, **values_of(session))
    return session, token


async def find_guest(tx: Reading, hashed: str, now: datetime) -> PortalGuest | None:
    """Return whom a token's hash stands for; None if it is unknown or expired, or its customer or project is gone."""
    return await tx.first(_FIND, token_hash=hashed, now=now)


async def forget_expired_sessions(tx: Writing, *, now: datetime) -> int:
    """Delete the sessions that have expired; for a recurring job."""
    return await tx.run(_FORGET, now=now)
