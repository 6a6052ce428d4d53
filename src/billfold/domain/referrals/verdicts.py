"""Verdicts: what a person, or a signal that proves it, decides about a reward or a referral, and how it is undone.

Each takes back, or gives again, what follows from it in the same unit. What the decision was stays in `voids` and `reviews`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billfold.infrastructure.db.database import Writing


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why something is void: one of `voids.REASONS`, a note for the team, and who decided, as a person reads it."""

    reason: str
    by: str
    note: str | None = None


async def void_reward(
    tx: Writing, *, team_id: str, project_id: str, reward_id: str, verdict: Verdict, now: datetime
) -> None:
    """Have a reward count for nothing: what is held or available goes back (contract section 6).

    Raises `NotFound` without such a reward, `Conflict` if it is void already or any of it was paid out.
    """
    raise NotImplementedError


async def restore_reward(tx: Writing, *, team_id: str, project_id: str, reward_id: str, now: datetime) -> None:
    """Have a void reward count again; raises `NotFound`, or `Conflict` if it is not void, or void with its referral."""
    raise NotImplementedError


async def void_referral(
    tx: Writing, *, team_id: str, project_id: str, referral_id: str, verdict: Verdict, now: datetime
) -> None:
    """Have a referral count for nothing, and all that it earned or will earn; also what was paid out, which is then netted.

    Raises `NotFound` without such a referral, `Conflict` if it is void already.
    """
    raise NotImplementedError


async def restore_referral(tx: Writing, *, team_id: str, project_id: str, referral_id: str, now: datetime) -> None:
    """Have a void referral count again with all that its payments earn; raises `NotFound`, or `Conflict` if it is not void."""
    raise NotImplementedError
