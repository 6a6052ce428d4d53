"""What outlives its use goes by itself: keys, sessions, links, counted tries, letters, and the audit log if a setting says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa

from billfold import wiring
from billfold.domain.billing.portal_sessions import portal_sessions
from billfold.domain.tenancy.attempts import attempt_key, attempts, take
from billfold.domain.tenancy.audit_log import SYSTEM, audit_log, record
from billfold.domain.tenancy.idempotency_keys import idempotency_keys
from billfold.domain.tenancy.one_time_tokens import Purpose, issue_token, one_time_tokens
from billfold.domain.tenancy.sessions import create_session, sessions
from billfold.domain.tenancy.users import create_user
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import enqueue
from billfold.infrastructure.jobs.worker import Worker
from billfold.infrastructure.mail.composition import Message, compose
from billfold.infrastructure.mail.letters import Letter
from billfold.infrastructure.mail.mailbox import mails
from tests.app_fixtures import RunningBillfold

_TABLES: Final = (idempotency_keys, sessions, one_time_tokens, attempts, mails, portal_sessions)
_COUNTS: Final = {each.name: query(sa.select(sa.func.count()).select_from(each), int) for each in (*_TABLES, audit_log)}


async def counts(app: RunningBillfold) -> dict[str, int]:
    async def look(tx: Reading) -> dict[str, int]:
        return {name: await tx.one(each) for name, each in _COUNTS.items() if name != audit_log.name}

    return await app.services.db.read(look)


async def test_what_outlives_its_use_is_removed(billfold_app: RunningBillfold) -> None:
    made = await billfold_app.client.post(
        f"{billfold_app.path}/customers", json={"email": "jane@example.com"}, headers={"Idempotency-Key": "once"}
    )
    customer = {"customerId": made.json()["customer"]["id"]}
    assert (await billfold_app.client.post(f"{billfold_app.path}/portal", json=customer)).status_code == 201
    composed = compose(Message("Hello", ("Hello.",), "You asked.", ("Sign in", "https://billing.example.com/t")))
    letter = Letter("jane@example.com", "Hello", composed.text, composed.html, composed.article)

    async def fill(tx: Writing) -> None:
        now = billfold_app.clock.now()
        user = await create_user(tx, email="ines@example.com", password_hash=None, now=now)
        await create_session(tx, user_id=user.id, address="192.0.2.1", user_agent="test", now=now)
        await issue_token(tx, Purpose.SIGN_IN, email=user.email, user_id=user.id, next_path=None, now=now)
        await take(tx, attempt_key("password", "ines"), 10, timedelta(minutes=15), now)
        await billfold_app.services.mail.send(tx, letter, now=now)

    await billfold_app.services.db.write(fill)
    assert 0 not in (await counts(billfold_app)).values()
    # A session that is kept ends at the latest after 90 days.
    billfold_app.clock.advance(timedelta(days=91))
    for recurring in wiring.RECURRING:
        if recurring.job.endswith(".prune"):
            await billfold_app.services.db.write(enqueue, recurring.job, {}, now=billfold_app.clock.now())
    await billfold_app.drain()
    assert set((await counts(billfold_app)).values()) == {0}


@pytest.mark.parametrize(("kept_days", "left"), [(None, 3), (500, 2)])
async def test_the_audit_log_is_kept_for_as_long_as_the_setting_says(
    billfold_app: RunningBillfold, *, kept_days: int | None, left: int
) -> None:
    async def old(tx: Writing) -> None:
        for days in (600, 450, 1):
            now = datetime.now(UTC) - timedelta(days=days)
            await record(
                tx, team_id="team_1", project_id=None, actor=SYSTEM, action="test.row", subject=str(days), now=now
            )

    await billfold_app.services.db.write(old)
    job = wiring.PRUNE_AUDIT_LOG_JOB
    await billfold_app.services.db.write(enqueue, job, {}, now=billfold_app.clock.now())
    worker = Worker(billfold_app.services.db, {job: wiring._audit_log_handler(kept_days)}, billfold_app.clock)
    assert await worker.drain() == 1
    rows: list[Any] = await billfold_app.services.db.read(lambda tx: tx.all(_OF_TEST))
    assert len(rows) == left


_OF_TEST: Final = query(sa.select(audit_log.c.subject).where(audit_log.c.action == "test.row"), str)
