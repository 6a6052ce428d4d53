"""Rewards on their way to whoever earned them (DESIGN section 10, steps 5 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from billfold.base.errors import Invalid
from billfold.domain.billing.credits import NeverCreditable, push_credit, require_creditable
from billfold.domain.billing.linking import ensure_stripe_customer
from billfold.domain.billing.sync import Gateways
from billfold.domain.referrals import reconciliation, settlements
from billfold.domain.referrals.awards import WALLET
from billfold.domain.referrals.settlements import Settlement
from billfold.domain.referrals.wallet_settlements import settle_into_wallet
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler, UnitHandler


def settle_reward(gateways: Gateways) -> Handler:
    """Credit an available reward to the earner's Stripe balance or wallet, as its terms say; a payout waits for its batch."""

    async def steps(run: Run) -> None:
        reward = {key: run.payload[key] for key in ("team_id", "project_id", "reward_id")}
        if run.payload["settles_as"] == WALLET:
            # Nothing to call: the wallet is in this database.
            await run.finish(partial(settle_into_wallet, **reward, now=run.clock.now()))
            return
        if run.payload["settles_as"] != "stripe_balance":
            return
        due = await run.db.read(settlements.find_due, reward["project_id"], reward["reward_id"])
        if due is None:
            return
        try:
            credit_id = await _push(run, gateways, due, reward)
        except NeverCreditable as refusal:
            # Owed and not given, as `billfold doctor` tells; a job that can never succeed would only hide others.
            await run.finish(partial(settlements.note_refusal, **reward, reason=refusal.message, now=run.clock.now()))
            return
        except Invalid as refusal:
            # Shown beside the referral; raised again, so that the queue tries later and in the end shows a stuck job.
            await run.db.write(settlements.note_refusal, **reward, reason=refusal.message, now=run.clock.now())
            raise
        settle = partial(settlements.settle, **reward, amount=due.amount, settlement_id=credit_id, now=run.clock.now())
        await run.finish(settle)

    return StepHandler(steps)


def release_reward(gateways: Gateways) -> Handler:
    """Make a held reward available after its holding period."""
    del gateways

    async def unit(tx: Writing, payload: Any, now: datetime) -> None:
        await reconciliation.release_reward(tx, **payload, now=now)

    return UnitHandler(unit)


async def _push(run: Run, gateways: Gateways, due: Settlement, reward: Mapping[str, str]) -> str:
    gateway, now = await gateways.gateway(reward["team_id"]), run.clock.now()
    stripe_customer_id = due.stripe_customer_id
    if not stripe_customer_id and not due.is_earner_deleted:
        # Whoever was made from a token of the project's login gets a Stripe customer when one is first needed.
        stripe_customer_id = await ensure_stripe_customer(
            run.db, gateway, project_id=reward["project_id"], customer_id=due.earner_id, now=now
        )
    require_creditable(stripe_customer_id, is_deleted=due.is_earner_deleted)
    return await push_credit(
        gateway,
        stripe_customer_id=stripe_customer_id,
        amount_cents=due.amount,
        currency=due.unit,
        description=f"Referral credit {due.referral_id}",
        reason_id=due.reward_id,
        first_tried=due.payable_since,
        now=now,
    )
