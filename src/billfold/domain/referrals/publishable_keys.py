"""Publishable keys, `pk_…`: what stands in a project's web pages to tell of clicks, and can do nothing else (contract A18).

They are no secrets, so they are kept as they are and shown again. Each is bound to the origins that it may be used on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id, new_token
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

PREFIX: Final = "pk_"
MOST_KEYS: Final = 20
MOST_ORIGINS: Final = 20
_LONGEST_ORIGIN: Final = 253
_ORIGIN: Final = re.compile(r"https?://[a-z0-9\-._]+(:[0-9]{1,5})?\Z")

publishable_keys = sa.Table(
    "publishable_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    # What a browser says in `Origin`.
    sa.Column("origins", Json, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
    sa.UniqueConstraint("key"),
    sa.Index("ix_publishable_keys_project", "project_id", "created_at", "id"),
)


@dataclass(frozen=True, slots=True)
class PublishableKey:
    """A key of a project; moments are the wall clock's."""

    id: str
    project_id: str
    key: str
    origins: list[str]
    created_at: datetime
    revoked_at: datetime | None


_ADD: Final = command(insert_row(publishable_keys))
_living = publishable_keys.c.revoked_at.is_(None)
_FIND: Final = query(
    sa.select(*publishable_keys.c).where(publishable_keys.c.key == sa.bindparam("key"), _living), PublishableKey
)
_OF_PROJECT: Final = query(
    sa.select(*publishable_keys.c)
    .where(publishable_keys.c.project_id == sa.bindparam("project_id"), _living)
    .order_by(publishable_keys.c.created_at.desc(), publishable_keys.c.id.desc()),
    PublishableKey,
)
_REVOKE: Final = query(
    sa.update(publishable_keys)
    .where(
        publishable_keys.c.id == sa.bindparam("key_id"),
        publishable_keys.c.project_id == sa.bindparam("of_project"),
        _living,
    )
    .values(revoked_at=sa.bindparam("revoked_at", type_=Moment()))
    .returning(*publishable_keys.c),
    PublishableKey,
)


async def add_key(tx: Writing, *, project_id: str, origins: Sequence[str], now: datetime) -> PublishableKey:
    """Make a key; raises `Invalid` for what no browser sends as `Origin`, `Conflict` if there are too many keys."""
    wanted = list(dict.fromkeys(origin.strip().lower().rstrip("/") for origin in origins))
    if not 0 < len(wanted) <= MOST_ORIGINS:
        raise Invalid(f"origins must list 1 to {MOST_ORIGINS} addresses such as https://www.example.com.")
    for origin in wanted:
        if len(origin) > _LONGEST_ORIGIN or not _ORIGIN.match(origin):
            raise Invalid("origins must be as browsers send them, such as https://www.example.com, without a path.")
    if len(await keys_of_project(tx, project_id)) >= MOST_KEYS:
        raise Conflict(f"A project has at most {MOST_KEYS} publishable keys: revoke those that no page uses.")
    key = PublishableKey(new_id("pkey_"), project_id, PREFIX + new_token(16), wanted, now, None)
    await tx.run(_ADD, **values_of(key))
    return key


async def find_key(tx: Reading, key: str) -> PublishableKey | None:
    """Return a key that is not revoked."""
    return await tx.first(_FIND, key=key)


async def keys_of_project(tx: Reading, project_id: str) -> list[PublishableKey]:
    """Return a project's keys that are not revoked, newest first; `add_key` bounds how many there are."""
    return await tx.all(_OF_PROJECT, project_id=project_id)


async def revoke_key(tx: Writing, *, project_id: str, key_id: str, now: datetime) -> PublishableKey:
    """Revoke a key for good; `NotFound` if the project has none of this id, or revoked it before."""
    revoked = await tx.first(_REVOKE, key_id=key_id, of_project=project_id, revoked_at=now)
    if revoked is None:
        raise NotFound("Publishable key not found.")
    return revoked
