"""Signed-in browsers and programs: a random token in a cookie, of which only the SHA-256 is stored.

A session that the person keeps ends 30 days after it was last seen, and 90 days after it began at the latest; one that is not
kept ends after 12 hours, and after a week. A revoked session is a deleted row, so it is out with the next request.
All moments are the wall clock's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.base.errors import NotFound
from billfold.base.ids import new_id, new_token
from billfold.domain.tenancy.users import users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

KEPT_IDLE: Final = timedelta(days=30)
KEPT_AT_MOST: Final = timedelta(days=90)
UNKEPT_IDLE: Final = timedelta(hours=12)
UNKEPT_AT_MOST: Final = timedelta(days=7)
# How long a password or link that was right waits for the second factor.
UNFINISHED: Final = timedelta(minutes=15)
# "Last seen" answers a person's question, so minutes will do; a write for each request would cost more than the request.
SEEN_EVERY: Final = timedelta(minutes=5)
_TOKEN_BYTES: Final = 32
_LONGEST_USER_AGENT: Final = 300
_LONGEST_ADDRESS: Final = 45
# One person's list; whoever signs in more often loses the sessions that were quiet longest.
_MOST_SESSIONS: Final = 50

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id), nullable=False),
    sa.Column("token_hash", sa.Text, nullable=False),
    # False: the person has a second factor and has not shown it yet. Such a session may do nothing else.
    sa.Column("second_factor_passed", sa.Boolean, nullable=False),
    sa.Column("is_kept", sa.Boolean, nullable=False),
    # Where and with what it was last seen.
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("user_agent", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_seen_at", Moment, nullable=False),
    # Slides with last_seen_at, never beyond ends_at.
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.UniqueConstraint("token_hash"),
    sa.Index("ix_sessions_user_id_last_seen_at", "user_id", "last_seen_at"),
    sa.Index("ix_sessions_expires_at", "expires_at"),
)


@dataclass(frozen=True, slots=True)
class SessionCaller:
    """Who a session's token belongs to.

    `csrf_key` is what the forms' tokens are made from; it never leaves the server.
    """

    session_id: str
    user_id: str
    email: str
    second_factor_passed: bool
    is_kept: bool
    csrf_key: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as its person sees it."""

    id: str
    address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


_ADD: Final = command(insert_row(sessions))
_alive = sessions.c.expires_at > sa.bindparam("now", type_=Moment())
_with_email = (
    sa.select(
        sessions.c.id.label("session_id"),
        sessions.c.user_id,
        users.c.email,
        sessions.c.second_factor_passed,
        sessions.c.is_kept,
        sessions.c.token_hash.label("csrf_key"),
        sessions.c.address,
        sessions.c.created_at,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
        sessions.c.ends_at,
    )
    .join_from(sessions, users, users.c.id == sessions.c.user_id)
    .where(_alive)
)
_FIND: Final = query(_with_email.where(sessions.c.token_hash == sa.bindparam("wanted_hash")), SessionCaller)
_FIND_BY_ID: Final = query(
    _with_email.where(sessions.c.id == sa.bindparam("session_id"), sessions.c.user_id == sa.bindparam("owner_user_id")),
    SessionCaller,
)
_OF_USER: Final = query(
    sa.select(
        sessions.c.id,
        sessions.c.address,
        sessions.c.user_agent,
        sessions.c.created_at,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
    )
    .where(sessions.c.user_id == sa.bindparam("of_user"), _alive)
    .order_by(sessions.c.last_seen_at.desc())
    .limit(_MOST_SESSIONS),
    ListedSession,
)
# A later look never moves it back, and an ended session is not brought back to life.
_NOTE_SEEN: Final = command(
    sa.update(sessions)
    .where(
        sessions.c.id == sa.bindparam("session_id"),
        sessions.c.last_seen_at < sa.bindparam("seen_at", type_=Moment()),
        sessions.c.expires_at > sa.bindparam("seen_at", type_=Moment()),
    )
    .values(
        last_seen_at=sa.bindparam("seen_at", type_=Moment()),
        expires_at=sa.bindparam("new_expires_at", type_=Moment()),
        address=sa.bindparam("seen_address"),
    )
)
_RENEW: Final = command(
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session_id"), _alive)
    .values(token_hash=sa.bindparam("new_hash"))
)
_PASS: Final = command(
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session_id"), _alive)
    .values(
        token_hash=sa.bindparam("new_hash"),
        second_factor_passed=True,
        last_seen_at=sa.bindparam("now", type_=Moment()),
        expires_at=sa.bindparam("new_expires_at", type_=Moment()),
    )
)
_REVOKE: Final = command(
    sa.delete(sessions).where(
        sessions.c.id == sa.bindparam("session_id"), sessions.c.user_id == sa.bindparam("owner_user_id")
    )
)
_END: Final = command(sa.delete(sessions).where(sessions.c.id == sa.bindparam("session_id")))
_REVOKE_ALL: Final = command(
    sa.delete(sessions).where(
        sessions.c.user_id == sa.bindparam("owner_user_id"), sessions.c.id != sa.bindparam("spared_session_id")
    )
)
# Those that wait for a second factor end by themselves; whoever only knows the password must not push others out.
_surplus = (
    sa.select(sessions.c.id)
    .where(sessions.c.user_id == sa.bindparam("owner_user_id"), sessions.c.second_factor_passed.is_(True))
    .order_by(sessions.c.last_seen_at.desc())
    .limit(_MOST_SESSIONS)
    .offset(_MOST_SESSIONS)
)
_DROP_SURPLUS: Final = command(
    sa.delete(sessions).where(sessions.c.user_id == sa.bindparam("owner_user_id"), sessions.c.id.in_(_surplus))
)
_FORGET: Final = command(sa.delete(sessions).where(sessions.c.expires_at <= sa.bindparam("now", type_=Moment())))


async def create_session(
    tx: Writing,
    *,
    user_id: str,
    address: str,
    user_agent: str,
    now: datetime,
    second_factor_passed: bool = True,
    is_kept: bool = True,
) -> str:
    """Begin a session and return its token, which is told this once only.

    Always a new token: what a browser brought along before it signed in is worth nothing afterwards.
    """
    token = new_token(_TOKEN_BYTES)
    idle = _idle(is_kept=is_kept) if second_factor_passed else UNFINISHED
    await tx.run(
        _ADD,
        id=new_id("session_"),
        user_id=user_id,
        token_hash=token_hash(token),
        second_factor_passed=second_factor_passed,
        is_kept=is_kept,
        address=address[:_LONGEST_ADDRESS],
        user_agent=_printable(user_agent)[:_LONGEST_USER_AGENT],
        created_at=now,
        last_seen_at=now,
        expires_at=now + idle,
        ends_at=now + (KEPT_AT_MOST if is_kept else UNKEPT_AT_MOST),
    )
    await tx.run(_DROP_SURPLUS, owner_user_id=user_id)
    return token


async def find_session(tx: Reading, wanted_hash: str, now: datetime) -> SessionCaller | None:
    """Return whose token has this SHA-256, or None if there is no such session any more."""
    return await tx.first(_FIND, wanted_hash=wanted_hash, now=now)


async def find_session_by_id(tx: Reading, session_id: str, user_id: str, now: datetime) -> SessionCaller | None:
    """Return a person's living session that a token signed by us names; a second factor may still be missing."""
    return await tx.first(_FIND_BY_ID, session_id=session_id, owner_user_id=user_id, now=now)


def is_to_be_noted(session: SessionCaller, now: datetime) -> bool:
    """Tell whether the session was last seen so long ago that `note_seen` should be called."""
    return session.second_factor_passed and now - session.last_seen_at >= SEEN_EVERY


async def note_seen(tx: Writing, session: SessionCaller, *, address: str, now: datetime) -> None:
    """Remember that a session was used, which moves its end."""
    await tx.run(
        _NOTE_SEEN,
        session_id=session.session_id,
        seen_at=now,
        new_expires_at=min(now + _idle(is_kept=session.is_kept), session.ends_at),
        seen_address=address[:_LONGEST_ADDRESS],
    )


async def renew(tx: Writing, session_id: str, *, now: datetime) -> str:
    """Give a session a new token and return it; the old one is worth nothing from here on.

    For the caller's own session when its power changes. Raises `NotFound` if the session has ended.
    """
    token = new_token(_TOKEN_BYTES)
    if not await tx.run(_RENEW, session_id=session_id, new_hash=token_hash(token), now=now):
        raise NotFound("This session has ended.")
    return token


async def pass_second_factor(tx: Writing, session: SessionCaller, *, now: datetime) -> str:
    """Note that the second factor was shown, and return the session's new token; `NotFound` if it has ended."""
    token = new_token(_TOKEN_BYTES)
    expires_at = min(now + _idle(is_kept=session.is_kept), session.ends_at)
    passed = await tx.run(
        _PASS, session_id=session.session_id, new_hash=token_hash(token), now=now, new_expires_at=expires_at
    )
    if not passed:
        raise NotFound("This session has ended.")
    return token


async def sessions_of_user(tx: Reading, user_id: str, *, now: datetime) -> list[ListedSession]:
    """Return a person's living sessions, the one seen last first."""
    return await tx.all(_OF_USER, of_user=user_id, now=now)


async def revoke_session(tx: Writing, *, user_id: str, session_id: str) -> None:
    """End one of a person's sessions; `NotFound` if it is not his, or ended before."""
    if not await tx.run(_REVOKE, session_id=session_id, owner_user_id=user_id):
        raise NotFound("This session has ended.")


async def end_session(tx: Writing, session_id: str) -> None:
    """End a session whose token was shown; one that ended before is no error."""
    await tx.run(_END, session_id=session_id)


async def revoke_sessions_of_user(tx: Writing, user_id: str, *, except_session_id: str = "") -> int:
    """End every session of a person, or all but one, and return how many ended."""
    return await tx.run(_REVOKE_ALL, owner_user_id=user_id, spared_session_id=except_session_id)


async def forget_ended_sessions(tx: Writing, *, now: datetime) -> int:
    """Delete the sessions that ended by themselves; for a recurring job."""
    return await tx.run(_FORGET, now=now)


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _idle(*, is_kept: bool) -> timedelta:
    return KEPT_IDLE if is_kept else UNKEPT_IDLE
