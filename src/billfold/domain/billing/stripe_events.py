"""Stripe's events as they arrived: stored once, with their body, before anything is done about them (DESIGN section 5).

An event is *received* until the sync has fetched its object; then it is *processed*, or *ignored* with a reason, or *failed*
with a reason for as long as trying again did not help. Types that we have no use for, events about another account or mode,
and events about objects without an id are stored as ignored at once, so that Stripe need not send them again.

The unique index on (team, Stripe's event id) is the whole protection against duplicates (contract G18).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.fail_points import reach
from billfold.domain.billing.erased_customers import erased_among
from billfold.domain.billing.stripe_event_types import EFFECTS, SUBJECTS
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, metadata, query, row_tuple
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import NewJob, enqueue_many
from billfold.infrastructure.stripe.values import StripeEvent

SYNC_JOB: Final = "stripe.sync"
# A redelivery of an event that still waits after this long wakes its job again: perhaps it is stuck (contract G18).
_STALE: Final = timedelta(minutes=5)
BODIES_KEPT: Final = timedelta(days=90)
_LONGEST_REASON: Final = 500
_PRUNED_AT_ONCE: Final = 1_000

stripe_events = sa.Table(
    "stripe_events",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    # No foreign key: the door has looked the team up, and checking it again would double what a row costs on PostgreSQL.
    sa.Column("team_id", sa.Text, nullable=False),
    sa.Column("stripe_event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject_type", sa.Text),
    sa.Column("subject_id", sa.Text),
    # Stripe's own time of the event, in whole seconds.
    sa.Column("created", Moment, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    # Known once the event was routed.
    sa.Column("project_id", sa.Text),
    # None while somebody must still look at it: received or failed.
    sa.Column("finished_at", Moment),
    # The exact bytes that were signed; dropped after 90 days, when the row stays for counting.
    sa.Column("body", sa.LargeBinary),
    sa.UniqueConstraint("team_id", "stripe_event_id"),
    sa.Index(
        "ix_stripe_events_unfinished",
        "team_id",
        "subject_id",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
    sa.Index(
        "ix_stripe_events_project",
        "project_id",
        "status",
        "sequence",
        sqlite_where=sa.text("project_id IS NOT NULL"),
        postgresql_where=sa.text("project_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_stripe_events_subject",
        "project_id",
        "subject_id",
        "sequence",
        sqlite_where=sa.text("project_id IS NOT NULL"),
        postgresql_where=sa.text("project_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_stripe_events_unexplained",
        "team_id",
        "sequence",
        sqlite_where=sa.text("reason IS NOT NULL"),
        postgresql_where=sa.text("reason IS NOT NULL"),
    ),
    sa.Index(
        "ix_stripe_events_unrouted",
        "team_id",
        "subject_id",
        sqlite_where=sa.text("reason IS NOT NULL AND project_id IS NULL"),
        postgresql_where=sa.text("reason IS NOT NULL AND project_id IS NULL"),
    ),
    sa.Index(
        "ix_stripe_events_body",
        "received_at",
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    ),
)


# A struct and not a dataclass: one is made for every delivery, five times as fast.
class Arrival(msgspec.Struct, frozen=True):
    """An event that is authentic and now to be stored; `refusal` says why nothing will be done about it."""

    team_id: str
    event: StripeEvent
    body: bytes
    received_at: datetime
    refusal: str | None


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """An event that failed or was ignored, for people to look at."""

    sequence: int
    stripe_event_id: str
    type: str
    subject_id: str | None
    status: str
    reason: str | None
    received_at: datetime


_COLUMNS: Final = (
    "team_id", "stripe_event_id", "type", "subject_type", "subject_id", "created", "received_at", "status", "reason",
    "finished_at", "body",
)  # fmt: skip
_ADD: Final = BulkInsert(
    stripe_events,
    _COLUMNS,
    key=("team_id", "stripe_event_id"),
    finish=lambda new: new.on_conflict_do_nothing(index_elements=["team_id", "stripe_event_id"]),
)
_TO_RETRY: Final = query(
    sa.select(stripe_events.c.subject_type, stripe_events.c.subject_id).where(
        stripe_events.c.team_id == sa.bindparam("team_id"),
        any_of(stripe_events.c.stripe_event_id, "event_ids"),
        stripe_events.c.finished_at.is_(None),
        sa.or_(
            stripe_events.c.status == "failed",
            stripe_events.c.received_at < sa.bindparam("stale_since", type_=Moment()),
        ),
    ),
    row_tuple,
)
_UNFINISHED: Final = query(
    sa.select(stripe_events.c.sequence, teams.c.clock_offset_us)
    .join(teams, teams.c.id == stripe_events.c.team_id)
    .where(
        stripe_events.c.team_id == sa.bindparam("team_id"),
        stripe_events.c.subject_id == sa.bindparam("subject_id"),
        stripe_events.c.finished_at.is_(None),
    ),
    row_tuple,
)
_SETTLE: Final = command(
    sa.update(stripe_events)
    .where(
        stripe_events.c.team_id == sa.bindparam("of_team_id"),
        any_of(stripe_events.c.sequence, "sequences"),
        stripe_events.c.finished_at.is_(None),
    )
    .values(
        status=sa.bindparam("new_status"),
        reason=sa.bindparam("why"),
        project_id=sa.bindparam("routed_to"),
        finished_at=sa.bindparam("finished", type_=Moment()),
    )
)
_REOPEN: Final = query(
    sa.update(stripe_events)
    .where(
        stripe_events.c.team_id == sa.bindparam("of_team_id"),
        stripe_events.c.subject_id == sa.bindparam("of_subject_id"),
        stripe_events.c.reason.is_not(None),
        stripe_events.c.project_id.is_(None),
        stripe_events.c.status == "ignored",
        # What has no effect stays ignored, whether it came before or after those that do.
        stripe_events.c.type.in_([sa.literal_column(f"'{each}'") for each in sorted(EFFECTS)]),
    )
    .values(status="received", reason=None, finished_at=None)
    .returning(stripe_events.c.subject_type),
    str,
)
_COUNTS: Final = query(
    sa.select(stripe_events.c.status, sa.func.count())
    .where(stripe_events.c.project_id == sa.bindparam("project_id"))
    .group_by(stripe_events.c.status),
    row_tuple,
)
_REPORT: Final = query(
    sa.select(
        stripe_events.c.sequence, stripe_events.c.stripe_event_id, stripe_events.c.type, stripe_events.c.subject_id,
        stripe_events.c.status, stripe_events.c.reason, stripe_events.c.received_at,
    )
    .where(stripe_events.c.team_id == sa.bindparam("team_id"), stripe_events.c.reason.is_not(None))
    .order_by(stripe_events.c.sequence.desc())
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    ReportedEvent,
)  # fmt: skip
_DROP_BODIES: Final = command(
    sa.update(stripe_events)
    .where(
        stripe_events.c.sequence.in_(
            sa.select(stripe_events.c.sequence)
            .where(
                stripe_events.c.body.is_not(None),
                stripe_events.c.received_at < sa.bindparam("before", type_=Moment()),
            )
            .order_by(stripe_events.c.received_at)
            .limit(sa.bindparam("limit", type_=sa.Integer()))
        )
    )
    .values(body=None)
)
_DROP_SOME: Final = command(
    sa.update(stripe_events)
    .where(stripe_events.c.team_id == sa.bindparam("of_team_id"), any_of(stripe_events.c.sequence, "sequences"))
    .values(body=sa.null())
)


def refusal_of(event: StripeEvent, *, livemode: bool, account_id: str | None) -> str | None:
    """Say why nothing will be done about an event, or None if something will (scenarios A10, A14)."""
    if event.livemode != livemode:
        return "The event is of the other mode (live or test) than the team's Stripe key."
    if event.account is not None and event.account != account_id:
        return "The event belongs to another Stripe account."
    if event.type not in EFFECTS:
        return f"Events of the type {event.type[:100]} have no effect here."
    if event.subject_id is None or event.subject_type not in SUBJECTS:
        return "The event is about an object that cannot be fetched."
    return None


async def receive(tx: Writing, arrivals: Sequence[Arrival]) -> list[bool]:
    """Store events and leave one sync job for each object; return for each whether it was new.

    A duplicate changes nothing, except that one which failed or waits for long gets its job again (contract G18).
    """
    # In one order everywhere, so that two processes with the same events cannot wait for each other.
    order = sorted(range(len(arrivals)), key=lambda place: (arrivals[place].team_id, arrivals[place].event.id))
    erased = await _erased_of_refused(tx, arrivals)
    added = await tx.insert_bulk(_ADD, [_row_of(arrivals[place], erased) for place in order])
    reach("after-event-insert")
    subjects: dict[tuple[str, str], tuple[str, datetime]] = {}
    duplicates: dict[str, list[Arrival]] = {}
    answers = [False] * len(arrivals)
    for place, is_new in zip(order, added, strict=True):
        arrival = arrivals[place]
        answers[place] = is_new
        if not is_new:
            duplicates.setdefault(arrival.team_id, []).append(arrival)
        elif arrival.refusal is None:
            subject = (arrival.team_id, arrival.event.subject_id or "")
            subjects[subject] = (arrival.event.subject_type or "", arrival.received_at)
    for team_id, again in duplicates.items():
        received_at = again[0].received_at
        event_ids = [arrival.event.id for arrival in again]
        for subject_type, subject_id in await tx.all(
            _TO_RETRY, team_id=team_id, event_ids=event_ids, stale_since=received_at - _STALE
        ):
            subjects[team_id, subject_id] = (subject_type, received_at)
    await _enqueue_syncs(tx, subjects)
    return answers


async def unfinished_events(tx: Reading, *, team_id: str, subject_id: str) -> tuple[list[int], timedelta]:
    """Return the sequence numbers of the events about one object that nobody has dealt with yet.

    With them comes how far the team's time is ahead of the wall clock: the sync needs both, in one question.
    """
    rows = await tx.all(_UNFINISHED, team_id=team_id, subject_id=subject_id)
    return [sequence for sequence, _ in rows], timedelta(microseconds=rows[0][1] if rows else 0)


async def settle_events(
    tx: Writing, sequences: Sequence[int], *, team_id: str, project_id: str | None, ignored: str | None, now: datetime
) -> None:
    """Mark events as processed for a project, or as ignored for a reason."""
    await tx.run(
        _SETTLE,
        of_team_id=team_id,
        sequences=sequences,
        new_status="processed" if ignored is None else "ignored",
        why=ignored,
        routed_to=project_id,
        finished=now,
    )


async def fail_events(
    tx: Writing, sequences: Sequence[int], *, team_id: str, project_id: str | None, reason: str
) -> None:
    """Mark events as failed; they stay unfinished, so the next try of the sync takes them up again."""
    await tx.run(
        _SETTLE,
        of_team_id=team_id,
        sequences=sequences,
        new_status="failed",
        why=reason[:_LONGEST_REASON],
        routed_to=project_id,
        finished=None,
    )


async def reopen_events(tx: Writing, *, team_id: str, subject_id: str, now: datetime) -> None:
    """Have the events about an object that nobody could place looked at once more: something was learnt about it."""
    subject_type = await tx.first(_REOPEN, of_team_id=team_id, of_subject_id=subject_id)
    if subject_type is not None:
        await _enqueue_syncs(tx, {(team_id, subject_id): (subject_type, now)})


async def retry_event(tx: Writing, *, team_id: str, event_id: str, now: datetime) -> None:
    """Have the object of an unfinished event fetched again now; `NotFound` if there is none to retry."""
    # Received in the future counts as stale: whoever asks by hand need not wait.
    found = await tx.all(_TO_RETRY, team_id=team_id, event_ids=[event_id], stale_since=now + _STALE)
    if not found:
        raise NotFound("This event waits for nothing: it was worked on meanwhile.")
    await _enqueue_syncs(tx, {(team_id, subject_id): (subject_type, now) for subject_type, subject_id in found})


async def count_by_status(tx: Reading, project_id: str) -> dict[str, int]:
    """Return how many events were routed to a project, by status (contract G28)."""
    return dict(await tx.all(_COUNTS, project_id=project_id))


async def reported_events(tx: Reading, team_id: str, *, limit: int = 100) -> list[ReportedEvent]:
    """Return a team's events that failed or were ignored, newest first, with their reasons."""
    return await tx.all(_REPORT, team_id=team_id, limit=limit)


async def drop_bodies(tx: Writing, sequences: Sequence[int], *, team_id: str) -> None:
    """Keep of these events only that they came: their bodies tell of somebody who was erased."""
    await tx.run(_DROP_SOME, of_team_id=team_id, sequences=sequences)


async def drop_old_bodies(tx: Writing, *, now: datetime) -> bool:
    """Drop up to a thousand bodies older than 90 days; return whether there may be more."""
    return await tx.run(_DROP_BODIES, before=now - BODIES_KEPT, limit=_PRUNED_AT_ONCE) == _PRUNED_AT_ONCE


async def _erased_of_refused(tx: Writing, arrivals: Sequence[Arrival]) -> frozenset[tuple[str, str]]:
    """Return the teams with their Stripe customers who were erased, of events that no sync will look at."""
    found: dict[str, list[str | None]] = {}
    for arrival in arrivals:
        if arrival.refusal is not None:
            found.setdefault(arrival.team_id, []).append(arrival.event.customer_id)
    return frozenset(
        [(team_id, each) for team_id, ids in found.items() for each in await erased_among(tx, team_id, ids)]
    )


def _row_of(arrival: Arrival, erased: frozenset[tuple[str, str]]) -> tuple[Any, ...]:
    # In the order of _COLUMNS.
    event = arrival.event
    has_effect = arrival.refusal is None
    body = None if (arrival.team_id, event.customer_id) in erased else arrival.body
    return (
        arrival.team_id, event.id, event.type, event.subject_type, event.subject_id, event.created, arrival.received_at,
        "received" if has_effect else "ignored", arrival.refusal, None if has_effect else arrival.received_at, body,
    )  # fmt: skip


async def _enqueue_syncs(tx: Writing, subjects: dict[tuple[str, str], tuple[str, datetime]]) -> None:
    await enqueue_many(
        tx,
        [
            NewJob(
                name=SYNC_JOB,
                key=f"{team_id}:{subject_id}",
                team_id=team_id,
                payload={"team_id": team_id, "subject_type": subject_type, "subject_id": subject_id},
                now=received_at,
            )
            # In one order, as above.
            for (team_id, subject_id), (subject_type, received_at) in sorted(subjects.items())
        ],
    )
