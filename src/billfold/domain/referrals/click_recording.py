"""Storing clicks, many in one unit: a visitor who follows the same link again within half an hour is counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.referrals.clicks import Click, clicks
from billfold.infrastructure.db.bulk import BulkInsert
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import listed, row_tuple
from billfold.infrastructure.db.types import Moment

# Contract section 3.7: the same visitor and code count once within this time.
SAME_CLICK: Final = timedelta(minutes=30)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

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
