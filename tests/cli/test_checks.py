from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.opening import open_database
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
    billfold: CommandLine, empty_database_url: str
) -> None:
    billfold(*INIT)
    write(empty_database_url, leave_stuck_job)
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


def test_doctor_notices_that_no_worker_runs(billfold: CommandLine, empty_database_url: str) -> None:
    async def leave_job(tx: Writing) -> None:
        await enqueue(tx, "rewards.settle", {}, now=LONG_AGO)

    billfold(*INIT)
    write(empty_database_url, leave_job)
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "Is billfold serve or billfold worker running?" in outcome.out


def test_doctor_tells_that_another_secret_key_does_not_open_the_connection(billfold: CommandLine) -> None:
    billfold(*INIT)
    billfold.environment["BILLFOLD_SECRET_KEY"] = "03" * 32
    outcome = billfold("doctor")
    assert outcome.status == 1
    assert "BILLFOLD_SECRET_KEY" in outcome.out


def test_verify_ledger_names_the_account_that_somebody_edited(billfold: CommandLine, empty_database_url: str) -> None:
    billfold(*INIT)
    assert billfold("verify-ledger").out == "The ledger adds up.\n"
    insert = (
        "INSERT INTO ledger_balances (project_id, program_id, owner_id, unit, held, available, in_transit, cost, settled) "
        "SELECT id, 'prog_1', 'pc_edited', 'usd', 0, 500, 0, -500, 0 FROM projects"
    )
    asyncio.run(on_connection(empty_database_url, execute(insert)))
    outcome = billfold("verify-ledger")
    assert outcome.status == 1
    assert "available of pc_edited" in outcome.out
    assert billfold("doctor").status == 1
