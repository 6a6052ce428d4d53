"""How much a referrer may be awarded a month (contract B5): a counter that is held while it is compared.

The counter's row is locked before what it allows is known, so awards that are made at once count each other. It only grows: what
a sweep takes back later was awarded all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert

from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.statements import insert_listed, metadata, row_tuple

_KEY: Final = ("project_id", "program_id", "referrer_id", "unit", "month")

monthly_awards = sa.Table(
    "monthly_awards",
    metadata,
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), primary_key=True),
    sa.Column("program_id", sa.Text, primary_key=True),
    sa.Column("referrer_id", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    # Of the team's time: 2026-03.
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("awarded", sa.BigInteger, nullable=False),
    sa.CheckConstraint("awarded >= 0", name="awarded"),
)


@dataclass(frozen=True, slots=True)
class Award:
    """What a referrer would be awarded: `amount` whole units, at most `cap` a month."""

    project_id: str
    program_id: str
    referrer_id: str
    unit: str
    month: str
    amount: int
    cap: int

    @property
    def counter(self) -> tuple[str, ...]:
        """The counter that it counts on."""
        return (self.project_id, self.program_id, self.referrer_id, self.unit, self.month)


def _added(new: Insert) -> Any:
    upsert = new.on_conflict_do_update(
        index_elements=list(_KEY), set_={"awarded": monthly_awards.c.awarded + new.excluded.awarded}
    )
    return upsert.returning(*(monthly_awards.c[name] for name in _KEY), monthly_awards.c.awarded)


_ADD: Final = insert_listed(monthly_awards, [column.name for column in monthly_awards.c], _added, row_tuple)


async def allow(tx: Writing, awards: Sequence[Award]) -> list[bool]:
    """Return for each award, in order, whether the month still has room for the whole of it, and count those that have."""
    if not awards:
        return []
    counters = sorted({award.counter for award in awards})
    # Adding nothing locks the rows, or makes them, in one order for everybody.
    held = await tx.insert_many(_ADD, [_row(counter, 0) for counter in counters])
    awarded = {tuple(row[:-1]): row[-1] for row in held}
    before = dict(awarded)
    allowed: list[bool] = []
    for award in awards:
        fits = awarded[award.counter] + award.amount <= award.cap
        allowed.append(fits)
        if fits:
            awarded[award.counter] += award.amount
    grown = [
        _row(counter, awarded[counter] - before[counter]) for counter in counters if awarded[counter] > before[counter]
    ]
    if grown:
        await tx.insert_many(_ADD, grown)
    return allowed


def _row(counter: tuple[str, ...], amount: int) -> dict[str, Any]:
    return {**dict(zip(_KEY, counter, strict=True)), "awarded": amount}
