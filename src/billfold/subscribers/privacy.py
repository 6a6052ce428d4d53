"""What the house forgets by itself when a customer is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from billfold.base.crypto import Sealer
from billfold.domain.privacy.payment_details import forget_details_of_deleted
from billfold.domain.tenancy.teams import get_team
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.jobs.worker import Handler, UnitHandler

FORGET_DETAILS_JOB: Final = "privacy.forget_payment_details"
# What is still owed may be written off, refunded or paid outside: looked at again each day of the team's time.
_LOOKS_AGAIN: Final = timedelta(days=1)


def forget_details(sealer: Sealer) -> Handler:
    """Empty a deleted customer's bank and tax details, now or once nothing is owed to him any more."""

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        team_id, project_id, customer_id = (payload[name] for name in ("team_id", "project_id", "customer_id"))
        at = (await get_team(tx, team_id)).time_at(now)
        if not await forget_details_of_deleted(tx, sealer, project_id=project_id, customer_id=customer_id, at=at):
            await enqueue(
                tx,
                FORGET_DETAILS_JOB,
                {"team_id": team_id, "project_id": project_id, "customer_id": customer_id},
                now=now,
                run_at=now + _LOOKS_AGAIN,
                team_id=team_id,
                in_team_time=True,
            )

    return UnitHandler(unit)
