"""Teams, and the time they live in.

A team with a simulated Stripe account may move its clock: everything of its business (when a customer was created, when a
commission is released) happens in the team's time, which is the wall clock plus `clock_offset_us`. Security (key expiry,
idempotency keys, signatures) stays with the wall clock. A team with a real account has an offset of zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import NotFound
from billfold.base.ids import new_id
from billfold.domain.tenancy.names import checked_name
from billfold.domain.tenancy.team_time import InTeamTime
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import command, insert_row, metadata, query, values_of
from billfold.infrastructure.db.types import Moment
from billfold.infrastructure.jobs.queue import shift_team_time

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("clock_offset_us", sa.BigInteger, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("deleted_at", Moment),
)


@dataclass(frozen=True, slots=True)
class Team(InTeamTime):
    """A team; `clock_offset_us` is how far its time is ahead of the wall clock, in microseconds."""

    id: str
    name: str
    clock_offset_us: int
    created_at: datetime
    deleted_at: datetime | None


_ADD: Final = command(insert_row(teams))
_GET: Final = query(
    sa.select(*teams.c).where(teams.c.id == sa.bindparam("team_id"), teams.c.deleted_at.is_(None)), Team
)
_ALL: Final = query(
    sa.select(*teams.c).where(teams.c.deleted_at.is_(None)).order_by(teams.c.created_at, teams.c.id), Team
)
_SET_OFFSET: Final = command(
    sa.update(teams)
    .where(teams.c.id == sa.bindparam("team_id"))
    .values(clock_offset_us=sa.bindparam("new_offset_us", type_=sa.BigInteger()))
)
_mine = sa.and_(teams.c.id == sa.bindparam("of_team"), teams.c.deleted_at.is_(None))
# Against others who lock it, and not against rows that are being stored with a foreign key to the team.
_LOCK: Final = query(sa.select(*teams.c).where(_mine).with_for_update(key_share=True), Team)
_RENAME: Final = query(sa.update(teams).where(_mine).values(name=sa.bindparam("new_name")).returning(*teams.c), Team)
_DELETE: Final = command(sa.update(teams).where(_mine).values(deleted_at=sa.bindparam("at", type_=Moment())))


async def create_team(tx: Writing, *, name: str, now: datetime) -> Team:
    """Create a team that lives in the wall clock's time."""
    team = Team(id=new_id("team_"), name=checked_name(name), clock_offset_us=0, created_at=now, deleted_at=None)
    await tx.run(_ADD, **values_of(team))
    return team


async def move_clock(tx: Writing, team_id: str, *, offset: timedelta) -> None:
    """Set how far the team's time is ahead of the wall clock, and bring its due times along."""
    team = await get_team(tx, team_id)
    offset_us = offset // timedelta(microseconds=1)
    await tx.run(_SET_OFFSET, team_id=team_id, new_offset_us=offset_us)
    await shift_team_time(tx, team_id, timedelta(microseconds=offset_us - team.clock_offset_us))


async def get_team(tx: Reading, team_id: str) -> Team:
    """Return a team or raise `NotFound`."""
    team = await tx.first(_GET, team_id=team_id)
    if team is None:
        raise NotFound("Team not found.")
    return team


async def all_teams(tx: Reading) -> list[Team]:
    """Return every team of this installation, oldest first."""
    return await tx.all(_ALL)


async def lock_team(tx: Writing, team_id: str) -> Team:
    """Return a team and hold it: changes of who is in it take turns. Raises `NotFound`."""
    team = await tx.first(_LOCK, of_team=team_id)
    if team is None:
        raise NotFound("Team not found.")
    return team


async def rename_team(tx: Writing, team_id: str, name: str) -> Team:
    """Give a team another name; raises `NotFound`."""
    team = await tx.first(_RENAME, of_team=team_id, new_name=checked_name(name))
    if team is None:
        raise NotFound("Team not found.")
    return team


async def mark_team_deleted(tx: Writing, team_id: str, *, now: datetime) -> None:
    """Hide a team for good; its rows stay. Whether it may go is for `billing.deletions` to say."""
    await tx.run(_DELETE, of_team=team_id, at=now)
