"""What must hold while the server lies dead, before anything is delivered again: looked up in the tables from outside."""

from __future__ import annotations

import sqlalchemy as sa

from billfold.domain.billing.stripe_events import SYNC_JOB, stripe_events
from billfold.domain.ledger.transfers import ledger_transfers
from billfold.domain.referrals.referrals import CONVERTED, referrals
from billfold.domain.referrals.rewards import rewards
from billfold.infrastructure.jobs.queue import jobs
from tests.stories.running_server import RunningServer


def half_applied(server: RunningServer) -> list[str]:
    """Return every trace of work that was stored in part (B1): none, because each step is one transaction."""
    found = [f"balance: {finding}" for finding in server.ledger_findings()]
    count = sa.select(sa.func.count()).select_from(rewards).where(rewards.c.referral_id == referrals.c.id)
    for referral, status, made in server.rows(
        sa.select(referrals.c.id, referrals.c.status, count.scalar_subquery().label("made"))
    ):
        if made != (2 if status == CONVERTED else 0):
            found.append(f"referral {referral} is {status} and has {made} rewards")
    has_transfer = sa.exists().where(ledger_transfers.c.reason_id == rewards.c.id)
    found += [
        f"reward {row[0]} is not in the ledger" for row in server.rows(sa.select(rewards.c.id).where(~has_transfer))
    ]
    key = stripe_events.c.team_id + ":" + stripe_events.c.subject_id
    has_job = sa.exists().where(jobs.c.name == SYNC_JOB, jobs.c.key == key)
    waiting = sa.select(stripe_events.c.stripe_event_id).where(stripe_events.c.status == "received", ~has_job)
    found += [f"event {row[0]} waits for no job" for row in server.rows(waiting)]
    return found


def stored_events(server: RunningServer, team_id: str) -> list[str]:
    """Return the ids of a team's stored events, each as often as it is stored."""
    rows = server.rows(sa.select(stripe_events.c.stripe_event_id).where(stripe_events.c.team_id == team_id))
    return sorted(row[0] for row in rows)
