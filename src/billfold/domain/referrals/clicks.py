"""Clicks: that somebody followed a code's link. They never earn anything; a touch copies of them what decides about money.

They live by themselves: nothing points at them, so old ones are pruned after a while (`prune`), or kept in partitions by `slot`,
without touching money. Their ids begin with the time, so the old ones are the beginning of the primary key. Both indexes grow
at their end, as a new visitor is called after his first click: a batch writes a page of each, whoever's links were followed.

How many a code has is kept as a number that is brought up to date every minute, so that a click writes no counter and no
index by code. They are counted in the order of their ids, up to a border; what came since is counted when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from billfold.base.ids import oldest_id
from billfold.domain.referrals.click_tokens import CLICK_PREFIX
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, metadata, query
from billfold.infrastructure.db.types import Moment

# Some two milliseconds of the event loop on SQLite.
_COUNTED_AT_ONCE: Final = 2_000
_PRUNED_AT_ONCE: Final = 2_000
# An id is made before its click is stored, which another process may still be doing.
_SETTLED_AFTER: Final = timedelta(minutes=2)
_ONLY: Final = "clicks"

clicks = sa.Table(
    "clicks",
    metadata,
    sa.Column("id", sa.Text, nullable=False),
    # No foreign keys: a look at other tables for each click would cost more than the click.
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("program_id", sa.Text, nullable=False),
    sa.Column("code_id", sa.Text, nullable=False),
    sa.Column("visitor_id", sa.Text, nullable=False),
    # Which half-hour since 1970 it fell into: the unique index over it is what counts a visitor once.
    sa.Column("slot", sa.BigInteger, nullable=False),
    # link · server · script
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("referrer", sa.Text),
    # granted · not_asked, as the page said; None where no page was asked.
    sa.Column("consent", sa.Text),
    # bot · burst: kept and counted apart. Whoever signs up all the same is no machine, so it binds as any other.
    sa.Column("mark", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    # The slot belongs to the key so that the table can be partitioned by it.
    sa.PrimaryKeyConstraint("id", "slot"),
    # The visitor first: a page for each code would be written otherwise.
    sa.UniqueConstraint("visitor_id", "code_id", "slot"),
    # SQLite: one tree less to write for each click.
    sqlite_with_rowid=False,
)
# What is counted, pruned clicks too: a partner's number of clicks never falls.
click_counts = sa.Table(
    "click_counts",
    metadata,
    sa.Column("code_id", sa.Text, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("clicks", sa.BigInteger, nullable=False),
    sa.Column("marked", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("code_id"),
)
# One row of the whole installation: clicks up to this id are in `click_counts`.
click_borders = sa.Table(
    "click_borders",
    metadata,
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("counted_to", sa.Text, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.PrimaryKeyConstraint("name"),
)


# A struct and not a dataclass: one is made for every click, five times as fast.
class Click(msgspec.Struct, frozen=True):
    """A followed link; `created_at` is in the team's time, `url` where it led to, `referrer` where it stood."""

    id: str
    project_id: str
    program_id: str
    code_id: str
    visitor_id: str
    slot: int
    source: str
    url: str | None
    referrer: str | None
    consent: str | None
    mark: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClickCount:
    """How many clicks a code has, and how many more that look like a machine's."""

    code_id: str
    clicks: int
    marked: int


_GET: Final = query(
    sa.select(*clicks.c).where(
        clicks.c.id == sa.bindparam("click_id"), clicks.c.project_id == sa.bindparam("project_id")
    ),
    Click,
)
_plain: Final = sa.case((clicks.c.mark.is_(None), 1), else_=0)
_marked: Final = sa.case((clicks.c.mark.is_(None), 0), else_=1)
_border: Final = (
    sa.select(click_borders.c.counted_to)
    .where(click_borders.c.name == sa.literal_column(f"'{_ONLY}'"))
    .scalar_subquery()
)
_counted_to: Final = sa.func.coalesce(_border, sa.literal_column("''"))
_COUNTED_TO: Final = query(sa.select(_counted_to), str)
_step: Final = (
    sa.select(clicks.c.id)
    .where(clicks.c.id > sa.bindparam("start"), clicks.c.id < sa.bindparam("before_id"))
    .order_by(clicks.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .subquery()
)
_LAST_OF_STEP: Final = query(sa.select(sa.func.max(_step.c.id)), lambda last: last if last is None else str(last))
_new_border = insert(click_borders).values(
    name=_ONLY,
    counted_to=sa.bindparam("end"),
    updated_at=sa.bindparam("now", type_=Moment()),
)
_MOVE: Final = query(
    _new_border.on_conflict_do_update(
        index_elements=["name"],
        set_={"counted_to": _new_border.excluded.counted_to, "updated_at": _new_border.excluded.updated_at},
        where=click_borders.c.counted_to == sa.bindparam("start"),
    ).returning(click_borders.c.counted_to),
    str,
)
_new_counts = insert(click_counts).from_select(
    ["code_id", "project_id", "clicks", "marked"],
    sa.select(clicks.c.code_id, clicks.c.project_id, sa.func.sum(_plain), sa.func.sum(_marked))
    .where(clicks.c.id > sa.bindparam("start"), clicks.c.id <= sa.bindparam("end"))
    .group_by(clicks.c.code_id, clicks.c.project_id),
)
_COUNT: Final = command(
    _new_counts.on_conflict_do_update(
        index_elements=["code_id"],
        set_={
            "clicks": click_counts.c.clicks + _new_counts.excluded.clicks,
            "marked": click_counts.c.marked + _new_counts.excluded.marked,
        },
    )
)
# In one statement, which sees one moment: a step of counting in between would be in both halves, or in none.
_both: Final = sa.union_all(
    sa.select(click_counts.c.code_id, click_counts.c.clicks, click_counts.c.marked).where(
        any_of(click_counts.c.code_id, "code_ids")
    ),
    sa.select(clicks.c.code_id, _plain, _marked).where(clicks.c.id > _counted_to, any_of(clicks.c.code_id, "code_ids")),
).subquery()
_TOTALS: Final = query(
    sa.select(_both.c.code_id, sa.func.sum(_both.c.clicks), sa.func.sum(_both.c.marked)).group_by(_both.c.code_id),
    # PostgreSQL sums whole numbers to a decimal.
    lambda code_id, plain, marked: ClickCount(code_id, int(plain), int(marked)),
)
_oldest: Final = (
    sa.select(clicks.c.id)
    .where(clicks.c.id < sa.bindparam("before_id"), clicks.c.id <= _counted_to)
    .order_by(clicks.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .scalar_subquery()
)
_PRUNE: Final = command(sa.delete(clicks).where(clicks.c.id.in_(_oldest)))


async def find_click(tx: Reading, project_id: str, click_id: str) -> Click | None:
    """Return a click of the project, None for one that never was or was pruned."""
    return await tx.first(_GET, project_id=project_id, click_id=click_id)


async def count_clicks(tx: Reading, code_ids: Sequence[str]) -> dict[str, ClickCount]:
    """Return how many clicks each of a project's codes ever had, pruned ones too."""
    totals = {code_id: ClickCount(code_id, 0, 0) for code_id in code_ids}
    totals.update((each.code_id, each) for each in await tx.all(_TOTALS, code_ids=list(code_ids)))
    return totals


async def count_step(tx: Writing, *, now: datetime) -> bool:
    """Count some thousand clicks that nobody counted yet; returns whether there were any. `now` is the wall clock's.

    Two who count at once do not count twice: the border moves for one of them only.
    """
    start = await tx.one(_COUNTED_TO)
    before_id = oldest_id(CLICK_PREFIX, now - _SETTLED_AFTER)
    end = await tx.one(_LAST_OF_STEP, start=start, before_id=before_id, most=_COUNTED_AT_ONCE)
    if end is None or await tx.first(_MOVE, start=start, end=end, now=now) is None:
        return False
    await tx.run(_COUNT, start=start, end=end)
    return True


async def prune(tx: Writing, *, before: datetime) -> int:
    """Remove the oldest counted clicks from before a moment of the wall clock; returns how many, 0 when none is left."""
    return await tx.run(_PRUNE, before_id=oldest_id(CLICK_PREFIX, before), most=_PRUNED_AT_ONCE)
