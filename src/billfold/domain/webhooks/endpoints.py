"""Endpoints: the addresses of a team's own that are told what happens in a project.

One that is switched off goes on collecting; what it collected goes out, in order, when it is switched on again. One that is
deleted is marked, so that nothing under way meets a missing row; what it had is removed bit by bit (`upkeep.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer
from billfold.base.errors import Conflict, Invalid, NotFound
from billfold.base.ids import new_id
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.domain.webhooks import signing_secrets
from billfold.domain.webhooks.public_types import PUBLIC_TYPES
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment

# A project's endpoints are listed whole, and each event is compared with each. Two who make one at once may pass it by one.
MOST_ENDPOINTS: Final = 100
LONGEST_URL: Final = 2_048
LONGEST_DESCRIPTION: Final = 200
ALL_TYPES: Final = "*"
DELIVERIES: Final = "deliveries"


class OffReason(StrEnum):
    """Why an endpoint is switched off: a person did it, it failed for days, or it answered 410 Gone."""

    PERSON = "person"
    FAILING = "failing"
    GONE = "gone"


webhook_endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), nullable=False),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    # Which events: names of the catalogue, or "*" alone.
    sa.Column("types", Json, nullable=False),
    sa.Column("description", sa.Text),
    sa.Column("is_enabled", sa.Boolean, nullable=False),
    sa.Column("off_reason", sa.Text),
    sa.Column("off_at", Moment),
    sa.Column("secret_sealed", sa.Text, nullable=False),
    sa.Column("previous_secret_sealed", sa.Text),
    sa.Column("previous_secret_until", Moment),
    # Since when nothing was taken, and how many events failed for the first time since then.
    sa.Column("failing_since", Moment),
    sa.Column("failed_events", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("deleted_at", Moment),
    sa.CheckConstraint("off_reason IN ('person', 'failing', 'gone')", name="off_reason"),
    sa.Index("ix_webhook_endpoints_project", "project_id", "created_at"),
    sa.Index(
        "ix_webhook_endpoints_deleted",
        "deleted_at",
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_webhook_endpoints_off",
        "project_id",
        sqlite_where=sa.text("off_reason IS NOT NULL AND deleted_at IS NULL"),
        postgresql_where=sa.text("off_reason IS NOT NULL AND deleted_at IS NULL"),
    ),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint; the secrets are sealed, `deleted_at` is None wherever one is handed out."""

    id: str
    team_id: str
    project_id: str
    url: str
    types: list[str]
    description: str | None
    is_enabled: bool
    off_reason: str | None
    off_at: datetime | None
    secret_sealed: str
    previous_secret_sealed: str | None
    previous_secret_until: datetime | None
    failing_since: datetime | None
    failed_events: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Matching:
    """What decides whether an event goes to an endpoint."""

    id: str
    project_id: str
    types: list[str]

    def takes(self, event_type: str) -> bool:
        """Tell whether it wants events of this type."""
        return ALL_TYPES in self.types or event_type in self.types


@dataclass(frozen=True, slots=True)
class Change:
    """What to change: None leaves a field as it is; an empty description clears it."""

    url: str | None = None
    types: Sequence[str] | None = None
    description: str | None = None
    is_enabled: bool | None = None


_live = webhook_endpoints.c.deleted_at.is_(None)
_of_project = sa.and_(webhook_endpoints.c.project_id == sa.bindparam("of_project"), _live)
_mine = sa.and_(webhook_endpoints.c.id == sa.bindparam("endpoint_id"), _of_project)
_ADD: Final = command(insert_row(webhook_endpoints))
_GET: Final = query(sa.select(*webhook_endpoints.c).where(_mine), Endpoint)
_LOCK: Final = query(sa.select(*webhook_endpoints.c).where(_mine).with_for_update(), Endpoint)
_OF_PROJECT: Final = query(
    sa.select(*webhook_endpoints.c).where(_of_project).order_by(webhook_endpoints.c.created_at, webhook_endpoints.c.id),
    Endpoint,
)
_COUNT: Final = query(sa.select(sa.func.count()).select_from(webhook_endpoints).where(_of_project), int)
_MATCHING: Final = query(
    sa.select(webhook_endpoints.c.id, webhook_endpoints.c.project_id, webhook_endpoints.c.types).where(
        any_of(webhook_endpoints.c.project_id, "project_ids"), _live
    ),
    Matching,
)
_PUT: Final = command(
    sa.update(webhook_endpoints)
    .where(_mine)
    .values(
        {
            name: sa.bindparam(f"new_{name}", type_=webhook_endpoints.c[name].type)
            for name in (
                "url", "types", "description", "is_enabled", "off_reason", "off_at", "secret_sealed",
                "previous_secret_sealed", "previous_secret_until", "failing_since", "failed_events", "updated_at", "deleted_at",
            )
        }
    )
)  # fmt: skip
_OFF: Final = query(
    sa.select(*webhook_endpoints.c)
    .where(
        webhook_endpoints.c.project_id == sa.bindparam("of_project"),
        webhook_endpoints.c.off_reason.is_not(None),
        _live,
    )
    .limit(MOST_ENDPOINTS),
    Endpoint,
)

_OFF_BY_THEMSELVES: Final = query(
    sa.select(*webhook_endpoints.c)
    .join_from(webhook_endpoints, projects, projects.c.id == webhook_endpoints.c.project_id)
    .where(
        # With the words of the index, by which the few of them are found.
        sa.text("off_reason IS NOT NULL AND webhook_endpoints.deleted_at IS NULL"),
        webhook_endpoints.c.off_reason != OffReason.PERSON.value,
        projects.c.deleted_at.is_(None),
    )
    .order_by(webhook_endpoints.c.project_id, webhook_endpoints.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    Endpoint,
)


async def create_endpoint(
    tx: Writing,
    sealer: Sealer,
    *,
    team_id: str,
    project_id: str,
    url: str,
    types: Sequence[str],
    description: str | None,
    is_enabled: bool = True,
    now: datetime,
) -> tuple[Endpoint, str]:
    """Create an endpoint and return it with its secret, which is told this once only; `Conflict` if there are too many.

    Whether the address may be called is for the caller to ask (`Outbound.check_url`): it is asked again at each try.
    """
    if await tx.one(_COUNT, of_project=project_id) >= MOST_ENDPOINTS:
        raise Conflict(f"A project has at most {MOST_ENDPOINTS} webhooks: delete those that nobody needs.")
    endpoint_id, secret = new_id("we_"), signing_secrets.new_secret()
    endpoint = Endpoint(
        id=endpoint_id,
        team_id=team_id,
        project_id=project_id,
        url=_checked_url(url),
        types=_checked_types(types),
        description=_checked_description(description),
        is_enabled=is_enabled,
        off_reason=None if is_enabled else OffReason.PERSON.value,
        off_at=None if is_enabled else now,
        secret_sealed=signing_secrets.seal(sealer, endpoint_id, secret),
        previous_secret_sealed=None,
        previous_secret_until=None,
        failing_since=None,
        failed_events=0,
        created_at=now,
        updated_at=now,
        deleted_at=None,
    )
    await tx.run(_ADD, **values_of(endpoint))
    return endpoint, secret


async def get_endpoint(tx: Reading, project_id: str, endpoint_id: str) -> Endpoint:
    """Return an endpoint of the project or raise `NotFound`."""
    found = await tx.first(_GET, of_project=project_id, endpoint_id=endpoint_id)
    return _found(found)


async def endpoints_of_project(tx: Reading, project_id: str) -> list[Endpoint]:
    """Return a project's endpoints, oldest first."""
    return await tx.all(_OF_PROJECT, of_project=project_id)


async def switched_off(tx: Reading, project_id: str) -> list[Endpoint]:
    """Return a project's endpoints that are off."""
    return await tx.all(_OFF, of_project=project_id)


async def off_by_themselves(tx: Reading, *, limit: int) -> list[Endpoint]:
    """Return endpoints of all projects that were switched off because of how they answered."""
    return await tx.all(_OFF_BY_THEMSELVES, limit=limit)


async def matching_endpoints(tx: Reading, project_ids: Sequence[str]) -> list[Matching]:
    """Return the endpoints of these projects, also those that are off: they collect."""
    return await tx.all(_MATCHING, project_ids=list(project_ids))


async def change_endpoint(tx: Writing, *, project_id: str, endpoint_id: str, change: Change, now: datetime) -> Endpoint:
    """Change an endpoint and return it; switching it on begins a new count of failures and sends what it collected."""
    before = await _locked(tx, project_id, endpoint_id)
    after = replace(
        before,
        url=before.url if change.url is None else _checked_url(change.url),
        types=before.types if change.types is None else _checked_types(change.types),
        description=before.description if change.description is None else _checked_description(change.description),
        updated_at=now,
    )
    if change.is_enabled is True and not before.is_enabled:
        after = replace(after, is_enabled=True, off_reason=None, off_at=None, failing_since=None, failed_events=0)
    elif change.is_enabled is False and before.is_enabled:
        after = replace(after, is_enabled=False, off_reason=OffReason.PERSON.value, off_at=now)
    await _put(tx, after)
    # What waits may go out now, or to another address.
    tx.wake(DELIVERIES)
    return after


async def rotate_secret(
    tx: Writing, sealer: Sealer, *, project_id: str, endpoint_id: str, now: datetime
) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret and return it, this once; the one before it signs beside it for 24 hours.

    A secret that was previous already stops signing: there are never more than two.
    """
    before = await _locked(tx, project_id, endpoint_id)
    secret = signing_secrets.new_secret()
    try:
        previous = signing_secrets.seal_as_previous(sealer, endpoint_id, before.secret_sealed)
    except SealBroken:
        # Nothing could be signed with it any more: a new one alone is the way out.
        previous = None
    after = replace(
        before,
        secret_sealed=signing_secrets.seal(sealer, endpoint_id, secret),
        previous_secret_sealed=previous,
        previous_secret_until=None if previous is None else now + signing_secrets.OVERLAP,
        updated_at=now,
    )
    await _put(tx, after)
    return after, secret


async def delete_endpoint(tx: Writing, *, project_id: str, endpoint_id: str, now: datetime) -> Endpoint:
    """Delete an endpoint with what waits for it, or raise `NotFound`."""
    before = await _locked(tx, project_id, endpoint_id)
    await _put(tx, replace(before, is_enabled=False, updated_at=now, deleted_at=now))
    return before


async def _put(tx: Writing, row: Endpoint) -> None:
    values = values_of(row)
    await tx.run(
        _PUT, endpoint_id=row.id, of_project=row.project_id, **{f"new_{name}": value for name, value in values.items()}
    )


async def _locked(tx: Writing, project_id: str, endpoint_id: str) -> Endpoint:
    found = await tx.first(_LOCK, of_project=project_id, endpoint_id=endpoint_id)
    return _found(found)


def _found(row: Endpoint | None) -> Endpoint:
    if row is None:
        raise NotFound("Webhook not found")
    return row


def _checked_url(url: str) -> str:
    if not 1 <= len(url) <= LONGEST_URL:
        raise Invalid(f"url must be an https address of at most {LONGEST_URL} characters.")
    return url


def _checked_types(types: Sequence[str]) -> list[str]:
    """Return the types once each, in the order of the catalogue; "*" alone if it is among them."""
    if ALL_TYPES in types:
        return [ALL_TYPES]
    unknown = sorted(set(types) - set(PUBLIC_TYPES))
    if unknown:
        raise Invalid(f'Unknown event type {unknown[0]!r}: types must list events of the catalogue, or be ["*"].')
    if not types:
        raise Invalid('types must name at least one event type, or be ["*"] for all.')
    return [each for each in PUBLIC_TYPES if each in types]


def _checked_description(text: str | None) -> str | None:
    if text is not None and (len(text) > LONGEST_DESCRIPTION or not text.isprintable()):
        raise Invalid(f"description must be one line of at most {LONGEST_DESCRIPTION} characters.")
    return text or None
