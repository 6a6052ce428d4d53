"""Invitations: a person of an address is asked into a team, by a link that works once and for seven days.

Only the hash of the link's token is stored. Whoever holds the token reads the mail of that address, and must be signed in
with it to accept: a link that was passed on opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from billfold.domain.tenancy.teams import teams
from billfold.domain.tenancy.users import users
from billfold.infrastructure.db.statements import metadata
from billfold.infrastructure.db.types import Moment

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_normalised", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    sa.Column("invited_by", sa.Text, sa.ForeignKey(users.c.id), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("accepted_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.CheckConstraint("role IN ('viewer', 'member', 'admin', 'owner')", name="role"),
    sa.UniqueConstraint("token_hash"),
)
_open = sa.and_(invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None))
# One open invitation for each address: a second one renews it or is refused.
sa.Index(
    "ix_invitations_open",
    invitations.c.team_id,
    invitations.c.email_normalised,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it is stored; `invited_by` is a user."""

    id: str
    team_id: str
    email: str
    email_normalised: str
    role: str
    token_hash: str
    invited_by: str
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime
