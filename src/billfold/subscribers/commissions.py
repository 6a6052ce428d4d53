"""What makes commissions be looked at once more, besides a payment and a refund."""

from __future__ import annotations

from functools import partial
from typing import Any

from billfold.domain.billing.sync import Gateways
from billfold.domain.referrals.earners import RECONCILED_AT_ONCE, go_on_with, referrals_of_earner
from billfold.domain.referrals.reconciliation import reconcile_card, reconcile_referral
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler


def review_card(gateways: Gateways) -> Handler:
    """Look whether somebody who paid with another customer's card brought himself (contract A28)."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: Any) -> None:
        mine = {name: payload[name] for name in ("team_id", "project_id", "customer_id")}
        await reconcile_card(tx, **mine, now=now)

    return UnitHandler(unit)


def reconcile_earner(gateways: Gateways) -> Handler:
    """Bring all referrals of an earner in line, a unit for each: an older payment changed the tier of later ones."""
    del gateways

    async def steps(run: Run) -> None:
        payload = run.payload
        mine = {"team_id": payload["team_id"], "project_id": payload["project_id"]}
        ids = await run.db.read(
            referrals_of_earner,
            project_id=payload["project_id"],
            program_id=payload["program_id"],
            referrer_id=payload["referrer_id"],
            after=payload["after"],
        )
        for referral_id in ids:
            await run.db.write(reconcile_referral, **mine, referral_id=referral_id, now=run.clock.now())
        if len(ids) == RECONCILED_AT_ONCE:
            await run.finish(partial(go_on_with, payload=payload, after=ids[-1], now=run.clock.now()))

    return StepHandler(steps)
