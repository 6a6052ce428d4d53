"""Lanes: what waits for one endpoint about one object stands in one line, so that it goes out in order.

A lane is to its deliveries what a job is to its news (`infrastructure/jobs/queue.py`): one row for each endpoint and object with
something waiting. It is claimed by pushing `run_at` past a lease and writing a token, and removed by the holder of the token,
unless its `revision` has moved on because more arrived. The first delivery of a lane that fails holds back the rest of this lane
and nobody else. A process that dies leaves its lanes to whoever comes when the lease is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert

from billfold.base.ids import new_token
from billfold.domain.tenancy.projects import projects
from billfold.domain.webhooks.endpoints import DELIVERIES, webhook_endpoints
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import ListedWrite, any_of, command, listed, metadata, query
from billfold.infrastructure.db.types import Moment

# A try takes 15 seconds at most, and writing it down may wait for a database that is being restarted.
LEASE: Final = timedelta(seconds=60)

webhook_lanes = sa.Table(
    "webhook_lanes",
    metadata,
    sa.Column("endpoint_id", sa.Text, sa.ForeignKey(webhook_endpoints.c.id), primary_key=True),
    sa.Column("object_id", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("run_at", Moment, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    # How often its first delivery failed.
    sa.Column("tries", sa.BigInteger, nullable=False),
    sa.Column("lease_token", sa.Text),
    sa.Index("ix_webhook_lanes_due", "endpoint_id", "run_at"),
)


@dataclass(frozen=True, slots=True)
class DueEndpoint:
    """An endpoint that is on and has lanes, with what a try needs; `due_at` is when the first of them is due.

    `project_deleted_at` is not None where nothing may be sent any more: what waits is given up.
    """

    id: str
    team_id: str
    project_id: str
    url: str
    secret_sealed: str
    previous_secret_sealed: str | None
    previous_secret_until: datetime | None
    failing_since: datetime | None
    due_at: datetime
    project_deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lane:
    """A claimed lane; `tries` counts the failures of its first delivery so far."""

    endpoint_id: str
    object_id: str
    project_id: str
    revision: int
    tries: int
    lease_token: str | None


def _more(new: Insert) -> Insert:
    # A lane under way keeps its lease, one that waits for another try keeps its time.
    return new.on_conflict_do_update(
        index_elements=["endpoint_id", "object_id"], set_={"revision": webhook_lanes.c.revision + 1}
    )


def _at_once(new: Insert) -> Insert:
    asked_for = sa.type_coerce(new.excluded.run_at, sa.BigInteger)
    return new.on_conflict_do_update(
        index_elements=["endpoint_id", "object_id"],
        set_={
            "revision": webhook_lanes.c.revision + 1,
            "run_at": sa.case(
                (webhook_lanes.c.lease_token.is_(None), asked_for),
                else_=sa.type_coerce(webhook_lanes.c.run_at, sa.BigInteger),
            ),
            "tries": 0,
        },
    )


_COLUMNS: Final = ("endpoint_id", "object_id", "project_id", "run_at")
_KEY: Final = ("endpoint_id", "object_id")
_NEW: Final[Mapping[str, Any]] = {"revision": 0, "tries": 0}
_OPEN: Final = BulkInsert(webhook_lanes, _COLUMNS, key=_KEY, constants=_NEW, finish=_more)
_OPEN_AT_ONCE: Final = BulkInsert(webhook_lanes, _COLUMNS, key=_KEY, constants=_NEW, finish=_at_once)

# From one endpoint with lanes to the next by the index, however many lanes each has: a receiver that is down for days must not
# make the search for everybody else's work longer.
_first = sa.select(webhook_lanes.c.endpoint_id).order_by(webhook_lanes.c.endpoint_id).limit(1).scalar_subquery()
_busy = sa.select(_first.label("endpoint_id")).cte("busy", recursive=True)
_others = webhook_lanes.alias("others")
_busy = _busy.union_all(
    sa.select(
        sa.select(_others.c.endpoint_id)
        .where(_others.c.endpoint_id > _busy.c.endpoint_id)
        .order_by(_others.c.endpoint_id)
        .limit(1)
        .scalar_subquery()
    ).where(_busy.c.endpoint_id.is_not(None))
)
_soonest = (
    sa.select(webhook_lanes.c.run_at)
    .where(webhook_lanes.c.endpoint_id == webhook_endpoints.c.id)
    .order_by(webhook_lanes.c.run_at)
    .limit(1)
    .scalar_subquery()
)
_DUE: Final = query(
    sa.select(
        webhook_endpoints.c.id,
        webhook_endpoints.c.team_id,
        webhook_endpoints.c.project_id,
        webhook_endpoints.c.url,
        webhook_endpoints.c.secret_sealed,
        webhook_endpoints.c.previous_secret_sealed,
        webhook_endpoints.c.previous_secret_until,
        webhook_endpoints.c.failing_since,
        _soonest.label("due_at"),
        projects.c.deleted_at.label("project_deleted_at"),
    )
    .join_from(_busy, webhook_endpoints, webhook_endpoints.c.id == _busy.c.endpoint_id)
    .join(projects, projects.c.id == webhook_endpoints.c.project_id)
    .where(
        sa.or_(webhook_endpoints.c.is_enabled.is_(True), projects.c.deleted_at.is_not(None)),
        webhook_endpoints.c.deleted_at.is_(None),
    ),
    DueEndpoint,
)
# As with jobs: a common table expression, because PostgreSQL may run a sub-select once per row and so claim more.
_next = (
    sa.select(webhook_lanes.c.object_id)
    .where(
        webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"),
        webhook_lanes.c.run_at <= sa.bindparam("now", type_=Moment()),
    )
    .order_by(webhook_lanes.c.run_at)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .with_for_update(skip_locked=True)
    .cte("next")
)
_CLAIM: Final = query(
    sa.update(webhook_lanes)
    .where(
        webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"),
        webhook_lanes.c.object_id.in_(sa.select(_next.c.object_id)),
    )
    .values(run_at=sa.bindparam("lease_until", type_=Moment()), lease_token=sa.bindparam("token"))
    .returning(
        webhook_lanes.c.endpoint_id,
        webhook_lanes.c.object_id,
        webhook_lanes.c.project_id,
        webhook_lanes.c.revision,
        webhook_lanes.c.tries,
        webhook_lanes.c.lease_token,
    ),
    Lane,
)


def _held(given: Mapping[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[bool]:
    return sa.and_(
        webhook_lanes.c.endpoint_id == given["of_endpoint"],
        webhook_lanes.c.object_id == given["of_object"],
        webhook_lanes.c.lease_token == given["token"],
    )


_HOLDER: Final = {"of_endpoint": sa.Text(), "of_object": sa.Text(), "token": sa.Text()}
_CLOSE: Final = listed(
    {**_HOLDER, "claimed_revision": sa.BigInteger()},
    lambda given: (
        sa.delete(webhook_lanes)
        .where(_held(given), webhook_lanes.c.revision == given["claimed_revision"])
        .returning(webhook_lanes.c.object_id)
    ),
    str,
)
_GO_ON: Final = listed(
    {**_HOLDER, "next_run_at": Moment()},
    lambda given: (
        sa.update(webhook_lanes)
        .where(_held(given))
        .values(run_at=given["next_run_at"], lease_token=None, tries=0)
        .returning(webhook_lanes.c.object_id)
    ),
    str,
)
_WAIT: Final = listed(
    {**_HOLDER, "next_run_at": Moment()},
    lambda given: (
        sa.update(webhook_lanes)
        .where(_held(given))
        .values(run_at=given["next_run_at"], lease_token=None, tries=webhook_lanes.c.tries + 1)
        .returning(webhook_lanes.c.object_id)
    ),
    str,
)
_LET_GO: Final = command(
    sa.update(webhook_lanes)
    .where(
        any_of(webhook_lanes.c.endpoint_id, "endpoint_ids"),
        webhook_lanes.c.run_at <= sa.bindparam("lease_until", type_=Moment()),
        any_of(webhook_lanes.c.lease_token, "tokens"),
    )
    .values(run_at=sa.bindparam("now", type_=Moment()), lease_token=None)
)
_RELEASE: Final = command(
    sa.update(webhook_lanes)
    .where(
        any_of(webhook_lanes.c.endpoint_id, "endpoint_ids"),
        webhook_lanes.c.run_at <= sa.bindparam("lease_until", type_=Moment()),
        webhook_lanes.c.lease_token.is_not(None),
    )
    .values(run_at=sa.bindparam("now", type_=Moment()), lease_token=None)
)
_late = (
    sa.select(webhook_lanes.c.object_id)
    .where(
        webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"),
        webhook_lanes.c.run_at > sa.bindparam("now", type_=Moment()),
        webhook_lanes.c.lease_token.is_(None),
    )
    .order_by(webhook_lanes.c.run_at)
    .limit(sa.bindparam("limit", type_=sa.Integer()))
    .with_for_update(skip_locked=True)
    .cte("late")
)
_BRING_FORWARD: Final = command(
    sa.update(webhook_lanes)
    .where(
        webhook_lanes.c.endpoint_id == sa.bindparam("of_endpoint"),
        webhook_lanes.c.object_id.in_(sa.select(_late.c.object_id)),
    )
    .values(
        run_at=sa.bindparam("now", type_=Moment()),
        # A try that is brought forward is an extra one: it must not use up those that the table has over three days.
        tries=sa.case((webhook_lanes.c.tries > 1, webhook_lanes.c.tries - 1), else_=webhook_lanes.c.tries),
    )
)
_ENDPOINTS: Final = query(sa.select(_busy.c.endpoint_id).where(_busy.c.endpoint_id.is_not(None)), str)


async def open_lanes(tx: Writing, lanes: Iterable[tuple[str, str, str]], *, now: datetime) -> None:
    """See to it that each (endpoint, object, project) has a lane, due now if it is new."""
    await _open(tx, _OPEN, lanes, now)


async def open_lanes_at_once(tx: Writing, lanes: Iterable[tuple[str, str, str]], *, now: datetime) -> None:
    """As `open_lanes`; one that waits for another try is due now too, with all its tries before it."""
    await _open(tx, _OPEN_AT_ONCE, lanes, now)


async def _open(tx: Writing, statement: BulkInsert, lanes: Iterable[tuple[str, str, str]], now: datetime) -> None:
    # Once each, and in one order for everybody: units that touch the same lanes take turns instead of blocking each other.
    rows = [(*lane, now) for lane in sorted(set(lanes))]
    if rows:
        await tx.insert_bulk(statement, rows)
        tx.wake(DELIVERIES)


async def due_endpoints(tx: Reading) -> list[DueEndpoint]:
    """Return every endpoint that is on, or whose project was deleted, and has lanes, due or not."""
    return await tx.all(_DUE)


async def claim_lanes(tx: Writing, wanted: Sequence[tuple[str, int]], *, now: datetime) -> list[Lane]:
    """Take due lanes for the length of a lease, of each endpoint at most as many as `wanted` says."""
    token = new_token(8)
    claimed: list[Lane] = []
    for endpoint_id, most in wanted:
        claimed += await tx.all(
            _CLAIM, of_endpoint=endpoint_id, now=now, limit=most, lease_until=now + LEASE, token=token
        )
    return claimed


async def end_tries(
    tx: Writing,
    *,
    done: Sequence[tuple[Lane, bool]],
    waiting: Sequence[tuple[Lane, datetime]],
    writes: Sequence[ListedWrite],
    now: datetime,
) -> None:
    """Write down `writes`, and leave lanes whose first delivery is `done` (`True`: there is more) or failed (when to try again).

    A lane whose lease was lost is left to whoever has it now.
    """
    closing = [{**_holder(lane), "claimed_revision": lane.revision} for lane, has_more in done if not has_more]
    going_on = [{**_holder(lane), "next_run_at": now} for lane, has_more in done if has_more]
    failed = [{**_holder(lane), "next_run_at": run_at} for lane, run_at in waiting]
    runs = [
        *writes,
        *(
            ListedWrite(statement, rows)
            for statement, rows in ((_CLOSE, closing), (_GO_ON, going_on), (_WAIT, failed))
            if rows
        ),
    ]
    counts = await tx.write_together(runs)
    if closing and counts[len(writes)] < len(closing):
        # More arrived meanwhile.
        await tx.write_together(
            [ListedWrite(_GO_ON, [{**_holder(lane), "next_run_at": now} for lane, has_more in done if not has_more])]
        )


async def let_go(tx: Writing, lanes: Sequence[Lane], *, now: datetime) -> None:
    """Give claimed lanes back untried."""
    await tx.run(
        _LET_GO,
        endpoint_ids=sorted({each.endpoint_id for each in lanes}),
        tokens=list({each.lease_token for each in lanes}),
        lease_until=now + LEASE,
        now=now,
    )


async def release_leases(tx: Writing, *, now: datetime) -> None:
    """Make every claimed lane due; right only while nobody delivers on this database."""
    await tx.run(_RELEASE, endpoint_ids=await tx.all(_ENDPOINTS), lease_until=now + LEASE, now=now)
    tx.wake(DELIVERIES)


async def bring_forward(tx: Writing, endpoint_id: str, *, most: int, now: datetime) -> int:
    """Make lanes due that wait for a later try, because the endpoint takes something again; returns how many."""
    brought = await tx.run(_BRING_FORWARD, of_endpoint=endpoint_id, now=now, limit=most)
    if brought:
        tx.wake(DELIVERIES)
    return brought


def _holder(lane: Lane) -> dict[str, Any]:
    return {"of_endpoint": lane.endpoint_id, "of_object": lane.object_id, "token": lane.lease_token}
