"""Lines of sponsors: who brought the one who brought a customer, upward. They never form a ring (SCENARIOS C4)."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from billfold.domain.referrals.code_limits import take_turns
from billfold.domain.referrals.codes import referral_codes
from billfold.domain.referrals.referrals import referrals
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query

# How many generations of sponsors are searched for the referee: a ring longer than this pays nobody any faster.
_GENERATIONS: Final = 32

_elder = referrals.alias("elder")


def _sponsors() -> sa.Select[tuple[str]]:
    # The line of sponsors above a customer, upward until the other one is found or nobody is left.
    columns = (referrals.c.referrer_id, sa.literal(1).label("generation"))
    start = sa.select(*columns).where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.referee_id == sa.bindparam("below"),
        referrals.c.sponsor_scope == sa.bindparam("scope"),
    )
    line = start.cte("line", recursive=True)
    upward = sa.select(_elder.c.referrer_id, line.c.generation + 1).where(
        _elder.c.referee_id == line.c.referrer_id,
        _elder.c.sponsor_scope == sa.bindparam("scope"),
        line.c.generation < _GENERATIONS,
    )
    line = line.union(upward)
    return sa.select(line.c.referrer_id).where(line.c.referrer_id == sa.bindparam("customer_id")).limit(1)


_IS_SPONSOR: Final = query(_sponsors(), str)
# Within what a customer has one sponsor; no row for a customer without a code, who cannot have brought anybody.
_SCOPE: Final = query(
    sa.select(
        sa.case((projects.c.sponsor_per_program, sa.bindparam("program_id")), else_=projects.c.id).label("scope")
    ).where(
        projects.c.id == sa.bindparam("project_id"),
        sa.exists().where(
            referral_codes.c.project_id == sa.bindparam("project_id"),
            referral_codes.c.customer_id == sa.bindparam("customer_id"),
        ),
    ),
    str,
)


async def is_above(tx: Reading, project_id: str, customer_id: str, *, below: str, scope: str) -> bool:
    """Tell whether a customer brought another one (`below`), himself or through others, within a scope of sponsors."""
    found = await tx.first(_IS_SPONSOR, project_id=project_id, customer_id=customer_id, below=below, scope=scope)
    return found is not None


async def closes_ring(tx: Writing, *, project_id: str, program_id: str, referrer_id: str, referee_id: str) -> bool:
    """Tell whether a referral of a program would close a ring, because its referee brought its referrer.

    The answer holds until the unit ends: two that share no customer can close a ring together, and neither would see the other.
    """
    scope = await tx.first(_SCOPE, project_id=project_id, customer_id=referee_id, program_id=program_id)
    if scope is None:
        return False
    await take_turns(tx, project_id)
    return await is_above(tx, project_id, referee_id, below=referrer_id, scope=scope)
