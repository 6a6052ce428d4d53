"""Stripe's events as people look at them: those of a project, those that nobody could place, those about one customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.domain.billing.stripe_events import stripe_events
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import Query, any_of, query

# Read for one customer; he sees the newest of them.
_MOST_READ: Final = 500
# The statuses that an event of a project can have; `received` and `ignored` ones belong to no project yet.
_ROUTED: Final = ("processed", "failed")


@dataclass(frozen=True, slots=True)
class EventLine:
    """A stored event; `reason` says why it failed or was ignored, both moments are the wall clock's."""

    sequence: int
    stripe_event_id: str
    type: str
    subject_type: str | None
    subject_id: str | None
    status: str
    reason: str | None
    created: datetime
    received_at: datetime
    finished_at: datetime | None


_BEHIND_ALL: Final = 2**63 - 1
_columns = (
    stripe_events.c.sequence, stripe_events.c.stripe_event_id, stripe_events.c.type, stripe_events.c.subject_type,
    stripe_events.c.subject_id, stripe_events.c.status, stripe_events.c.reason, stripe_events.c.created,
    stripe_events.c.received_at, stripe_events.c.finished_at,
)  # fmt: skip
_limit = sa.bindparam("limit", type_=sa.Integer())
_offset = sa.bindparam("offset", type_=sa.Integer())
_project = stripe_events.c.project_id == sa.bindparam("project_id")
_team = stripe_events.c.team_id == sa.bindparam("team_id")
_newest = stripe_events.c.sequence.desc()
_OF_PROJECT: Final = query(
    sa.select(*_columns)
    .where(_project, stripe_events.c.status == sa.bindparam("status"))
    .order_by(_newest)
    .limit(_limit)
    .offset(_offset),
    EventLine,
)
_UNPLACED: Final = query(
    sa.select(*_columns)
    .where(_team, stripe_events.c.reason.is_not(None), stripe_events.c.project_id.is_(None))
    .order_by(_newest)
    .limit(_limit)
    .offset(_offset),
    EventLine,
)
_WAITING: Final = query(
    sa.select(*_columns).where(_team, stripe_events.c.finished_at.is_(None)).limit(_limit).offset(_offset), EventLine
)
_EXPORT: Final = query(
    sa.select(*_columns)
    .where(
        _project,
        stripe_events.c.status == sa.bindparam("status"),
        stripe_events.c.sequence < sa.bindparam("before", type_=sa.BigInteger()),
    )
    .order_by(_newest)
    .limit(_limit),
    EventLine,
)
_ABOUT: Final = query(
    sa.select(*_columns).where(_project, any_of(stripe_events.c.subject_id, "subject_ids")).limit(_limit), EventLine
)
_one = (
    _team,
    stripe_events.c.stripe_event_id == sa.bindparam("event_id"),
    sa.or_(_project, stripe_events.c.project_id.is_(None)),
)
_GET: Final = query(sa.select(*_columns).where(*_one), EventLine)
_BODY: Final[Query[bytes | None]] = query(sa.select(stripe_events.c.body).where(*_one), bytes)


async def events_of_project(
    tx: Reading, project_id: str, *, status: str | None, limit: int, offset: int
) -> list[EventLine]:
    """Return a page of the events that were routed to a project, newest first."""
    if status is not None:
        return await tx.all(_OF_PROJECT, project_id=project_id, status=status, limit=limit, offset=offset)
    found: list[EventLine] = []
    for each in _ROUTED:
        found += await tx.all(_OF_PROJECT, project_id=project_id, status=each, limit=limit + offset, offset=0)
    found.sort(key=lambda each: each.sequence, reverse=True)
    return found[offset : offset + limit]


async def export_events(
    tx: Reading, project_id: str, *, status: str | None, before: int | None, limit: int
) -> list[EventLine]:
    """Return the next events of a project before a sequence number, newest first, from the newest for None."""
    found: list[EventLine] = []
    for each in _ROUTED if status is None else (status,):
        found += await tx.all(
            _EXPORT, project_id=project_id, status=each, before=_BEHIND_ALL if before is None else before, limit=limit
        )
    found.sort(key=lambda each: each.sequence, reverse=True)
    return found[:limit]


async def search_events(tx: Reading, team_id: str, project_id: str, text: str) -> list[EventLine]:
    """Return the event whose Stripe id a text is, or the newest events about the object of that id."""
    text = text.strip()
    if text.startswith("evt_"):
        found = await tx.first(_GET, team_id=team_id, project_id=project_id, event_id=text)
        return [] if found is None else [found]
    return await events_about(tx, project_id, [text], limit=_MOST_READ)


async def unplaced_events(tx: Reading, team_id: str, *, limit: int, offset: int) -> list[EventLine]:
    """Return a page of a team's events that were ignored or could not be placed, newest first."""
    return await tx.all(_UNPLACED, team_id=team_id, limit=limit, offset=offset)


async def waiting_events(tx: Reading, team_id: str, *, limit: int, offset: int) -> list[EventLine]:
    """Return a page of a team's events that nobody has finished with, in no order."""
    return await tx.all(_WAITING, team_id=team_id, limit=limit, offset=offset)


async def events_about(tx: Reading, project_id: str, subject_ids: Sequence[str], *, limit: int) -> list[EventLine]:
    """Return the newest events about some objects of Stripe's."""
    found = await tx.all(_ABOUT, project_id=project_id, subject_ids=list(subject_ids), limit=_MOST_READ)
    return sorted(found, key=lambda each: each.sequence, reverse=True)[:limit]


async def find_event(
    tx: Reading, team_id: str, project_id: str, event_id: str
) -> tuple[EventLine, bytes | None] | None:
    """Return by Stripe's id an event of the project, or of the team and no project, with its body if that is still kept."""
    wanted = {"team_id": team_id, "project_id": project_id, "event_id": event_id}
    found = await tx.first(_GET, **wanted)
    return None if found is None else (found, await tx.first(_BODY, **wanted))
