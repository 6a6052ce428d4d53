"""The sums of a project's overview, and the copy of them that is kept for a project with many customers.

They go over everything that a project has. With a hundred thousand customers that takes seconds, so nobody's page waits for it:
an hourly job sums up what has grown large and keeps it, the console keeps what it summed up itself, and a page shows what is
kept, with its moment, while it is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.domain.analytics.months import Month, last_months
from billfold.domain.analytics.overview import DEFAULT_DAYS, Overview, overview
from billfold.domain.billing.customers import customers
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, metadata, query, row_tuple
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Run, StepHandler

KEEP_JOB: Final = "figures.keep"
_EVERY: Final = timedelta(hours=1)
RECURRING: Final = (Recurring(KEEP_JOB, _EVERY),)
# With fewer customers the sums are a matter of milliseconds and are made for each page.
LARGE: Final = 1_000

kept_figures = sa.Table(
    "kept_figures",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("content", Json, nullable=False),
    # The team's time of which they are, and the wall clock when they were made.
    sa.Column("at", Moment, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    # How long the sums took, in microseconds.
    sa.Column("took_us", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """The overview's numbers and its last twelve months, both of one moment."""

    overview: Overview
    months: list[Month]


@dataclass(frozen=True, slots=True)
class Kept:
    """Sums as they are kept: of the team's time `at`, made at `made_at` of the wall clock in `took_us` microseconds."""

    sums: Sums
    at: datetime
    made_at: datetime
    took_us: int


@dataclass(frozen=True, slots=True)
class _Project:
    id: str
    team_id: str
    currency: str
    clock_offset_us: int
    made_at: datetime | None


_FIND: Final = query(
    sa.select(kept_figures.c.content, kept_figures.c.at, kept_figures.c.made_at, kept_figures.c.took_us).where(
        kept_figures.c.project_id == sa.bindparam("project_id")
    ),
    row_tuple,
)
_new = insert(kept_figures).values(
    project_id=sa.bindparam("project_id"),
    content=sa.bindparam("content", type_=Json()),
    at=sa.bindparam("of", type_=Moment()),
    made_at=sa.bindparam("made_at", type_=Moment()),
    took_us=sa.bindparam("took_us", type_=sa.BigInteger()),
)
# Two who sum up at once write in any order: what was made later stays.
_KEEP: Final = command(
    _new.on_conflict_do_update(
        index_elements=["project_id"],
        set_={name: _new.excluded[name] for name in ("content", "at", "made_at", "took_us")},
        where=kept_figures.c.made_at < _new.excluded.made_at,
    )
)
_LAST_OF_MANY: Final = query(
    sa.select(customers.c.created_at)
    .where(customers.c.project_id == sa.bindparam("project_id"), customers.c.deleted_at.is_(None))
    .order_by(customers.c.created_at.desc(), customers.c.id.desc())
    .limit(1)
    .offset(LARGE - 1),
    datetime,
)
_NEXT: Final = query(
    sa.select(projects.c.id, projects.c.team_id, projects.c.currency, teams.c.clock_offset_us, kept_figures.c.made_at)
    .join_from(projects, teams, teams.c.id == projects.c.team_id)
    .outerjoin(kept_figures, kept_figures.c.project_id == projects.c.id)
    .where(projects.c.id > sa.bindparam("after"), projects.c.deleted_at.is_(None))
    .order_by(projects.c.id)
    .limit(1),
    _Project,
)


async def sum_up(tx: Reading, *, team_id: str, project_id: str, currency: str, at: datetime) -> Sums:
    """Add everything up, as of the team's time `at`. Call it in a `db.snapshot`: it takes long and must see one moment."""
    found = await overview(tx, team_id=team_id, project_id=project_id, days=DEFAULT_DAYS, at=at)
    return Sums(found, await last_months(tx, project_id, currency=currency, revenue_now=found.mrr, at=at))


async def is_large(tx: Reading, project_id: str) -> bool:
    """Tell whether a project has so many customers that its sums are kept."""
    return await tx.first(_LAST_OF_MANY, project_id=project_id) is not None


async def keep(tx: Writing, project_id: str, kept: Kept) -> None:
    """Keep sums in the place of those that were made before them."""
    await tx.run(
        _KEEP, project_id=project_id, content=kept.sums, of=kept.at, made_at=kept.made_at, took_us=kept.took_us
    )


async def find_kept(tx: Reading, project_id: str) -> Kept | None:
    """Return what is kept of a project; None if nothing is, or if another version of Billfold kept it in another form."""
    found = await tx.first(_FIND, project_id=project_id)
    if found is None:
        return None
    content, at, made_at, took_us = found
    try:
        return Kept(msgspec.convert(content, Sums), at, made_at, took_us)
    except msgspec.ValidationError:
        return None


async def keep_large(run: Run) -> None:
    """Sum up each large project that nobody summed up within the hour, one after the other."""
    project: _Project | None = await run.db.read(_next, "")
    while project is not None:
        now = run.clock.now()
        is_due = project.made_at is None or project.made_at <= now - _EVERY
        if is_due and await run.db.read(is_large, project.id):
            await _keep_one(run, project, now)
        project = await run.db.read(_next, project.id)


async def _keep_one(run: Run, project: _Project, now: datetime) -> None:
    at = now + timedelta(microseconds=project.clock_offset_us)
    ids: dict[str, Any] = {"team_id": project.team_id, "project_id": project.id}
    sums = await run.db.snapshot(sum_up, **ids, currency=project.currency, at=at)
    took_us = (run.clock.now() - now) // timedelta(microseconds=1)
    await run.db.write(keep, project.id, Kept(sums, at, now, took_us))


async def _next(tx: Reading, after: str) -> _Project | None:
    return await tx.first(_NEXT, after=after)


HANDLERS: Final = {KEEP_JOB: StepHandler(keep_large)}
