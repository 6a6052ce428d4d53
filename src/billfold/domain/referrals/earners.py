"""Earners: all referrals of one in a program, a page at a time, for jobs that go over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.domain.referrals.referrals import referrals
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue

RECONCILE_EARNER_JOB: Final = "rewards.reconcile_earner"
# So many in one go of the job, which must end before its lease does.
RECONCILED_AT_ONCE: Final = 200

_PAGE: Final = query(
    sa.select(referrals.c.id)
    .where(
        referrals.c.project_id == sa.bindparam("project_id"),
        referrals.c.referrer_id == sa.bindparam("referrer_id"),
        referrals.c.program_id == sa.bindparam("program_id"),
        referrals.c.id > sa.bindparam("after"),
    )
    .order_by(referrals.c.id)
    .limit(RECONCILED_AT_ONCE),
    str,
)


async def referrals_of_earner(
    tx: Reading, *, project_id: str, program_id: str, referrer_id: str, after: str
) -> list[str]:
    """Return the ids of the next referrals of an earner, in the order of their ids."""
    return await tx.all(_PAGE, project_id=project_id, program_id=program_id, referrer_id=referrer_id, after=after)


async def reconcile_all(
    tx: Writing, *, team_id: str, project_id: str, program_id: str, referrer_id: str, now: datetime
) -> None:
    """Leave the job that brings all referrals of an earner in line; several of them merge into one."""
    payload = {
        "team_id": team_id,
        "project_id": project_id,
        "program_id": program_id,
        "referrer_id": referrer_id,
        "after": "",
    }
    await enqueue(tx, RECONCILE_EARNER_JOB, payload, now=now, key=f"{program_id}:{referrer_id}", team_id=team_id)


async def go_on_with(tx: Writing, *, payload: Mapping[str, Any], after: str, now: datetime) -> None:
    """Leave the job that goes on behind a referral."""
    key = f"{payload['program_id']}:{payload['referrer_id']}:{after}"
    await enqueue(tx, RECONCILE_EARNER_JOB, {**payload, "after": after}, now=now, key=key, team_id=payload["team_id"])
