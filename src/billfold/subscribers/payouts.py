"""Batches of payouts and their payouts, job by job: what died is taken up where it stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billfold.domain.billing.sync import Gateways
from billfold.domain.payouts import sending
from billfold.domain.payouts.preparation import prepare_batch
from billfold.domain.payouts.rails import standard_rails
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler


def prepare(gateways: Gateways) -> Handler:
    """Prepare what is left of a batch."""
    del gateways

    async def steps(run: Run) -> None:
        batch = {key: run.payload[key] for key in ("project_id", "batch_id")}
        await prepare_batch(run.db, **batch, now=run.clock.now())

    return StepHandler(steps)


def send_batch(gateways: Gateways) -> Handler:
    """Leave a job for each payout of a batch that is to be sent."""
    del gateways

    async def steps(run: Run) -> None:
        while not await run.db.write(_send_stretch, run.payload, run.clock.now()):
            pass

    return StepHandler(steps)


def send_payout(gateways: Gateways) -> Handler:
    """Send one payout; what becomes of it is written with the job's end."""
    rails = standard_rails(gateways)

    async def steps(run: Run) -> None:
        unit = await sending.send_payout(run.db, rails, **run.payload, now=run.clock.now())
        if unit is not None:
            await run.finish(unit)

    return StepHandler(steps)


async def _send_stretch(tx: Writing, payload: Any, now: datetime) -> bool:
    return await sending.send_stretch(tx, **payload, now=now)
