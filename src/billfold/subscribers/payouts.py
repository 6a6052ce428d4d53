"""Batches of payouts and their payouts, job by job: what died is taken up where it stood."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any, Final

from billfold.base.errors import BillfoldError
from billfold.domain.billing.sync import Gateways
from billfold.domain.payouts import sending
from billfold.domain.payouts.connect import refresh_account
from billfold.domain.payouts.methods import put_off, replaced_accounts, stale_accounts
from billfold.domain.payouts.preparation import prepare_batch
from billfold.domain.payouts.rails import standard_rails
from billfold.domain.payouts.reversals import LOOKED_BACK, note_reversals
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler

ACCOUNTS_JOB: Final = "payouts.accounts"
RECURRING: Final = (Recurring(ACCOUNTS_JOB, timedelta(minutes=15)),)
# An account that is asked about now is asked about again after six hours; 200 of them a run.
_ASKED_AGAIN: Final = timedelta(hours=6)
_ACCOUNTS_AT_ONCE: Final = 200


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


def ask_about_accounts(gateways: Gateways) -> Handler:
    """Ask Stripe about connected accounts: new ones become ready, old ones may have lost what they had, transfers come back."""

    async def steps(run: Run) -> None:
        now = run.clock.now()
        asked = await run.db.read(stale_accounts, before=now - _ASKED_AGAIN, limit=_ACCOUNTS_AT_ONCE)
        for each in asked:
            try:
                gateway = await gateways.gateway(each.team_id)
                await refresh_account(
                    run.db, gateway, project_id=each.project_id, customer_id=each.customer_id, now=now
                )
                await note_reversals(run.db, gateway, each, now=now)
            except BillfoldError:
                # This team's Stripe says nothing now: its accounts keep what is known, and the others get their turn.
                await run.db.write(put_off, each, now=now)
        former = await run.db.read(
            replaced_accounts, since=now - LOOKED_BACK, before=now - _ASKED_AGAIN, limit=_ACCOUNTS_AT_ONCE
        )
        for each in former:
            with contextlib.suppress(BillfoldError):
                await note_reversals(run.db, await gateways.gateway(each.team_id), each, now=now)
            await run.db.write(put_off, each, now=now)

    return StepHandler(steps)


async def _send_stretch(tx: Writing, payload: Any, now: datetime) -> bool:
    return await sending.send_stretch(tx, **payload, now=now)
