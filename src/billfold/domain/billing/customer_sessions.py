"""Customers' own sessions: what a customer of a project holds who proved himself to us instead of to the project's login.

Only the SHA-256 of a session's token is stored. Times are the wall clock's: a session is about security, not business.
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
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

PREFIX: Final = "bcs_"
LIVES: Final = timedelta(days=30)
_BYTES_OF_CHANCE: Final = 32

customer_sessions = sa.Table(
    "customer_sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("customer_id", sa.Text, sa.ForeignKey(customers.c.id), nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.UniqueConstraint("token_hash"),
    sa.Index("ix_customer_sessions_customer_id", "customer_id"),
)


@dataclass(frozen=True, slots=True)
class SessionCustomer:
    """Whose session it is; `clock_offset_us` is how far the team's time is ahead of the wall clock, in microseconds."""

    session_id: str
    team_id: str
    project_id: str
    customer_id: str
    clock_offset_us: int


_ADD: Final = command(insert_row(customer_sessions))
_good = (
    sa.select(
        customer_sessions.c.id.label("session_id"),
        customer_sessions.c.team_id,
        customer_sessions.c.project_id,
        customer_sessions.c.customer_id,
        teams.c.clock_offset_us,
    )
    .select_from(
        customer_sessions.join(customers, customers.c.id == customer_sessions.c.customer_id)
        .join(projects, projects.c.id == customer_sessions.c.project_id)
        .join(teams, teams.c.id == customer_sessions.c.team_id)
    )
    .where(
        customer_sessions.c.revoked_at.is_(None),
        customer_sessions.c.expires_at > sa.bindparam("moment", type_=Moment()),
        customers.c.deleted_at.is_(None),
        projects.c.deleted_at.is_(None),
        teams.c.deleted_at.is_(None),
    )
)
_FIND: Final = query(_good.where(customer_sessions.c.token_hash == sa.bindparam("hash")), SessionCustomer)
_FIND_BY_ID: Final = query(
    _good.where(
        customer_sessions.c.project_id == sa.bindparam("owner_project_id"),
        customer_sessions.c.id == sa.bindparam("session_id"),
    ),
    SessionCustomer,
)
_REVOKE: Final = command(
    sa.update(customer_sessions)
    .where(
        customer_sessions.c.project_id == sa.bindparam("owner_project_id"),
        customer_sessions.c.id == sa.bindparam("session_id"),
        customer_sessions.c.revoked_at.is_(None),
    )
    .values(revoked_at=sa.bindparam("moment", type_=Moment()))
)


async def create_customer_session(
    tx: Writing, *, project_id: str, customer_id: str, now: datetime, lives: timedelta = LIVES
) -> str:
    """Create a session and return its token, which is told this once only; `NotFound` if there is no such customer."""
    _, token = await open_customer_session(tx, project_id=project_id, customer_id=customer_id, now=now, lives=lives)
    return token


async def open_customer_session(
    tx: Writing, *, project_id: str, customer_id: str, now: datetime, lives: timedelta = LIVES
) -> tuple[str, str]:
    """As `create_customer_session`, with the session's id before its token: what a signed token of ours names it by."""
    customer = await customer_rows.get(tx, project_id, customer_id)
    token = PREFIX + new_token(_BYTES_OF_CHANCE)
    session_id = new_id("cs_")
    await tx.run(
        _ADD,
        id=session_id,
        team_id=customer.team_id,
        project_id=project_id,
        customer_id=customer_id,
        token_hash=token_hash(token),
        created_at=now,
        expires_at=now + lives,
        revoked_at=None,
    )
    return session_id, token


async def find_customer_session_by_id(
    tx: Reading, project_id: str, session_id: str, now: datetime
) -> SessionCustomer | None:
    """As `find_customer_session`, for a session that a token signed by us names."""
    return await tx.first(_FIND_BY_ID, owner_project_id=project_id, session_id=session_id, moment=now)


async def find_customer_session(tx: Reading, token: str, now: datetime) -> SessionCustomer | None:
    """Return whose session a raw token is, if it is good now and the customer and the project still exist."""
    return await tx.first(_FIND, hash=token_hash(token), moment=now)


async def revoke_customer_session(tx: Writing, *, project_id: str, session_id: str, now: datetime) -> bool:
    """End a session for good; False if the project has no such session that is open."""
    return bool(await tx.run(_REVOKE, owner_project_id=project_id, session_id=session_id, moment=now))
