"""Clicks: that somebody followed a code's link. They never earn anything; a touch copies of them what decides about money.

They live by themselves: nothing points at them, so old ones are pruned after a while (`prune`), or kept in partitions by `slot`,
without touching money. Their ids begin with the time, so the old ones are the beginning of the primary key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from billfold.base.ids import oldest_id
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, insert_listed, listed, metadata, query, row_tuple
from billfold.infrastructure.db.types import Moment

# Contract section 3.7: the same visitor and code count once within this time.
SAME_CLICK: Final = timedelta(minutes=30)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PRUNED_AT_ONCE: Final = 2_000

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
    sa.UniqueConstraint("code_id", "visitor_id", "slot"),
    # SQLite: one tree less to write for each click.
    sqlite_with_rowid=False,
)
# What was pruned, counted: a partner's number of clicks never falls.
click_counts = sa.Table(
    "click_counts",
    metadata,
    sa.Column("code_id", sa.Text, nullable=False),
    sa.Column("project_id", sa.Text, nullable=False),
    sa.Column("clicks", sa.BigInteger, nullable=False),
    sa.Column("marked", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("code_id"),
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


_values: Final = attrgetter(*(column.name for column in clicks.c))
_ADD: Final = BulkInsert(
    clicks,
    [column.name for column in clicks.c],
    key=("id",),
    finish=lambda new: new.on_conflict_do_nothing(),
)
_asked: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "asked_code_id": sa.Text(),
    "asked_visitor_id": sa.Text(),
    "asked_project_id": sa.Text(),
    "asked_slot": sa.BigInteger(),
    "since": Moment(),
}


def _recent_of(given: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return sa.select(clicks.c.code_id, clicks.c.visitor_id, clicks.c.id, clicks.c.created_at).where(
        clicks.c.code_id == given["asked_code_id"],
        clicks.c.visitor_id == given["asked_visitor_id"],
        clicks.c.project_id == given["asked_project_id"],
        # The half-hour and the one before it: two steps in the unique index.
        clicks.c.slot >= given["asked_slot"] - 1,
        clicks.c.created_at > given["since"],
    )


_RECENT: Final = listed(_asked, _recent_of, row_tuple)
_GET: Final = query(
    sa.select(*clicks.c).where(
        clicks.c.id == sa.bindparam("click_id"), clicks.c.project_id == sa.bindparam("project_id")
    ),
    Click,
)
_LIVE_COUNTS: Final = query(
    sa.select(
        clicks.c.code_id,
        sa.func.sum(sa.case((clicks.c.mark.is_(None), 1), else_=0)),
        sa.func.sum(sa.case((clicks.c.mark.is_(None), 0), else_=1)),
    )
    .where(any_of(clicks.c.code_id, "code_ids"))
    .group_by(clicks.c.code_id),
    # PostgreSQL sums whole numbers to a decimal.
    lambda code_id, plain, marked: ClickCount(code_id, int(plain), int(marked)),
)
_OLD_COUNTS: Final = query(
    sa.select(click_counts.c.code_id, click_counts.c.clicks, click_counts.c.marked).where(
        any_of(click_counts.c.code_id, "code_ids")
    ),
    ClickCount,
)
_OLDEST: Final = (
    sa.select(clicks.c.id)
    .where(clicks.c.id < sa.bindparam("before_id"))
    .order_by(clicks.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .scalar_subquery()
)
_PRUNE: Final = query(
    sa.delete(clicks).where(clicks.c.id.in_(_OLDEST)).returning(clicks.c.project_id, clicks.c.code_id, clicks.c.mark),
    row_tuple,
)


def _count_on(new: Any) -> Any:
    return new.on_conflict_do_update(
        index_elements=["code_id"],
        set_={
            "clicks": click_counts.c.clicks + new.excluded.clicks,
            "marked": click_counts.c.marked + new.excluded.marked,
        },
    ).returning(click_counts.c.code_id)


_COUNT: Final = insert_listed(click_counts, [column.name for column in click_counts.c], _count_on, str)


def slot_of(at: datetime) -> int:
    """Return the half-hour that a moment falls into."""
    return (at - _EPOCH) // SAME_CLICK


async def record_clicks(tx: Writing, made: Sequence[tuple[Click, bool]]) -> list[tuple[str, datetime]]:
    """Store clicks, each with whether its visitor came before, and return the id and the time of each.

    A visitor who followed the same link less than half an hour ago is not counted again: his earlier click is returned.
    """
    known = {}
    back = [click for click, came_before in made if came_before]
    if back:
        known = await _recent(tx, back)
    new = [click for click, _ in made if (click.code_id, click.visitor_id) not in known]
    written = await tx.insert_bulk(_ADD, [_values(click) for click in new]) if new else []
    if not all(written):
        # Another process, or the same batch, was a moment ahead with the same visitor.
        known.update(await _recent(tx, [click for click, done in zip(new, written, strict=True) if not done]))
    if not known:
        return [(click.id, click.created_at) for click, _ in made]
    return [known.get((click.code_id, click.visitor_id), (click.id, click.created_at)) for click, _ in made]


async def _recent(tx: Writing, back: Sequence[Click]) -> dict[tuple[str, str], tuple[str, datetime]]:
    rows = [
        {
            "asked_code_id": click.code_id,
            "asked_visitor_id": click.visitor_id,
            "asked_project_id": click.project_id,
            "asked_slot": click.slot,
            "since": click.created_at - SAME_CLICK,
        }
        for click in back
    ]
    return {(row[0], row[1]): (row[2], row[3]) for row in await tx.all_listed(_RECENT, rows)}


async def find_click(tx: Reading, project_id: str, click_id: str) -> Click | None:
    """Return a click of the project, None for one that never was or was pruned."""
    return await tx.first(_GET, project_id=project_id, click_id=click_id)


async def count_clicks(tx: Reading, code_ids: Sequence[str]) -> dict[str, ClickCount]:
    """Return how many clicks each of a project's codes ever had, pruned ones too."""
    totals = {code_id: ClickCount(code_id, 0, 0) for code_id in code_ids}
    for statement in (_LIVE_COUNTS, _OLD_COUNTS):
        for each in await tx.all(statement, code_ids=list(code_ids)):
            known = totals[each.code_id]
            totals[each.code_id] = ClickCount(each.code_id, known.clicks + each.clicks, known.marked + each.marked)
    return totals


async def prune(tx: Writing, *, before: datetime) -> int:
    """Remove the oldest clicks from before a moment of the wall clock, counting them; returns how many, 0 when none is left."""
    gone = await tx.all(_PRUNE, before_id=oldest_id("clk_", before), most=_PRUNED_AT_ONCE)
    plain: Counter[tuple[str, str]] = Counter()
    marked: Counter[tuple[str, str]] = Counter()
    for project_id, code_id, mark in gone:
        (plain if mark is None else marked)[code_id, project_id] += 1
    rows = [
        {"code_id": code_id, "project_id": project_id, "clicks": plain[key], "marked": marked[key]}
        for key in sorted(plain.keys() | marked.keys())
        for code_id, project_id in [key]
    ]
    if rows:
        await tx.insert_many(_COUNT, rows)
    return len(gone)
