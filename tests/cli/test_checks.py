from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from billfold.base.crypto import Sealer
from billfold.domain.billing.events import CustomerDeleted
from billfold.domain.tenancy.projects import create_project
from billfold.domain.tenancy.teams import create_team
from billfold.domain.webhooks.endpoints import OffReason, create_endpoint, webhook_endpoints
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.opening import open_database
from billfold.infrastructure.db.statements import command
from billfold.infrastructure.jobs.events import publish
from billfold.infrastructure.jobs.queue import RETRY_SECONDS, claim, enqueue, fail
from tests.cli.command_line import CommandLine, execute, on_connection

INIT = ("init", "--team", "Acme", "--project", "Shop", "--email", "owner@example.com")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def write(url: str, unit: Any) -> None:
    async def steps() -> None:
        db = open_database(url)
        await db.start()
        try:
            await db.write(unit)
        finally:
            await db.stop()

    asyncio.run(steps())


async def leave_stuck_job(tx: Writing) -> None:
    now = LONG_AGO
    await enqueue(tx, "rewards.settle", {}, now=now, team_id="team_1")
    for _ in range(len(RETRY_SECONDS) + 1):
        now += timedelta(days=1)
        [job] = await claim(tx, now=now, limit=1)
        await fail(tx, job, error="Traceback …\nStripeRejected: no such customer", now=now)


def test_doctor_on_an_empty_database_says_how_to_begin(billfold: CommandLine) -> None:
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "billfold init" in outcome.err


def test_doctor_shows_a_stuck_job_with_its_reason_until_it_is_retried(
    billfold: CommandLine, migrated_database_url: str
) -> None:
    billfold(*INIT)
    write(migrated_database_url, leave_stuck_job)
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "rewards.settle of team_1 failed 16 times: StripeRejected: no such customer" in outcome.out
    job_id = outcome.out.partition("billfold jobs retry ")[2].split()[0]
    assert job_id in billfold("jobs", "list").out
    assert billfold("jobs", "retry", job_id).status == 0
    assert billfold("jobs", "list").out == "No job is stuck.\n"
    again = billfold("jobs", "retry", job_id)
    assert again.status == 1
    assert "No stuck job" in again.err


def test_doctor_notices_that_no_worker_runs(billfold: CommandLine, migrated_database_url: str) -> None:
    async def leave_job(tx: Writing) -> None:
        await enqueue(tx, "rewards.settle", {}, now=LONG_AGO)

    billfold(*INIT)
    write(migrated_database_url, leave_job)
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "Is billfold serve or billfold worker running?" in outcome.out


def test_doctor_tells_that_the_feed_stands_still(billfold: CommandLine, migrated_database_url: str) -> None:
    async def leave_event(tx: Writing) -> None:
        await publish(tx, CustomerDeleted("team_1", "proj_1", "pc_1"), happened_at=LONG_AGO, now=LONG_AGO)

    billfold(*INIT)
    assert "ok    events: the feed is up to date" in billfold("doctor").out
    write(migrated_database_url, leave_event)
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "FAIL  events: events wait for their place in the feed since 2026-01-01 00:00 UTC." in outcome.out


def test_doctor_names_webhooks_that_were_switched_off_by_themselves(
    billfold: CommandLine, migrated_database_url: str
) -> None:
    async def switch_one_off(tx: Writing) -> None:
        team = await create_team(tx, name="Other", now=LONG_AGO)
        project = await create_project(tx, team_id=team.id, name="Docs", now=LONG_AGO)
        for reason in OffReason:
            endpoint, _ = await create_endpoint(
                tx,
                Sealer(b"k" * 32),
                team_id=team.id,
                project_id=project.id,
                url=f"https://{reason}.example.com/",
                types=["*"],
                description=None,
                now=LONG_AGO,
            )
            off = sa.update(webhook_endpoints).where(webhook_endpoints.c.id == endpoint.id)
            await tx.run(command(off.values(is_enabled=False, off_reason=reason.value, off_at=LONG_AGO)))

    billfold(*INIT)
    write(migrated_database_url, switch_one_off)
    out = billfold("doctor").out
    assert out.count("was switched off at 2026-01-01 00:00 UTC") == 2
    assert "it took nothing for days" in out
    assert "it answered that it is gone" in out


def test_doctor_tells_that_another_secret_key_does_not_open_the_connection(billfold: CommandLine) -> None:
    billfold(*INIT)
    billfold.environment["BILLFOLD_SECRET_KEY"] = "03" * 32
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "BILLFOLD_SECRET_KEY" in outcome.out


def test_verify_ledger_names_the_account_that_somebody_edited(
    billfold: CommandLine, migrated_database_url: str
) -> None:
    billfold(*INIT)
    assert billfold("verify-ledger").out == "The ledger adds up.\n"
    insert = (
        "INSERT INTO ledger_balances (project_id, program_id, owner_id, unit, held, available, in_transit, cost, settled) "
        "SELECT id, 'prog_1', 'pc_edited', 'usd', 0, 500, 0, -500, 0 FROM projects"
    )
    asyncio.run(on_connection(migrated_database_url, execute(insert)))
    outcome = billfold("verify-ledger")
    assert outcome.status == 1
    assert "available of pc_edited" in outcome.out
    assert billfold("doctor").status == 1
