"""Invitations: a person of an address is asked into a team, by a link that works once and for seven days.

Only the hash of the link's token is stored. Whoever holds the token reads the mail of that address, and must be signed in
with it to accept: a link that was passed on opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.crypto import token_hash
from billfold.base.errors import Conflict, Forbidden, NotFound
from billfold.base.ids import new_id, new_token
from billfold.domain.tenancy.members import (
    MOST_MEMBERS,
    Member,
    Role,
    add_member,
    check_power,
    count_members,
    find_role,
    take_turn,
)
from billfold.domain.tenancy.teams import teams
from billfold.domain.tenancy.users import find_user, users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.mail.letters import mailable_address

GOOD_FOR: Final = timedelta(days=7)
_TOKEN_BYTES: Final = 32
_GONE: Final = "This invitation is not valid any more. Ask who invited you to send it again."

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


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page of an invitation's link shows: who is asked into which team, as what, by whom, until when."""

    invitation_id: str
    team_id: str
    team_name: str
    email: str
    role: str
    invited_by_email: str
    expires_at: datetime


_new = insert(invitations).values(
    {column.name: sa.bindparam(column.name, type_=column.type) for column in invitations.c}
)
# One that ran out makes room for the new one; an open one stays as it is, and nothing is returned.
_ADD: Final = query(
    _new.on_conflict_do_update(
        index_elements=["team_id", "email_normalised"],
        index_where=_open,
        set_={
            name: _new.excluded[name]
            for name in ("id", "email", "role", "token_hash", "invited_by", "expires_at", "created_at")
        },
        where=invitations.c.expires_at <= sa.bindparam("now", type_=Moment()),
    ).returning(invitations.c.id),
    str,
)
_OF_TEAM: Final = query(
    sa.select(*invitations.c)
    .where(invitations.c.team_id == sa.bindparam("of_team"), _open)
    .order_by(invitations.c.email_normalised),
    Invitation,
)
_COUNT: Final = query(
    sa.select(sa.func.count()).select_from(invitations).where(invitations.c.team_id == sa.bindparam("of_team"), _open),
    int,
)
_this = sa.and_(
    invitations.c.id == sa.bindparam("invitation_id"), invitations.c.team_id == sa.bindparam("of_team"), _open
)
_LOCK: Final = query(sa.select(*invitations.c).where(_this).with_for_update(), Invitation)
_RENEW: Final = query(
    sa.update(invitations)
    .where(_this)
    .values(token_hash=sa.bindparam("new_hash"), expires_at=sa.bindparam("new_expires_at", type_=Moment()))
    .returning(*invitations.c),
    Invitation,
)
_REVOKE: Final = query(
    sa.update(invitations).where(_this).values(revoked_at=sa.bindparam("at", type_=Moment())).returning(*invitations.c),
    Invitation,
)
_living = sa.and_(
    invitations.c.token_hash == sa.bindparam("wanted_hash"),
    _open,
    invitations.c.expires_at > sa.bindparam("now", type_=Moment()),
)
_OFFER: Final = query(
    sa.select(
        invitations.c.id.label("invitation_id"),
        invitations.c.team_id,
        teams.c.name.label("team_name"),
        invitations.c.email,
        invitations.c.role,
        users.c.email.label("invited_by_email"),
        invitations.c.expires_at,
    )
    .select_from(
        invitations.join(teams, teams.c.id == invitations.c.team_id).join(users, users.c.id == invitations.c.invited_by)
    )
    .where(_living, teams.c.deleted_at.is_(None)),
    Offer,
)
_ACCEPT: Final = query(
    sa.update(invitations)
    .where(_living)
    .values(accepted_at=sa.bindparam("now", type_=Moment()))
    .returning(*invitations.c),
    Invitation,
)


async def invite(
    tx: Writing, *, team_id: str, email: str, role: Role, by: str, now: datetime
) -> tuple[Invitation, str]:
    """Invite an address into a team and return the token of the link, which is told this once only.

    `by` is the user who does it: admins invite viewers and members, owners everybody (contract G7). Raises `Forbidden`,
    `Invalid` for what is no address, `Conflict` for who is in the team or has an open invitation.
    """
    check_power(await take_turn(tx, team_id=team_id, user_id=by), role)
    email = mailable_address(email.strip())
    user = await find_user(tx, email)
    if user is not None and await find_role(tx, team_id, user.id) is not None:
        raise Conflict(f"{email} is in this team already.")
    if await count_members(tx, team_id) + await tx.one(_COUNT, of_team=team_id) >= MOST_MEMBERS:
        raise Conflict(f"A team has at most {MOST_MEMBERS} members and open invitations.")
    token = new_token(_TOKEN_BYTES)
    invitation = Invitation(
        id=new_id("inv_"),
        team_id=team_id,
        email=email,
        email_normalised=email.lower(),
        role=role.value,
        token_hash=token_hash(token),
        invited_by=by,
        expires_at=now + GOOD_FOR,
        accepted_at=None,
        revoked_at=None,
        created_at=now,
    )
    if await tx.first(_ADD, **values_of(invitation), now=now) is None:
        raise Conflict(f"{email} has an open invitation already: send it again, or revoke it first.")
    return invitation, token


async def renew_invitation(
    tx: Writing, *, team_id: str, invitation_id: str, by: str, now: datetime
) -> tuple[Invitation, str]:
    """Give an open invitation another token and seven more days; the link that was sent before is dead."""
    await _decide(tx, team_id=team_id, invitation_id=invitation_id, by=by)
    token = new_token(_TOKEN_BYTES)
    renewed = await tx.first(
        _RENEW,
        invitation_id=invitation_id,
        of_team=team_id,
        new_hash=token_hash(token),
        new_expires_at=now + GOOD_FOR,
    )
    if renewed is None:
        raise NotFound("Invitation not found.")
    return renewed, token


async def revoke_invitation(tx: Writing, *, team_id: str, invitation_id: str, by: str, now: datetime) -> Invitation:
    """Take an open invitation back; `NotFound` if the team has none of that id."""
    await _decide(tx, team_id=team_id, invitation_id=invitation_id, by=by)
    revoked = await tx.first(_REVOKE, invitation_id=invitation_id, of_team=team_id, at=now)
    if revoked is None:
        raise NotFound("Invitation not found.")
    return revoked


async def open_invitations(tx: Reading, team_id: str) -> list[Invitation]:
    """Return the invitations that wait for an answer, by address; those that ran out too, until they are revoked."""
    return await tx.all(_OF_TEAM, of_team=team_id)


async def find_offer(tx: Reading, token: str, *, now: datetime) -> Offer | None:
    """Return what a link offers, None if it is unknown, used, revoked or older than seven days."""
    return await tx.first(_OFFER, wanted_hash=token_hash(token), now=now)


async def accept_invitation(tx: Writing, *, token: str, user_id: str, email: str, now: datetime) -> Member:
    """Take a signed-in person into the team that a link offers; the link works this once.

    Raises `NotFound` for a link that is not good (any more), `Forbidden` if it was sent to another address than the person's,
    `Conflict` if the person is in the team already.
    """
    offer = await find_offer(tx, token, now=now)
    if offer is None:
        raise NotFound(_GONE)
    if offer.email.lower() != email.strip().lower():
        raise Forbidden("This invitation is for another e-mail address: sign in with the address that it was sent to.")
    accepted = await tx.first(_ACCEPT, wanted_hash=token_hash(token), now=now)
    if accepted is None:
        raise NotFound(_GONE)
    if await find_role(tx, offer.team_id, user_id) is not None:
        raise Conflict("You are in this team already.")
    return await add_member(tx, team_id=offer.team_id, user_id=user_id, role=Role(accepted.role), now=now)


async def _decide(tx: Writing, *, team_id: str, invitation_id: str, by: str) -> None:
    """Check that the person may decide about this invitation, and hold it."""
    acting = await take_turn(tx, team_id=team_id, user_id=by)
    invitation = await tx.first(_LOCK, invitation_id=invitation_id, of_team=team_id)
    if invitation is None:
        raise NotFound("Invitation not found.")
    check_power(acting, Role(invitation.role))
