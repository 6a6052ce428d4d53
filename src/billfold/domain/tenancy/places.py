"""Where a person may go: each project of each team that he is in, with his role there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from billfold.domain.tenancy.members import members
from billfold.domain.tenancy.projects import projects
from billfold.domain.tenancy.teams import teams
from billfold.infrastructure.db.database import Reading
from billfold.infrastructure.db.statements import query

# One page shows them all; who has more goes by an address.
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A project of a team, or a team that has none yet (`project_id` None), as the person's `role` sees it."""

    team_id: str
    team_name: str
    clock_offset_us: int
    role: str
    project_id: str | None
    project_name: str | None
    currency: str | None


_OF_USER: Final = query(
    sa.select(
        teams.c.id.label("team_id"),
        teams.c.name.label("team_name"),
        teams.c.clock_offset_us,
        members.c.role,
        projects.c.id.label("project_id"),
        projects.c.name.label("project_name"),
        projects.c.currency,
    )
    .select_from(
        members.join(teams, teams.c.id == members.c.team_id).join(
            projects, sa.and_(projects.c.team_id == teams.c.id, projects.c.deleted_at.is_(None)), isouter=True
        )
    )
    .where(members.c.user_id == sa.bindparam("of_user_id"), teams.c.deleted_at.is_(None)),
    Place,
)


async def places_of_user(tx: Reading, user_id: str) -> list[Place]:
    """Return at most 500 places, teams by name, the projects of each by name."""
    found = await tx.all(_OF_USER, of_user_id=user_id)
    found.sort(key=lambda each: (each.team_name.casefold(), each.team_id, (each.project_name or "").casefold()))
    return found[:_MOST]
