"""Tokens that are mailed and work once: signing in by a link, choosing a new password, proving an address to sign up.

Only the SHA-256 is stored. Using a token deletes its row and returns it in the same statement, so of two who come together one is
let in. All moments are the wall clock's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.base.errors import Invalid
from billfold.base.ids import new_token
from billfold.domain.tenancy.users import users
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query
from billfold.infrastructure.db.types import Moment

_TOKEN_BYTES: Final = 32


class Purpose(StrEnum):
    """What a token is good for; one for another purpose is no token."""

    SIGN_IN = "sign_in"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, no password
    SIGN_UP = "sign_up"


LIFETIMES: Final = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.PASSWORD_RESET: timedelta(hours=1),
    Purpose.SIGN_UP: timedelta(hours=24),
}

one_time_tokens = sa.Table(
    "one_time_tokens",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    # NULL: whoever signs up is nobody yet.
    sa.Column("user_id", sa.Text, sa.ForeignKey(users.c.id)),
    # The address that the token was mailed to, and so proves.
    sa.Column("email", sa.Text, nullable=False),
    # Where to go on afterwards: a path of ours.
    sa.Column("next_path", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.CheckConstraint("purpose IN ('sign_in', 'password_reset', 'sign_up')", name="purpose"),
    sa.Index("ix_one_time_tokens_user_id", "user_id"),
    sa.Index("ix_one_time_tokens_expires_at", "expires_at"),
)


@dataclass(frozen=True, slots=True)
class OneTimeToken:
    """What a token stands for."""

    purpose: str
    user_id: str | None
    email: str
    next_path: str | None
    expires_at: datetime


_columns = (
    one_time_tokens.c.purpose, one_time_tokens.c.user_id, one_time_tokens.c.email, one_time_tokens.c.next_path,
    one_time_tokens.c.expires_at,
)  # fmt: skip
_good = sa.and_(
    one_time_tokens.c.token_hash == sa.bindparam("wanted_hash"),
    one_time_tokens.c.purpose == sa.bindparam("wanted_purpose"),
    one_time_tokens.c.expires_at > sa.bindparam("now", type_=Moment()),
)
_ADD: Final = command(insert_row(one_time_tokens))
_FIND: Final = query(sa.select(*_columns).where(_good), OneTimeToken)
_USE: Final = query(sa.delete(one_time_tokens).where(_good).returning(*_columns), OneTimeToken)
_REVOKE: Final = command(sa.delete(one_time_tokens).where(one_time_tokens.c.user_id == sa.bindparam("owner_user_id")))
_FORGET: Final = command(
    sa.delete(one_time_tokens).where(one_time_tokens.c.expires_at <= sa.bindparam("now", type_=Moment()))
)


async def issue_token(
    tx: Writing, purpose: Purpose, *, email: str, user_id: str | None, next_path: str | None, now: datetime
) -> str:
    """Make a token for an address and return it; it is told this once only, in a mail."""
    token = new_token(_TOKEN_BYTES)
    await tx.run(
        _ADD,
        token_hash=token_hash(token),
        purpose=purpose.value,
        user_id=user_id,
        email=email,
        next_path=next_path,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    return token


async def find_token(tx: Reading, token: str, purpose: Purpose, *, now: datetime) -> OneTimeToken | None:
    """Return what a token stands for without using it up, None if it is used, expired or was never made."""
    return await tx.first(_FIND, wanted_hash=token_hash(token), wanted_purpose=purpose.value, now=now)


async def use_token(tx: Writing, token: str, purpose: Purpose, *, now: datetime) -> OneTimeToken:
    """Use a token up, or raise `Invalid`."""
    found = await tx.first(_USE, wanted_hash=token_hash(token), wanted_purpose=purpose.value, now=now)
    if found is None:
        raise Invalid("This link was used before or has expired. Ask for a new one.")
    return found


async def revoke_tokens_of_user(tx: Writing, user_id: str) -> None:
    """Make every link that was mailed to a person worthless."""
    await tx.run(_REVOKE, owner_user_id=user_id)


async def forget_expired_tokens(tx: Writing, *, now: datetime) -> int:
    """Delete what has expired; for a recurring job."""
    return await tx.run(_FORGET, now=now)
