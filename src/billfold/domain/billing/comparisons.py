"""The latest comparison of a team's rows with Stripe: what was looked at and each difference, up to a bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.errors import Conflict
from billfold.base.ids import new_id
from billfold.domain.billing.differences import Difference
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.jobs.queue import enqueue

COMPARE_JOB: Final = "stripe.compare"
# The rest is counted: whoever sees these knows that much is wrong.
MOST_KEPT: Final = 500
_LONGEST_ERROR: Final = 500

stripe_comparisons = sa.Table(
    "stripe_comparisons",
    metadata,
    sa.Column("team_id", sa.Text, sa.ForeignKey(teams.c.id), primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    # running · finished · failed
    sa.Column("status", sa.Text, nullable=False),
    # How many rows of each kind were to be looked at; None is all.
    sa.Column("sample", sa.BigInteger),
    # Kind: how many objects were compared.
    sa.Column("compared", Json, nullable=False),
    sa.Column("differences", Json, nullable=False),
    sa.Column("difference_count", sa.BigInteger, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
    sa.Column("last_error", sa.Text),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison; `differences` are those of `Difference`, at most `MOST_KEPT`."""

    team_id: str
    run_id: str
    status: str
    sample: int | None
    compared: dict[str, int]
    differences: list[dict[str, Any]]
    difference_count: int
    started_at: datetime
    finished_at: datetime | None
    last_error: str | None


_GET: Final = query(
    sa.select(*stripe_comparisons.c).where(stripe_comparisons.c.team_id == sa.bindparam("team_id")), Comparison
)
_new = insert_row(stripe_comparisons)
_set = {column.name: _new.excluded[column.name] for column in stripe_comparisons.c if column.name != "team_id"}
_START: Final = command(
    _new.on_conflict_do_update(
        index_elements=["team_id"], set_=_set, where=stripe_comparisons.c.status != sa.literal("running")
    )
)
_NOTE_PROGRESS: Final = command(
    sa.update(stripe_comparisons)
    .where(
        stripe_comparisons.c.team_id == sa.bindparam("of_team"),
        stripe_comparisons.c.run_id == sa.bindparam("of_run"),
        stripe_comparisons.c.status == sa.literal("running"),
    )
    .values(compared=sa.bindparam("so_far", type_=Json()))
)
_PUT: Final = command(_new.on_conflict_do_update(index_elements=["team_id"], set_=_set))


async def start(tx: Writing, *, team_id: str, sample: int | None, now: datetime) -> Comparison:
    """Have the worker compare; raises `Conflict` while it does."""
    begun = Comparison(team_id, new_id("cmp_"), "running", sample, {}, [], 0, now, None, None)
    if not await tx.run(_START, **values_of(begun)):
        raise Conflict("A comparison with Stripe is running already: read its report in a moment.")
    await enqueue(tx, COMPARE_JOB, {"team_id": team_id}, now=now, key=team_id, team_id=team_id)
    return begun


async def find(tx: Reading, team_id: str) -> Comparison | None:
    """Return the latest comparison, None if there never was one."""
    return await tx.first(_GET, team_id=team_id)


async def finish(
    tx: Writing,
    *,
    team_id: str,
    sample: int | None,
    compared: Mapping[str, int],
    differences: Sequence[Difference],
    count: int,
    started_at: datetime,
    now: datetime,
) -> Comparison:
    """Keep a report; `differences` are the first ones of `count`."""
    done = Comparison(
        team_id=team_id,
        run_id=new_id("cmp_"),
        status="finished",
        sample=sample,
        compared=dict(compared),
        differences=[asdict(each) for each in differences[:MOST_KEPT]],
        difference_count=count,
        started_at=started_at,
        finished_at=now,
        last_error=None,
    )
    await tx.run(_PUT, **values_of(done))
    return done


async def note_progress(tx: Writing, begun: Comparison, compared: Mapping[str, int]) -> None:
    """Show how many objects of each kind were compared so far."""
    await tx.run(_NOTE_PROGRESS, of_team=begun.team_id, of_run=begun.run_id, so_far=dict(compared))


async def fail(tx: Writing, begun: Comparison, error: str, now: datetime) -> None:
    """Note why a comparison gave no report."""
    failed = Comparison(
        begun.team_id,
        begun.run_id,
        "failed",
        begun.sample,
        begun.compared,
        begun.differences,
        begun.difference_count,
        begun.started_at,
        now,
        error[:_LONGEST_ERROR],
    )
    await tx.run(_PUT, **values_of(failed))
