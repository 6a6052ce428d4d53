"""How many referrals a code may make: a code for the first hundred who come (SCENARIOS C3).

Nothing is counted up and down. Whoever is about to make a referral by a code with a limit waits for his turn in the project and
then counts the rows, so the count cannot differ from what there is. A referral that is void or expired has used the code too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from billfold.base.errors import Invalid, NotFound
from billfold.domain.referrals.codes import Code, normalised_code, referral_codes
from billfold.domain.referrals.referrals import referrals
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.db.types import Moment

# The rows of a code are counted at each use of one with a limit; whoever means more than this means no limit.
MOST_USES: Final = 100_000
USED_UP: Final = "This referral code has been used as often as it may be."

# Held until the unit ends. What is decided by rows that another unit may be adding (a ring of sponsors, the uses of a code)
# is decided one after the other in a project; most claims need no turn.
_TAKE_TURNS: Final = query(
    sa.select(projects.c.id).where(projects.c.id == sa.bindparam("project_id")).with_for_update(key_share=True), str
)
_USES: Final = query(
    sa.select(sa.func.count()).where(
        referrals.c.project_id == sa.bindparam("project_id"), referrals.c.code_id == sa.bindparam("code_id")
    ),
    int,
)
_LIMIT: Final = query(
    sa.select(referral_codes.c.max_uses).where(
        referral_codes.c.project_id == sa.bindparam("project_id"), referral_codes.c.id == sa.bindparam("code_id")
    ),
    lambda limit: limit,
)
_SET: Final = query(
    sa.update(referral_codes)
    .where(referral_codes.c.project_id == sa.bindparam("of_project"), referral_codes.c.code == sa.bindparam("the_code"))
    .values(max_uses=sa.bindparam("limit", type_=sa.BigInteger()), updated_at=sa.bindparam("at", type_=Moment()))
    .returning(*referral_codes.c),
    Code,
)


async def set_limit(tx: Writing, project_id: str, code: str, *, max_uses: int | None, at: datetime) -> Code:
    """Let a code make `max_uses` referrals in all, those that it made already included; None takes the limit away.

    Raises `Invalid` for a limit that is none, `NotFound` if the project has no such code. A limit below what was used already
    ends the code's use and takes nothing back.
    """
    if max_uses is not None and not 1 <= max_uses <= MOST_USES:
        raise Invalid(f"maxUses must be a whole number from 1 to {MOST_USES}, or null for no limit.")
    changed = await tx.first(_SET, of_project=project_id, the_code=normalised_code(code), limit=max_uses, at=at)
    if changed is None:
        raise NotFound("Referral code not found.")
    return changed


async def uses_of(tx: Reading, project_id: str, code_id: str) -> int:
    """Return how many referrals a code has made, in whatever state they are."""
    return await tx.one(_USES, project_id=project_id, code_id=code_id)


async def take_turns(tx: Writing, project_id: str) -> None:
    """Wait for the other units that decide by a project's referrals, and have the next ones wait for this one."""
    await tx.first(_TAKE_TURNS, project_id=project_id)


async def uses_left(tx: Writing, project_id: str, code_id: str, max_uses: int) -> int:
    """Return how many referrals a code may still make, at least 0; the number holds until the unit ends."""
    await take_turns(tx, project_id)
    return max(0, max_uses - await uses_of(tx, project_id, code_id))


async def has_room(tx: Writing, project_id: str, code_id: str) -> bool:
    """Tell whether a code may make one referral more; if it has a limit, the answer holds until the unit ends."""
    limit = await tx.first(_LIMIT, project_id=project_id, code_id=code_id)
    return limit is None or await uses_left(tx, project_id, code_id, limit) > 0
