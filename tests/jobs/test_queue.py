from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billfold.base.errors import NotFound
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.jobs import queue
from billfold.infrastructure.jobs.queue import LEASE, RETRY_SECONDS, Job, JobLost

_NOW = datetime(2026, 5, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


async def _enqueue(tx: Writing, name: str = "job", /, **keywords: Any) -> None:
    await queue.enqueue(tx, name, keywords.pop("payload", {}), now=keywords.pop("now", _NOW), **keywords)


async def _claim(tx: Writing, *, now: datetime = _NOW, limit: int = 100) -> list[Job]:
    return await queue.claim(tx, now=now, limit=limit)


async def _finish(tx: Writing, job: Job, *, now: datetime = _NOW) -> None:
    await queue.finish(tx, job, now=now)


async def _fail(tx: Writing, job: Job, *, now: datetime = _NOW, error: str = "no") -> bool:
    return await queue.fail(tx, job, error=error, now=now)


async def _claim_one(db: Database, *, now: datetime = _NOW) -> Job:
    (job,) = await db.write(_claim, now=now)
    return job


async def test_a_job_waits_is_claimed_and_is_gone_when_it_is_done(db: Database) -> None:
    await db.write(_enqueue, payload={"id": "x"}, team_id="team_1")
    job = await _claim_one(db)
    assert (job.name, job.payload, job.team_id, job.attempts) == ("job", {"id": "x"}, "team_1", 1)
    await db.write(_finish, job)
    assert await db.read(queue.waiting_count) == 0
    assert await db.read(queue.next_due) is None


async def test_a_job_is_not_claimed_before_it_is_due(db: Database) -> None:
    await db.write(_enqueue, run_at=_NOW + _SECOND)
    assert await db.read(queue.next_due) == _NOW + _SECOND
    assert await db.write(_claim) == []
    assert len(await db.write(_claim, now=_NOW + _SECOND)) == 1


async def test_the_job_that_waited_longest_is_claimed_first(db: Database) -> None:
    for number in (3, 1, 2):
        await db.write(_enqueue, payload=number, run_at=_NOW + number * _SECOND)
    claimed = [await db.write(_claim, now=_NOW + 5 * _SECOND, limit=1) for _ in range(3)]
    assert [job.payload for (job,) in claimed] == [1, 2, 3]


async def test_no_job_is_claimed_twice_by_workers_at_once(db: Database) -> None:
    for number in range(60):
        await db.write(_enqueue, payload=number)
    claims = await asyncio.gather(*(db.write(_claim, limit=7) for _ in range(12)))
    assert all(len(claim) <= 7 for claim in claims)
    again = await db.write(_claim)
    payloads = [job.payload for claim in (*claims, again) for job in claim]
    assert sorted(payloads) == list(range(60))


async def test_a_dead_workers_job_is_due_again_when_its_lease_runs_out(db: Database) -> None:
    await db.write(_enqueue)
    dead = await _claim_one(db)
    assert await db.write(_claim, now=_NOW + LEASE - _SECOND) == []
    other = await _claim_one(db, now=_NOW + LEASE)
    assert other.id == dead.id
    assert other.attempts == 2
    with pytest.raises(JobLost):
        await db.write(_finish, dead)
    await db.write(_finish, other)
    assert await db.read(queue.waiting_count) == 0


async def test_the_effects_of_a_lost_job_are_rolled_back(db: Database) -> None:
    await db.write(_enqueue)
    slow = await _claim_one(db)
    await _claim_one(db, now=_NOW + LEASE)

    async def effect_and_finish(tx: Writing) -> None:
        await _enqueue(tx, "effect")
        await queue.finish(tx, slow, now=_NOW)

    with pytest.raises(JobLost):
        await db.write(effect_and_finish)
    assert await db.read(queue.waiting_count) == 1


async def test_a_long_job_holds_on_to_its_lease(db: Database) -> None:
    await db.write(_enqueue)
    job = await _claim_one(db)

    async def hold(tx: Writing, now: datetime) -> None:
        await queue.hold(tx, [job], now=now)

    await db.write(hold, _NOW + LEASE - _SECOND)
    assert await db.write(_claim, now=_NOW + LEASE) == []
    await _claim_one(db, now=_NOW + 2 * LEASE)
    # Another worker has it now: the first one's hold changes nothing.
    await db.write(hold, _NOW + 9 * LEASE)
    await _claim_one(db, now=_NOW + 3 * LEASE)


async def test_the_jobs_of_a_dead_worker_can_be_released_at_once(db: Database) -> None:
    await db.write(_enqueue)
    dead = await _claim_one(db)

    async def release(tx: Writing) -> int:
        return await queue.release_leases(tx, now=_NOW + _SECOND)

    assert await db.write(release) == 1
    await _claim_one(db, now=_NOW + _SECOND)
    with pytest.raises(JobLost):
        await db.write(_finish, dead)
    assert await db.write(release) == 1


async def test_a_burst_about_one_object_is_one_job(db: Database) -> None:
    for _ in range(50):
        await db.write(_enqueue, key="sub_1")
    await db.write(_enqueue, key="sub_2")
    await db.write(_enqueue, "other", key="sub_1")
    assert len(await db.write(_claim)) == 3


async def test_jobs_without_a_key_are_not_merged(db: Database) -> None:
    for _ in range(3):
        await db.write(_enqueue)
    assert len(await db.write(_claim)) == 3


async def test_news_while_a_job_runs_make_it_run_once_more(db: Database) -> None:
    await db.write(_enqueue, key="sub_1")
    job = await _claim_one(db)
    for _ in range(3):
        await db.write(_enqueue, key="sub_1", now=_NOW + _SECOND)
    assert await db.write(_claim, now=_NOW + _SECOND) == [], "it is not run twice at the same time"
    await db.write(_finish, job, now=_NOW + 2 * _SECOND)
    again = await _claim_one(db, now=_NOW + 2 * _SECOND)
    assert again.attempts == 1
    await db.write(_finish, again)
    assert await db.read(queue.waiting_count) == 0


async def test_a_merged_job_is_due_at_the_earliest_time_asked_for(db: Database) -> None:
    await db.write(_enqueue, key="x", run_at=_NOW + 10 * _SECOND)
    await db.write(_enqueue, key="x", run_at=_NOW + 60 * _SECOND)
    assert await db.read(queue.next_due) == _NOW + 10 * _SECOND
    await db.write(_enqueue, key="x", run_at=_NOW + 5 * _SECOND)
    assert await db.read(queue.next_due) == _NOW + 5 * _SECOND


async def test_a_failed_job_waits_longer_each_time_and_is_then_stuck(db: Database) -> None:
    await db.write(_enqueue)
    now = _NOW
    for seconds in RETRY_SECONDS:
        job = await _claim_one(db, now=now)
        assert not await db.write(_fail, job, now=now)
        due = await db.read(queue.next_due)
        assert due is not None
        assert timedelta(seconds=seconds) <= due - now <= timedelta(seconds=seconds * 1.2)
        now = due
    assert await db.write(_fail, await _claim_one(db, now=now), now=now, error="x" * 9_000 + "the last line")
    assert await db.read(queue.next_due) is None
    (stuck,) = await db.read(queue.stuck)
    assert stuck.attempts == len(RETRY_SECONDS) + 1
    assert stuck.last_error is not None
    assert len(stuck.last_error) == 4_000
    assert stuck.last_error.endswith("the last line")
    assert now - _NOW < timedelta(days=1)


async def _make_stuck(db: Database, **keywords: Any) -> str:
    await db.write(_enqueue, **keywords)
    for _ in range(len(RETRY_SECONDS) + 1):
        job = await _claim_one(db, now=_NOW + timedelta(days=9))
        await db.write(_fail, job, now=_NOW)
    assert len(await db.read(queue.stuck)) == 1
    return job.id


async def test_a_stuck_job_gets_its_tries_again(db: Database) -> None:
    job_id = await _make_stuck(db)

    async def retry(tx: Writing, wanted: str) -> None:
        await queue.retry(tx, wanted, now=_NOW)

    await db.write(retry, job_id)
    assert (await _claim_one(db)).attempts == 1
    assert await db.read(queue.stuck) == []
    with pytest.raises(NotFound):
        await db.write(retry, job_id)


async def test_news_about_a_stuck_jobs_object_let_it_run_again(db: Database) -> None:
    await _make_stuck(db, key="sub_1")
    await db.write(_enqueue, key="sub_1")
    assert (await _claim_one(db, now=_NOW + _SECOND)).attempts == 1


async def test_a15_a_burst_during_an_outage_uses_up_no_tries(db: Database) -> None:
    await db.write(_enqueue, key="sub_1")
    now = _NOW
    for _ in range(50):
        job = await _claim_one(db, now=now)
        assert not await db.write(_fail, job, now=now)
        for _ in range(3):
            await db.write(_enqueue, key="sub_1", now=now)
        due = await db.read(queue.next_due)
        assert due is not None
        assert _SECOND <= due - now <= 1.2 * _SECOND
        now += 2 * _SECOND
    assert job.attempts <= 2


async def test_a_moved_clock_brings_a_teams_business_nearer_and_nothing_else(db: Database) -> None:
    day = timedelta(days=1)
    await db.write(_enqueue, "release", run_at=_NOW + 30 * day, team_id="team_1", in_team_time=True)
    await db.write(_enqueue, "other team", run_at=_NOW + 30 * day, team_id="team_2", in_team_time=True)
    await db.write(_enqueue, "retry", run_at=_NOW + 30 * day, team_id="team_1")

    async def shift(tx: Writing) -> None:
        await queue.shift_team_time(tx, "team_1", 30 * day)

    await db.write(shift)
    assert [job.name for job in await db.write(_claim)] == ["release"]


async def test_a_running_job_keeps_its_lease_when_the_clock_is_moved(db: Database) -> None:
    await db.write(_enqueue, team_id="team_1", in_team_time=True)
    job = await _claim_one(db)

    async def shift(tx: Writing) -> None:
        await queue.shift_team_time(tx, "team_1", timedelta(days=1))

    await db.write(shift)
    assert await db.write(_claim) == []
    await db.write(_finish, job)


async def test_a_job_enqueued_in_a_unit_that_fails_was_never_there(db: Database) -> None:
    async def enqueue_and_raise(tx: Writing) -> None:
        await _enqueue(tx)
        raise LookupError("no")

    with pytest.raises(LookupError):
        await db.write(enqueue_and_raise)
    assert await db.read(queue.waiting_count) == 0
