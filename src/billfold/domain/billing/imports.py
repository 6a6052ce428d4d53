"""How far the import of a team's Stripe account has come: one run a team, one line for each kind of object (contract G25).

A line's cursor moves in the unit that stores the page before it, so whatever dies, the run goes on where it was and nothing is
counted twice. `pages` guards each move: of two who read the same page, one stores it.

Whoever works on a run *holds* it for a minute at a time: the request that started it, the worker's job, or the command line.
What dies lets go of it by that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Conflict, Invalid
from billfold.base.ids import new_id
from billfold.domain.billing.freshness import impossible_after
from billfold.domain.billing.raw_objects import KINDS
from billfold.domain.tenancy.stripe_connections import set_sync_status
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.queue import enqueue

IMPORT_JOB: Final = "stripe.import"
# Longer than a page takes with all its questions to Stripe.
HOLD: Final = timedelta(seconds=60)
RUNNING: Final = "running"
_LONGEST_ERROR: Final = 500
# The state of the run as the connection shows it (contract section 4.1 and G25).
_SYNC_STATUS: Final = {RUNNING: "syncing", "finished": "ready", "stopped": "pending", "failed": "error"}

stripe_imports = sa.Table(
    "stripe_imports",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    # running · finished · stopped (by a person) · failed (a person has to look).
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("kinds", Json, nullable=False),
    # Only what was created in Stripe since then; None is everything.
    sa.Column("created_since", Moment),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("last_error", sa.Text),
    # Who works on it, and until when the others keep off.
    sa.Column("held_by", sa.Text),
    sa.Column("held_until", Moment),
)

stripe_import_lines = sa.Table(
    "stripe_import_lines",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(stripe_imports.c.team_id), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    # The last object that was read; None before the first page.
    sa.Column("cursor", sa.Text),
    sa.Column("pages", sa.BigInteger, nullable=False),
    sa.Column("read", sa.BigInteger, nullable=False),
    # How many of them are in a project.
    sa.Column("assigned", sa.BigInteger, nullable=False),
    # How many were not of the documented shape; their copy is kept.
    sa.Column("unreadable", sa.BigInteger, nullable=False),
    # What a complete run before found; Stripe's lists do not say how long they are.
    sa.Column("expected", sa.BigInteger),
    sa.Column("finished_at", Moment),
)


@dataclass(frozen=True, slots=True)
class Import:
    """A team's latest run; all moments are the wall clock's, `created_since` is Stripe's."""

    team_id: str
    run_id: str
    status: str
    kinds: list[str]
    created_since: datetime | None
    started_at: datetime
    finished_at: datetime | None
    last_error: str | None
    held_by: str | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """How far a run is with one kind of object."""

    team_id: str
    kind: str
    position: int
    cursor: str | None
    pages: int
    read: int
    assigned: int
    unreadable: int
    expected: int | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A run with its lines in the order of the work."""

    run: Import
    lines: tuple[Line, ...]

    @property
    def next_line(self) -> Line | None:
        """The line to work on, None if all are done."""
        return next((line for line in self.lines if line.finished_at is None), None)

    @property
    def read(self) -> int:
        """How many objects were read."""
        return sum(line.read for line in self.lines)

    @property
    def done(self) -> int:
        """How many kinds are done."""
        return sum(line.finished_at is not None for line in self.lines)

    @property
    def percent(self) -> int:
        """How far the run is, from 0 to 100: each kind counts alike.

        Stripe's lists do not say how long they are. So a kind that is being read counts by what a complete run before found,
        and on a team's first run not until it is done.
        """
        if not self.lines:
            return 100
        return sum(_percent_of(line) for line in self.lines) // len(self.lines)


class Overtaken(Exception):
    """Somebody else stored this page, or the run was stopped: what was about to be written is rolled back."""


def _percent_of(line: Line) -> int:
    if line.finished_at is not None:
        return 100
    return min(line.read * 100 // line.expected, 99) if line.expected else 0


_of_team = stripe_imports.c.team_id == sa.bindparam("team_id")
_GET: Final = query(sa.select(*stripe_imports.c).where(_of_team), Import)
_LOCK: Final = query(sa.select(*stripe_imports.c).where(_of_team).with_for_update(), Import)
_LINES: Final = query(
    sa.select(*stripe_import_lines.c)
    .where(stripe_import_lines.c.team_id == sa.bindparam("team_id"))
    .order_by(stripe_import_lines.c.position),
    Line,
)
_new = insert_row(stripe_imports)
_PUT: Final = command(
    _new.on_conflict_do_update(
        index_elements=["team_id"],
        set_={column.name: _new.excluded[column.name] for column in stripe_imports.c if column.name != "team_id"},
        # Of two who begin at once the second finds it running.
        where=stripe_imports.c.status != RUNNING,
    )
)
_DROP_LINES: Final = command(
    sa.delete(stripe_import_lines).where(stripe_import_lines.c.team_id == sa.bindparam("team_id"))
)
_ADD_LINE: Final = command(insert_row(stripe_import_lines))
_HOLD: Final = query(
    sa.update(stripe_imports)
    .where(
        stripe_imports.c.team_id == sa.bindparam("of_team"),
        stripe_imports.c.status == RUNNING,
        sa.or_(
            stripe_imports.c.held_until.is_(None),
            stripe_imports.c.held_by == sa.bindparam("holder"),
            stripe_imports.c.held_until <= sa.bindparam("now", type_=Moment()),
            # Farther ahead than anybody may hold it, however their clocks differ: the clock was set back since.
            stripe_imports.c.held_until > sa.bindparam("impossible", type_=Moment()),
        ),
    )
    .values(held_by=sa.bindparam("holder"), held_until=sa.bindparam("until", type_=Moment()))
    .returning(stripe_imports.c.run_id),
    str,
)
_LET_GO: Final = command(
    sa.update(stripe_imports)
    .where(stripe_imports.c.team_id == sa.bindparam("of_team"), stripe_imports.c.held_by == sa.bindparam("holder"))
    .values(held_by=None, held_until=None)
)
_STILL_RUNS: Final = command(
    sa.update(stripe_imports)
    .where(
        stripe_imports.c.team_id == sa.bindparam("of_team"),
        stripe_imports.c.run_id == sa.bindparam("of_run"),
        stripe_imports.c.status == RUNNING,
    )
    .values(last_error=None)
)
_MOVE: Final = command(
    sa.update(stripe_import_lines)
    .where(
        stripe_import_lines.c.team_id == sa.bindparam("of_team"),
        stripe_import_lines.c.kind == sa.bindparam("of_kind"),
        stripe_import_lines.c.pages == sa.bindparam("seen_pages", type_=sa.BigInteger()),
    )
    .values(
        cursor=sa.bindparam("new_cursor"),
        pages=stripe_import_lines.c.pages + 1,
        read=sa.bindparam("new_read", type_=sa.BigInteger()),
        assigned=sa.bindparam("new_assigned", type_=sa.BigInteger()),
        unreadable=sa.bindparam("new_unreadable", type_=sa.BigInteger()),
        finished_at=sa.bindparam("done_at", type_=Moment()),
    )
)
_END: Final = command(
    sa.update(stripe_imports)
    .where(stripe_imports.c.team_id == sa.bindparam("of_team"), stripe_imports.c.status == RUNNING)
    .values(
        status=sa.bindparam("new_status"),
        last_error=sa.bindparam("error"),
        finished_at=sa.bindparam("ended_at", type_=Moment()),
        held_by=None,
        held_until=None,
    )
)
_NOTE_ERROR: Final = command(
    sa.update(stripe_imports)
    .where(stripe_imports.c.team_id == sa.bindparam("of_team"), stripe_imports.c.status == RUNNING)
    .values(last_error=sa.bindparam("error"))
)


def checked_kinds(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the kinds of objects in the order of the work, all for None; raises `Invalid` for an unknown one (G25)."""
    if not given:
        return KINDS
    unknown = [each for each in given if each not in KINDS]
    if unknown:
        raise Invalid(f"objects must be some of {', '.join(KINDS)}, not {unknown[0][:40]!r}.")
    return tuple(kind for kind in KINDS if kind in given)


async def start(
    tx: Writing,
    *,
    team_id: str,
    kinds: Sequence[str],
    created_since: datetime | None,
    holder: str,
    now: datetime,
) -> Progress:
    """Begin a run and hold it, or go on with one of the same wishes that was stopped or failed; leaves its job.

    Raises `Conflict` while one is running (contract G25). A new run reads everything again: what is stored is brought up to
    date, never doubled.
    """
    before = await tx.first(_LOCK, team_id=team_id)
    if before is not None and before.status == RUNNING:
        raise Conflict("An import of this team's Stripe account is running already: its status says how far it is.")
    lines = await tx.all(_LINES, team_id=team_id)
    goes_on = (
        before is not None
        and before.status != "finished"
        and tuple(before.kinds) == tuple(kinds)
        and before.created_since == created_since
    )
    run = Import(
        team_id=team_id,
        run_id=new_id("run_"),
        status=RUNNING,
        kinds=list(kinds),
        created_since=created_since,
        started_at=before.started_at if before is not None and goes_on else now,
        finished_at=None,
        last_error=None,
        held_by=holder,
        held_until=now + HOLD,
    )
    if not await tx.run(_PUT, **values_of(run)):
        raise Conflict("An import of this team's Stripe account is running already: its status says how far it is.")
    if not goes_on:
        found_before = {} if before is None or before.created_since is not None else {
            line.kind: line.read for line in lines if line.finished_at is not None
        }  # fmt: skip
        await tx.run(_DROP_LINES, team_id=team_id)
        lines = [
            Line(
                team_id,
                kind,
                position,
                None,
                0,
                0,
                0,
                0,
                found_before.get(kind) if created_since is None else None,
                None,
            )
            for position, kind in enumerate(kinds)
        ]
        await tx.run_many(_ADD_LINE, [values_of(line) for line in lines])
    await set_sync_status(tx, team_id=team_id, status=_SYNC_STATUS[RUNNING])
    await leave_job(tx, team_id, now=now, run_at=now + HOLD)
    return Progress(run, tuple(lines))


async def leave_job(tx: Writing, team_id: str, *, now: datetime, run_at: datetime, key: str | None = None) -> None:
    """Have the worker go on with the run from `run_at` on; merges with a waiting job of the same key, the team's id."""
    await enqueue(tx, IMPORT_JOB, {"team_id": team_id}, now=now, run_at=run_at, key=key or team_id, team_id=team_id)


async def find_progress(tx: Reading, team_id: str) -> Progress | None:
    """Return a team's latest run and how far it is, None if there never was one."""
    run = await tx.first(_GET, team_id=team_id)
    return None if run is None else Progress(run, tuple(await tx.all(_LINES, team_id=team_id)))


async def hold(tx: Writing, team_id: str, holder: str, *, now: datetime) -> Progress | None:
    """Take or keep a running run for a minute; None if none is running or somebody else holds it."""
    until = now + HOLD
    if (
        await tx.first(_HOLD, of_team=team_id, holder=holder, now=now, until=until, impossible=impossible_after(until))
        is None
    ):
        return None
    return await find_progress(tx, team_id)


async def let_go(tx: Writing, team_id: str, holder: str, *, now: datetime) -> None:
    """Give a run that is still running to the worker at once."""
    if await tx.run(_LET_GO, of_team=team_id, holder=holder):
        await leave_job(tx, team_id, now=now, run_at=now)


async def move(
    tx: Writing,
    run: Import,
    line: Line,
    *,
    cursor: str | None,
    read: int,
    assigned: int,
    unreadable: int,
    is_last: bool,
    now: datetime,
) -> None:
    """Note in the unit that stores a page what it held; raises `Overtaken` if this page is no longer the next one."""
    if not await tx.run(_STILL_RUNS, of_team=run.team_id, of_run=run.run_id):
        raise Overtaken
    moved = await tx.run(
        _MOVE,
        of_team=run.team_id,
        of_kind=line.kind,
        seen_pages=line.pages,
        new_cursor=cursor,
        new_read=line.read + read,
        new_assigned=line.assigned + assigned,
        new_unreadable=line.unreadable + unreadable,
        done_at=now if is_last else None,
    )
    if not moved:
        raise Overtaken


async def restart_line(tx: Writing, run: Import, line: Line, *, now: datetime) -> None:
    """Begin one kind again: the object to go on behind is gone from Stripe's list."""
    back = Line(line.team_id, line.kind, line.position, None, line.pages, 0, 0, 0, line.expected, None)
    await move(tx, run, back, cursor=None, read=0, assigned=0, unreadable=0, is_last=False, now=now)


async def end(tx: Writing, team_id: str, status: str, *, error: str | None = None, now: datetime) -> bool:
    """End a running run as finished, stopped or failed; False if none was running."""
    text = None if error is None else error[:_LONGEST_ERROR]
    if not await tx.run(_END, of_team=team_id, new_status=status, error=text, ended_at=now):
        return False
    await set_sync_status(tx, team_id=team_id, status=_SYNC_STATUS[status])
    return True


async def stop(tx: Writing, team_id: str, *, now: datetime) -> None:
    """Stop a running run where it is; `start` with the same wishes goes on there. Raises `Conflict` if none is running."""
    if not await end(tx, team_id, "stopped", now=now):
        raise Conflict("No import of this team's Stripe account is running.")


async def note_error(tx: Writing, team_id: str, error: str) -> None:
    """Show what the run is waiting for."""
    await tx.run(_NOTE_ERROR, of_team=team_id, error=error[:_LONGEST_ERROR])
