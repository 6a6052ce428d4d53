"""What comes back by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from billfold.domain.billing.sync import Gateways
from billfold.domain.ledger.audit import audit
from billfold.domain.referrals.audit import audit_rewards
from billfold.infrastructure.jobs.schedule import Recurring
from billfold.infrastructure.jobs.worker import Handler, Run, StepHandler

AUDIT_JOB: Final = "ledger.audit"
RECURRING: Final = (Recurring(AUDIT_JOB, timedelta(days=1)),)


class LedgerDoesNotAddUp(Exception):
    """The nightly audit found balances or rewards that their transfers do not explain."""


def audit_ledger(gateways: Gateways) -> Handler:
    """Recompute every balance and reward; a finding makes the job fail, so that it stands among the stuck ones with its text."""
    del gateways

    async def steps(run: Run) -> None:
        findings = [*await run.db.snapshot(audit), *await run.db.snapshot(audit_rewards)]
        if findings:
            raise LedgerDoesNotAddUp("; ".join(str(finding) for finding in findings[:5]))

    return StepHandler(steps)
