"""What comes back by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from billfold.domain.billing.sync import Gateways
from billfold.domain.ledger.audit import audit
from billfold.domain.partners.deal_claims import expire_deals
from billfold.domain.payouts.audit import audit_payouts
from billfold.domain.referrals.audit import audit_rewards
from billfold.domain.referrals.sign_up_sweep import sweep_sign_ups
from billfold.domain.tenancy.teams import all_teams
from billfold.domain.wallets.audit import audit_wallets
from billfold.domain.wallets.grants import close_expired, find_expired
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler

AUDIT_JOB: Final = "ledger.audit"
EXPIRE_JOB: Final = "wallets.expire"
SIGN_UPS_JOB: Final = "sign_ups.sweep"
DEALS_JOB: Final = "deals.expire"
RECURRING: Final = (
    Recurring(AUDIT_JOB, timedelta(days=1)),
    Recurring(EXPIRE_JOB, timedelta(hours=1)),
    Recurring(SIGN_UPS_JOB, timedelta(hours=1)),
    Recurring(DEALS_JOB, timedelta(hours=1)),
)


class LedgerDoesNotAddUp(Exception):
    """The nightly audit found balances, rewards or wallets that their transfers do not explain."""


def audit_ledger(gateways: Gateways) -> Handler:
    """Recompute every balance, reward and wallet; a finding makes the job fail, so that it stands among the stuck ones."""
    del gateways

    async def steps(run: Run) -> None:
        findings = [
            *await run.db.snapshot(audit),
            *await run.db.snapshot(audit_rewards),
            *await run.db.snapshot(audit_wallets),
            *await run.db.snapshot(audit_payouts),
        ]
        if findings:
            raise LedgerDoesNotAddUp("; ".join(str(finding) for finding in findings[:5]))

    return StepHandler(steps)


def expire_credits(gateways: Gateways) -> Handler:
    """Give back to each project the credits that expired in its customers' wallets, by the time of its team."""
    del gateways

    async def steps(run: Run) -> None:
        now = run.clock.now()
        for team in await run.db.read(all_teams):
            at = team.time_at(now)
            while expired := await run.db.read(find_expired, team_id=team.id, at=at):
                if not await run.db.write(close_expired, expired, at=at):
                    break  # Somebody else changed them all: what is left comes with the next run.

    return StepHandler(steps)


def expire_open_deals(gateways: Gateways) -> Handler:
    """End the deals whose window is over, by the time of their team."""
    del gateways

    async def steps(run: Run) -> None:
        now = run.clock.now()
        for team in await run.db.read(all_teams):
            await run.db.write(expire_deals, team_id=team.id, at=team.time_at(now))

    return StepHandler(steps)


def sweep_addresses(gateways: Gateways) -> Handler:
    """Link addresses that became accounts, take back what those brought that did not, forget the old ones (contract B1, B17)."""
    del gateways

    async def steps(run: Run) -> None:
        await sweep_sign_ups(run.db, now=run.clock.now())

    return StepHandler(steps)
