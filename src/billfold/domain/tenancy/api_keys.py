"""API keys: how a program proves which team it acts for, and what it may do.

Only the SHA-256 of a key is stored. A key carries 192 random bits, so the look-up by that hash needs no slow hashing and
costs the same for a key that is almost right and for one that never existed (contract G4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import token_hash
from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_api_key, new_id
from billfold.domain.tenancy.names import checked_name
from billfold.domain.tenancy.projects import get_project, projects
from billfold.domain.tenancy.teams import lock_team, teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

# Contract section 4.2. Writing does not imply reading (G5); checkout and portal use subscriptions:write.
SCOPES: Final = (
    "customers:read",
    "customers:write",
    "products:read",
    "products:write",
    "subscriptions:read",
    "subscriptions:write",
    "referrals:read",
    "referrals:write",
    "analytics:read",
    "wallets:read",
    "wallets:write",
    "webhooks:read",
    "webhooks:write",
)
# What is shown of a key to tell it from others: the published sample prints seven characters.
_PREFIX_LENGTH: Final = 7
# A team's keys are listed whole. Two who make one at the same moment may pass it by one.
MOST_KEYS: Final = 1_000

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    # NULL: every project of the team.
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id)),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("key_hash", sa.Text, nullable=False),
    # An empty list: full access.
    sa.Column("scopes", Json, nullable=False),
    sa.Column("expires_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("last_used_at", Moment),
    sa.Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("key_hash"),
    sa.Index("ix_api_keys_team_id_created_at", "team_id", "created_at"),
)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is stored and listed: never the key itself."""

    id: str
    team_id: str
    project_id: str | None
    name: str
    prefix: str
    key_hash: str
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class KeyCaller:
    """What one look-up tells about a presented key; `found_project_id` is the asked project if the key's team has it."""

    key_id: str
    name: str
    team_id: str
    project_id: str | None
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    clock_offset_us: int
    found_project_id: str | None

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the key is neither revoked nor expired at a moment of the wall clock."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


_ADD: Final = command(insert_row(api_keys))
_asked_project = sa.and_(
    projects.c.id == sa.bindparam("asked_project_id"),
    projects.c.team_id == api_keys.c.team_id,
    projects.c.deleted_at.is_(None),
)
_FIND_CALLER: Final = query(
    sa.select(
        api_keys.c.id.label("key_id"),
        api_keys.c.name,
        api_keys.c.team_id,
        api_keys.c.project_id,
        api_keys.c.scopes,
        api_keys.c.expires_at,
        api_keys.c.revoked_at,
        api_keys.c.last_used_at,
        teams.c.clock_offset_us,
        projects.c.id.label("found_project_id"),
    )
    .select_from(api_keys.join(teams, teams.c.id == api_keys.c.team_id).join(projects, _asked_project, isouter=True))
    .where(api_keys.c.key_hash == sa.bindparam("key_hash"), teams.c.deleted_at.is_(None)),
    KeyCaller,
)
_OF_TEAM: Final = query(
    sa.select(*api_keys.c)
    .where(api_keys.c.team_id == sa.bindparam("team_id"), api_keys.c.revoked_at.is_(None))
    .order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc()),
    ApiKey,
)
_living_of_team = sa.and_(api_keys.c.team_id == sa.bindparam("owner_team_id"), api_keys.c.revoked_at.is_(None))
_COUNT: Final = query(sa.select(sa.func.count()).select_from(api_keys).where(_living_of_team), int)
_revoked = sa.update(api_keys).values(revoked_at=sa.bindparam("revoked_at", type_=Moment()))
_REVOKE: Final = query(
    _revoked.where(api_keys.c.id == sa.bindparam("key_id"), _living_of_team).returning(*api_keys.c), ApiKey
)
_REVOKE_OF_PROJECT: Final = command(
    _revoked.where(_living_of_team, api_keys.c.project_id == sa.bindparam("of_project"))
)
_REVOKE_OF_TEAM: Final = command(_revoked.where(_living_of_team))
# A later use never moves it back: two processes may write their uses in either order.
_NOTE_USE: Final = command(
    sa.update(api_keys)
    .where(
        api_keys.c.id == sa.bindparam("key_id"),
        sa.or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < sa.bindparam("used_at", type_=Moment())),
    )
    .values(last_used_at=sa.bindparam("used_at", type_=Moment()))
)


async def create_api_key(
    tx: Writing,
    *,
    team_id: str,
    project_id: str | None,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Create a key and return it with the raw key, which is told this once only.

    No scopes: full access; no project: every project of the team (contract G5). Raises `Invalid` for an unknown scope or an
    expiry that is not ahead, `NotFound` for a project of another team and for a deleted team, `Conflict` if there are too many.
    """
    name = checked_name(name)
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise Invalid(f"Unknown scope {unknown[0]!r}. Scopes are {', '.join(SCOPES)}.")
    if expires_at is not None and expires_at <= now:
        raise Invalid("expiresAt must be in the future.")
    await lock_team(tx, team_id)
    if project_id is not None:
        await get_project(tx, team_id=team_id, project_id=project_id)
    if await tx.one(_COUNT, owner_team_id=team_id) >= MOST_KEYS:
        raise Conflict(f"A team has at most {MOST_KEYS} keys that are not revoked: revoke those that nobody uses.")
    raw_key = new_api_key()
    key = ApiKey(
        id=new_id("key_"),
        team_id=team_id,
        project_id=project_id,
        name=name,
        prefix=raw_key[:_PREFIX_LENGTH],
        key_hash=token_hash(raw_key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=expires_at,
        revoked_at=None,
        last_used_at=None,
        created_at=now,
    )
    await tx.run(_ADD, **values_of(key))
    return key, raw_key


async def find_caller(tx: Reading, key_hash: str, project_id: str | None = None) -> KeyCaller | None:
    """Return whose key has this SHA-256, and whether his team has the asked project, in one query; None: no such key."""
    return await tx.first(_FIND_CALLER, key_hash=key_hash, asked_project_id=project_id)


async def api_keys_of_team(tx: Reading, team_id: str) -> list[ApiKey]:
    """Return a team's keys that are not revoked, newest first."""
    return await tx.all(_OF_TEAM, team_id=team_id)


async def revoke_api_key(tx: Writing, *, team_id: str, key_id: str, now: datetime) -> ApiKey:
    """Revoke a key of this team for good and return it; `NotFound` if it has none of that id, or revoked it before."""
    key = await tx.first(_REVOKE, key_id=key_id, owner_team_id=team_id, revoked_at=now)
    if key is None:
        raise NotFound("API key not found.")
    return key


async def revoke_api_keys(tx: Writing, *, team_id: str, project_id: str | None, now: datetime) -> int:
    """Revoke the keys that are limited to a project, or all of the team, and return how many those were."""
    if project_id is None:
        return await tx.run(_REVOKE_OF_TEAM, owner_team_id=team_id, revoked_at=now)
    return await tx.run(_REVOKE_OF_PROJECT, owner_team_id=team_id, of_project=project_id, revoked_at=now)


async def note_use(tx: Writing, *, key_id: str, used_at: datetime) -> None:
    """Remember when a key was last used."""
    await tx.run(_NOTE_USE, key_id=key_id, used_at=used_at)
