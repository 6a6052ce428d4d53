"""Events get their places in the feeds, one sequencer at a time, and one that cannot be told stops nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import NoReturn

import pytest
import sqlalchemy as sa

from billfold.domain.webhooks.feed import FED
from billfold.domain.webhooks.sequencing import Announcement, Happened, make_sequencer, sequence, waiting_since
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import query
from billfold.infrastructure.jobs.queue import retry, stuck, waiting_count
from billfold.infrastructure.jobs.worker import Worker
from tests.conftest import ON_POSTGRES
from tests.feed.conftest import NOW, NothingTold, World, nothing


async def test_each_project_counts_its_own_events(world: World) -> None:
    await world.publish(1, 2)
    await world.publish(7, project_id=world.other_project_id)
    await world.publish(3)
    assert await world.sequencer().drain() == 4
    page = await world.read()
    assert [(event.position, event.data["number"]) for event in page.events] == [(1, 1), (2, 2), (3, 3)]
    other = await world.read(project_id=world.other_project_id)
    assert [(event.position, event.data["number"]) for event in other.events] == [(1, 7)]
    assert len({event.id for event in (*page.events, *other.events)}) == 4
    assert all(event.id.startswith("evt_") and event.timestamp == NOW for event in page.events)


async def test_what_came_into_the_feeds_is_handed_on_once(world: World) -> None:
    await world.publish(1, 2)
    await world.sequencer().drain()
    await world.publish(3)
    await world.sequencer().drain()
    assert [event.data["number"] for event in world.fanned] == [1, 2, 3]
    assert await world.sequencer().drain() == 0


async def test_an_event_may_be_told_as_several_or_not_at_all(world: World) -> None:
    await world.publish(1, times=3)
    await world.publish(2, kind=NothingTold)
    await world.publish(3)
    await world.sequencer().drain()
    assert await world.numbers() == [1, 1, 1, 3]


async def test_what_is_rolled_back_is_never_told(world: World) -> None:
    async def fail(tx: Writing) -> NoReturn:
        await world.publish_in(tx, 1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await world.db.write(fail)
    await world.publish(2)
    await world.sequencer().drain()
    assert await world.numbers() == [2]


async def test_it_is_known_since_when_something_waits(world: World) -> None:
    assert await world.db.read(waiting_since) is None
    await world.publish(1)
    assert await world.db.read(waiting_since) == NOW
    await world.sequencer().drain()
    assert await world.db.read(waiting_since) is None


async def test_an_event_that_cannot_be_told_is_parked_and_the_others_go_on(world: World) -> None:
    broken = True

    async def poison(tx: Reading, happened: Sequence[Happened]) -> list[list[Announcement]]:
        if broken:
            raise ValueError("no such plan")
        return [[Announcement("thing.happened", "late", {"number": 99})] for _ in await nothing(tx, happened)]

    world.renderers["house.only"] = poison
    await world.publish(1)
    await world.publish(2, kind=NothingTold)
    await world.publish(3)
    sequencer = world.sequencer()
    await sequencer.drain()
    assert await world.numbers() == [1, 3]
    worker = Worker(world.db, sequencer.handlers, world.clock)
    for _ in range(20):
        await worker.drain()
        world.clock.advance(timedelta(hours=2))
    (job,) = await world.db.read(stuck)
    assert job.name == "feed.sequence_again"
    assert "no such plan" in (job.last_error or "")

    broken = False
    await world.db.write(retry, job.id, now=world.clock.now())
    await worker.drain()
    assert await world.numbers() == [1, 3, 99]
    assert await world.db.read(waiting_count) == 0


async def test_an_event_that_only_a_newer_version_knows_is_parked(world: World) -> None:
    del world.renderers["house.only"]
    await world.publish(1, kind=NothingTold)
    await world.publish(2)
    await world.sequencer().drain()
    assert await world.numbers() == [2]
    assert await world.db.read(waiting_count) == 1


async def test_a_running_sequencer_is_woken_by_a_commit(world: World) -> None:
    sequencer, fed = world.sequencer(), asyncio.Event()
    world.db.on_wake(fed.set, FED)
    running = asyncio.create_task(sequencer.run())
    try:
        await world.publish(1)
        async with asyncio.timeout(10):
            await fed.wait()
        assert await world.numbers() == [1]
    finally:
        await sequencer.stop()
        await running


@pytest.mark.skipif(not ON_POSTGRES, reason="needs BILLFOLD_TEST_DATABASE=postgresql: SQLite has one writer")
async def test_a_late_commit_with_a_low_id_is_not_missed(world: World) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Writing) -> None:
        await world.publish_in(tx, 1)
        begun.set()
        await go_on.wait()

    slowly = asyncio.create_task(world.db.write(slow))
    await begun.wait()
    await world.publish(2)
    await world.sequencer().drain()
    assert await world.numbers() == [2]
    go_on.set()
    await slowly
    await world.sequencer().drain()
    assert await world.numbers() == [2, 1]
    sequences = query(
        sa.text("SELECT sequence FROM events ORDER BY sequence").columns(sa.column("sequence", sa.Integer)), int
    )
    assert len(await world.db.read(lambda tx: tx.all(sequences))) == 2


@pytest.mark.skipif(not ON_POSTGRES, reason="needs BILLFOLD_TEST_DATABASE=postgresql: SQLite has one writer")
async def test_of_two_sequencers_one_gives_places_and_the_other_lets_be(world: World) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Reading, happened: Sequence[Happened]) -> list[list[Announcement]]:
        begun.set()
        await go_on.wait()
        return await nothing(tx, happened)

    async def no_fan_out(tx: Writing, fed: object) -> None:
        del tx, fed

    await world.db.write(make_sequencer)
    await world.publish(1, kind=NothingTold)
    first = asyncio.create_task(world.db.write(sequence, {"house.only": slow}, no_fan_out, limit=10, now=NOW))
    await begun.wait()
    assert await world.sequencer().drain() == 0
    go_on.set()
    done = await first
    assert done is not None
    assert done.taken == 1
