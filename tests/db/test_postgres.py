"""What only PostgreSQL does: connections that are lost, deadlocks, waking the workers of other processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql

from billfold.base.errors import Unavailable
from billfold.infrastructure.db.database import ChangedMeanwhile, Reading, Writing
from billfold.infrastructure.db.postgres import PostgresDatabase
from billfold.infrastructure.db.statements import values_of
from tests.conftest import ON_POSTGRES
from tests.db.marks import ADD, COUNT, RENAME, Mark, create_sql
from tests.postgres_cluster import PostgresCluster

pytestmark = pytest.mark.skipif(not ON_POSTGRES, reason="needs BILLFOLD_TEST_DATABASE=postgresql")


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    """A server of this file's own: it is stopped and killed here, which no other test must feel."""
    cluster = PostgresCluster(loses_nothing=True)
    cluster.start()
    yield cluster
    cluster.remove()


@pytest.fixture
async def server(cluster: PostgresCluster) -> AsyncIterator[PostgresDatabase]:
    """A started database on that server, with the test's table."""
    connection = await asyncpg.connect(cluster.url)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    await connection.execute(f"DROP TABLE IF EXISTS test_marks; {create_sql(dialect)}")
    await connection.close()
    database = PostgresDatabase(cluster.url)
    await database.start()
    yield database
    await database.stop()


async def _add(tx: Writing, mark_id: str) -> None:
    await tx.run(ADD, **values_of(Mark(mark_id)))


async def _count(tx: Reading) -> int:
    return await tx.one(COUNT)


async def _recovered(database: PostgresDatabase) -> None:
    """Return when a write and a read, each on connections of its own, have gone well; a hang is ended by the test's timeout."""
    attempts: list[Callable[[], Awaitable[Any]]] = [
        lambda: database.write(_add, "recovered"),
        lambda: database.read(_count),
    ]
    for attempt in attempts:
        while True:
            try:
                await attempt()
            except Unavailable:
                await asyncio.sleep(0.05)
            else:
                break


async def test_a_killed_connection_is_unavailable_and_the_next_one_works(
    cluster: PostgresCluster, server: PostgresDatabase
) -> None:
    """Scenario B3."""
    killer = await asyncpg.connect(cluster.url)

    async def add_and_lose_the_connection(tx: Writing) -> None:
        await tx.run(ADD, **values_of(Mark("lost")))
        await killer.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        await tx.run(ADD, **values_of(Mark("lost too")))

    with pytest.raises(Unavailable):
        await server.write(add_and_lose_the_connection)
    await killer.close()
    await _recovered(server)
    assert await server.read(_count) == 1


@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "crashed"])
async def test_an_outage_under_load_answers_no_false_success_and_ends_by_itself(
    cluster: PostgresCluster, server: PostgresDatabase, *, crash: bool
) -> None:
    """Scenario B3: every success that was answered is there afterwards, and nothing has to be restarted."""
    succeeded: list[str] = []
    refused: list[Exception] = []
    ended = asyncio.Event()

    async def keep_writing(writer: int) -> None:
        number = 0
        while not ended.is_set():
            name = f"w{writer}-{number}"
            number += 1
            try:
                await server.write(_add, name)
            except Unavailable as error:
                refused.append(error)
                await asyncio.sleep(0.01)
            else:
                succeeded.append(name)

    writers = [asyncio.create_task(keep_writing(number)) for number in range(8)]
    await asyncio.sleep(0.2)
    await asyncio.to_thread(cluster.stop, crash=crash)
    with pytest.raises(Unavailable):
        await server.write(_add, "while it is down")
    with pytest.raises(Unavailable):
        await server.read(_count)
    await asyncio.to_thread(cluster.start)
    await _recovered(server)
    ended.set()
    await asyncio.gather(*writers)
    assert succeeded
    assert refused

    connection = await asyncpg.connect(cluster.url)
    found = {row["id"] for row in await connection.fetch("SELECT id FROM test_marks")}
    await connection.close()
    assert set(succeeded) <= found


async def test_a_server_that_is_not_there_is_unavailable(cluster: PostgresCluster) -> None:
    await asyncio.to_thread(cluster.stop)
    try:
        with pytest.raises(Unavailable):
            await PostgresDatabase(cluster.url).start()
    finally:
        await asyncio.to_thread(cluster.start)


async def test_it_can_be_closed_while_the_server_is_away(cluster: PostgresCluster) -> None:
    database = PostgresDatabase(cluster.url)
    await database.start()
    await asyncio.to_thread(cluster.stop)
    try:
        async with asyncio.timeout(5):
            await database.stop()
    finally:
        await asyncio.to_thread(cluster.start)


async def test_a_database_that_does_not_exist_says_which_setting_to_check(cluster: PostgresCluster) -> None:
    with pytest.raises(Unavailable, match="BILLFOLD_DATABASE_URL"):
        await PostgresDatabase(cluster.url.replace("/postgres", "/nowhere")).start()


async def test_a_deadlock_is_tried_again(server: PostgresDatabase) -> None:
    await server.write(_add, "a")
    await server.write(_add, "b")
    both_hold_one = asyncio.Barrier(2)
    tries = 0

    async def rename_both(tx: Writing, first: str, second: str) -> None:
        nonlocal tries
        tries += 1
        await tx.run(RENAME, mark_id=first, new_label=f"{first} by {first}")
        if tries <= 2:
            await both_hold_one.wait()
        await tx.run(RENAME, mark_id=second, new_label=f"{second} by {first}")

    await asyncio.gather(server.write(rename_both, "a", "b"), server.write(rename_both, "b", "a"))
    assert tries == 3


async def test_a_mistake_of_ours_does_not_look_like_an_outage(server: PostgresDatabase) -> None:
    async def two_at_once(tx: Writing) -> None:
        await asyncio.gather(tx.one(COUNT), tx.one(COUNT))

    with pytest.raises(asyncpg.InterfaceError):
        await server.write(two_at_once)
    await server.write(_add, "after")


async def test_a_unit_leaves_no_open_transaction_behind(server: PostgresDatabase, cluster: PostgresCluster) -> None:
    async def cancelled(tx: Writing) -> None:
        await tx.run(ADD, **values_of(Mark("cancelled")))
        await asyncio.sleep(60)

    for _ in range(20):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await server.write(cancelled)
    await server.write(_add, "cancelled")
    connection = await asyncpg.connect(cluster.url)
    left = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    assert await connection.fetchval(left) == 0
    await connection.close()


async def test_a_commit_wakes_the_worker_of_another_process(cluster: PostgresCluster, server: PostgresDatabase) -> None:
    other = PostgresDatabase(cluster.url)
    await other.start()
    woken = asyncio.Event()
    other.on_wake(woken.set)

    async def wake(tx: Writing) -> None:
        tx.wake_worker()

    try:
        async with asyncio.timeout(10):
            while not woken.is_set():
                # The other one begins to listen in a task of its own.
                await server.write(wake)
                await asyncio.sleep(0.02)
    finally:
        await other.stop()


async def test_reads_work_while_every_writing_connection_is_busy(server: PostgresDatabase) -> None:
    release = asyncio.Event()

    async def hold(tx: Writing, number: int) -> None:
        await tx.run(ADD, **values_of(Mark(f"held{number}")))
        await release.wait()

    held = [asyncio.create_task(server.write(hold, number)) for number in range(30)]
    async with asyncio.timeout(5):
        assert await server.read(_count) == 0
    release.set()
    await asyncio.gather(*held)
    assert await server.read(_count) == 30


async def test_a_unit_whose_look_is_out_of_date_runs_again(server: PostgresDatabase) -> None:
    runs = 0

    async def look_and_write(tx: Writing) -> int:
        nonlocal runs
        del tx
        runs += 1
        if runs == 1:
            raise ChangedMeanwhile
        return runs

    assert await server.write(look_and_write) == 2
