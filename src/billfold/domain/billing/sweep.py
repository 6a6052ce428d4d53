"""The sweep: reads the provider's own list of events and stores what never arrived (DESIGN section 5).

Deliveries get lost: an endpoint was switched off, a server was down for longer than Stripe tries. Stripe keeps the list for
30 days. Each sweep starts an hour before the last one began; what it finds goes the same way as a delivery does.

The list is newest first and is read page by page. How far a long sweep came is stored after each page, so one that dies
goes on where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import Invalid
from billfold.domain.billing.stripe_events import Arrival, drop_old_bodies, receive, refusal_of
from billfold.domain.billing.sync import Gateways
from billfold.domain.tenancy.teams import Team, all_teams, get_team, teams
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import NewJob, enqueue_many
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler
from billfold.infrastructure.stripe.port import StripeGateway, StripeRejected

SWEEP_JOB: Final = "stripe.sweep"
SWEEP_TEAM_JOB: Final = "stripe.sweep_team"
PRUNE_JOB: Final = "stripe.prune_events"
RECURRING: Final = (Recurring(SWEEP_JOB, timedelta(hours=1)), Recurring(PRUNE_JOB, timedelta(days=1)))

EVENTS_KEPT_BY_STRIPE: Final = timedelta(days=30)
_OVERLAP: Final = timedelta(hours=1)
# 100 events a page.
MOST_PAGES: Final = 1_000
# So many in one go of the job, which must end before its lease does.
_PAGES_A_JOB: Final = 20

stripe_sweeps = sa.Table(
    "stripe_sweeps",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    # When the last complete sweep began, in the account's time, which is the team's; None before the first one ended.
    sa.Column("swept_until", Moment),
    # Of a sweep that is not complete: when it began, and the last event that it read.
    sa.Column("began_at", Moment),
    sa.Column("read_until", sa.Text),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sweeps of a team have come."""

    team_id: str
    swept_until: datetime | None
    began_at: datetime | None
    read_until: str | None


_PROGRESS: Final = query(
    sa.select(*stripe_sweeps.c).where(stripe_sweeps.c.team_id == sa.bindparam("team_id")), Progress
)
_new = insert_row(stripe_sweeps)
_REMEMBER: Final = command(
    _new.on_conflict_do_update(
        index_elements=["team_id"],
        set_={name: _new.excluded[name] for name in ("swept_until", "began_at", "read_until")},
    )
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: how many events it read and how many of them were new.

    `read_until` is the last event that it read if more follow, None if it came to the end of the list.
    """

    read: int
    stored: int
    read_until: str | None


async def sweep_team(
    db: Database,
    gateway: StripeGateway,
    team_id: str,
    *,
    since: datetime,
    now: datetime,
    after: str | None = None,
    pages: int = MOST_PAGES,
) -> Swept:
    """Store every event since a moment of the account's time that we do not have, newest first, and leave their sync jobs.

    `after` is the event to go on behind. Raises `StripeUnavailable`; what was read until then is stored.
    """
    account = await gateway.get_account()
    read = stored = 0
    for _ in range(pages):
        page, more = await gateway.list_events(since=since, after=after)
        arrivals = [
            Arrival(
                team_id=team_id,
                event=event,
                body=body,
                received_at=now,
                refusal=refusal_of(event, livemode=account.livemode, account_id=account.id),
            )
            for event, body in page
        ]
        if arrivals:
            stored += sum(await db.write(receive, arrivals))
            read += len(arrivals)
            after = page[-1][0].id
        if not more or not page:
            return Swept(read=read, stored=stored, read_until=None)
    return Swept(read=read, stored=stored, read_until=after)


def sweep_handlers(gateways: Gateways) -> Mapping[str, Handler]:
    """Return the handlers of the sweep's jobs and of the pruning of old bodies, for the worker; see also `RECURRING`."""

    async def steps(run: Run) -> None:
        await _sweep_one(run, gateways)

    return {
        SWEEP_JOB: UnitHandler(_sweep_all),
        SWEEP_TEAM_JOB: StepHandler(steps),
        PRUNE_JOB: UnitHandler(_prune),
    }


async def _sweep_all(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    waiting = [
        NewJob(name=SWEEP_TEAM_JOB, key=team.id, team_id=team.id, payload={"team_id": team.id}, now=now)
        for team in sorted(await all_teams(tx), key=lambda team: team.id)
    ]
    await enqueue_many(tx, waiting)


async def _sweep_one(run: Run, gateways: Gateways) -> None:
    team_id: str = run.payload["team_id"]
    try:
        gateway = await gateways.gateway(team_id)
    except Invalid:
        return  # not connected: there is nothing to sweep
    team, progress = await run.db.read(_look, team_id)
    now = run.clock.now()
    at = team.time_at(now)
    earliest = at - EVENTS_KEPT_BY_STRIPE
    since = earliest
    # One that ended in the future was written by a clock that went back since: where it stopped is not known.
    if progress.swept_until is not None and progress.swept_until <= at:
        since = max(earliest, progress.swept_until - _OVERLAP)
    began_at = progress.began_at or at
    try:
        swept = await sweep_team(
            run.db, gateway, team_id, since=since, now=now, after=progress.read_until, pages=_PAGES_A_JOB
        )
    except StripeRejected:
        if progress.read_until is None:
            raise
        # The event to go on behind has left Stripe's list: begin again, with what is still there.
        await run.finish(_remember, replace(progress, began_at=None, read_until=None), now)
        return
    if swept.read_until is None:
        progress = replace(progress, swept_until=began_at, began_at=None, read_until=None)
    else:
        progress = replace(progress, began_at=began_at, read_until=swept.read_until)
    await run.finish(_remember, progress, now)


async def _look(tx: Reading, team_id: str) -> tuple[Team, Progress]:
    team = await get_team(tx, team_id)
    return team, await tx.first(_PROGRESS, team_id=team_id) or Progress(team_id, None, None, None)


async def _remember(tx: Writing, progress: Progress, now: datetime) -> None:
    await tx.run(_REMEMBER, **values_of(progress))
    if progress.read_until is not None:
        # Merges with the job that is ending, which therefore runs once more.
        team_id = progress.team_id
        again = NewJob(name=SWEEP_TEAM_JOB, key=team_id, team_id=team_id, payload={"team_id": team_id}, now=now)
        await enqueue_many(tx, [again])


async def _prune(tx: Writing, payload: Any, now: datetime) -> None:
    del payload
    if await drop_old_bodies(tx, now=now):
        await enqueue_many(tx, [NewJob(name=PRUNE_JOB, key=PRUNE_JOB, team_id=None, payload={}, now=now)])
