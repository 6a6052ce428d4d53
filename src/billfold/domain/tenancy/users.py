"""People who run teams. One person may be in several; an address is one person, whatever its capitals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Invalid, NotFound
from billfold.base.ids import new_id
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment

# Whether an address exists shows when mail arrives; this only catches what cannot be one.
_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f.]+")
_LONGEST_EMAIL: Final = 254
# Length is what makes a password hard to guess; rules about its characters make it hard to remember. The upper end bounds
# the work of hashing.
SHORTEST_PASSWORD: Final = 10
LONGEST_PASSWORD: Final = 1024

users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_normalised", sa.Text, nullable=False),
    # argon2id; NULL for a person who only signs in by other means.
    sa.Column("password_hash", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("email_normalised"),
)


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    id: str
    email: str
    email_normalised: str
    password_hash: str | None
    created_at: datetime


_ADD: Final = command(insert_row(users))
_BY_EMAIL: Final = query(sa.select(*users.c).where(users.c.email_normalised == sa.bindparam("wanted_email")), User)
_GET: Final = query(sa.select(*users.c).where(users.c.id == sa.bindparam("user_id")), User)
_LOCK: Final = query(sa.select(*users.c).where(users.c.id == sa.bindparam("user_id")).with_for_update(), User)
_SET_PASSWORD: Final = command(
    sa.update(users).where(users.c.id == sa.bindparam("user_id")).values(password_hash=sa.bindparam("new_hash"))
)


async def create_user(tx: Writing, *, email: str, password_hash: str | None, now: datetime) -> User:
    """Create a person; `Invalid` for what is no address. The unique index refuses a second one with the address."""
    email = email.strip()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise Invalid("email must be an address such as owner@example.com.")
    user = User(
        id=new_id("user_"),
        email=email,
        email_normalised=email.lower(),
        password_hash=password_hash,
        created_at=now,
    )
    await tx.run(_ADD, **values_of(user))
    return user


async def find_user(tx: Reading, email: str) -> User | None:
    """Return the person with this address in any capitals."""
    return await tx.first(_BY_EMAIL, wanted_email=email.strip().lower())


async def get_user(tx: Reading, user_id: str) -> User:
    """Return a person or raise `NotFound`."""
    user = await tx.first(_GET, user_id=user_id)
    if user is None:
        raise NotFound("User not found.")
    return user


async def lock_user(tx: Writing, user_id: str) -> User:
    """Return a person whom no other unit changes until this one ends, or raise `NotFound`.

    Who begins a session holds the person, so none begins with a password that is being replaced.
    """
    user = await tx.first(_LOCK, user_id=user_id)
    if user is None:
        raise NotFound("User not found.")
    return user


async def set_password(tx: Writing, user_id: str, password_hash: str) -> None:
    """Replace a person's password by another one's hash."""
    await tx.run(_SET_PASSWORD, user_id=user_id, new_hash=password_hash)


def check_new_password(password: str) -> None:
    """Raise `Invalid` for a password that is too short or too long; any characters will do."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"The password must have at least {SHORTEST_PASSWORD} characters; a sentence is easy to remember."
        )
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(f"The password must have at most {LONGEST_PASSWORD} characters.")
