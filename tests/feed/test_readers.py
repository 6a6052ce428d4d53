"""Who waits at the end of a feed is woken by the process that fed it, whichever that is."""

from __future__ import annotations

import asyncio

import pytest

from billfold.entrypoints.feed_readers import FeedReaders, TooManyReaders
from tests.conftest import ON_POSTGRES, open_database
from tests.feed.conftest import World


async def test_a_reader_is_woken_by_his_own_project_only(world: World) -> None:
    readers = FeedReaders(world.db)
    mine = asyncio.create_task(readers.wait("key_1", world.project_id, behind=0, seconds=20))
    others = asyncio.create_task(readers.wait("key_2", world.other_project_id, behind=0, seconds=20))
    await world.publish(1)
    await world.sequencer().drain()
    async with asyncio.timeout(10):
        assert await mine
    assert not others.done()
    readers.release()
    assert not await others
    assert not readers.waiting


async def test_what_came_before_one_waited_is_seen_at_once(world: World) -> None:
    await world.publish(1)
    await world.sequencer().drain()
    async with asyncio.timeout(10):
        assert await FeedReaders(world.db).wait("key_1", world.project_id, behind=0, seconds=20)


async def test_nobody_waits_any_more_once_the_server_ends(world: World) -> None:
    readers = FeedReaders(world.db)
    readers.release()
    assert not await readers.wait("key_1", world.project_id, behind=0, seconds=20)


async def test_readers_of_a_process_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.entrypoints.feed_readers.MOST_OF_A_PROCESS", 0)
    with pytest.raises(TooManyReaders):
        await FeedReaders(world.db).wait("key_1", world.project_id, behind=0, seconds=20)


@pytest.mark.skipif(not ON_POSTGRES, reason="needs BILLFOLD_TEST_DATABASE=postgresql: SQLite is for one process")
async def test_a_reader_is_woken_by_another_process(world: World, database_url: str) -> None:
    other = open_database(database_url)
    await other.start()
    try:
        waiting = asyncio.create_task(FeedReaders(other).wait("key_1", world.project_id, behind=0, seconds=20))
        await world.publish(1)
        await world.sequencer().drain()
        async with asyncio.timeout(10):
            assert await waiting
    finally:
        await other.stop()
