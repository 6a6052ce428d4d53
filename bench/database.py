"""The database layer against the same SQL written by hand on the bare driver, with and without group commit.

One unit is what a small API call does: look a key up, see whether a row is there, insert it, insert an event beside it, durable
before it is answered. Sixteen callers each wait for their unit before they send the next.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bench.postgres import create_database, postgres_server
from bench.report import Options, Report
from billfold.infrastructure.db.database import Database, Writing
from billfold.infrastructure.db.postgres import PostgresDatabase
from billfold.infrastructure.db.sqlite import SqliteDatabase
from billfold.infrastructure.db.statements import command, query

CALLERS: Final = 16
_KEYS: Final = 100
Unit = Callable[[int], Awaitable[None]]

_metadata = sa.MetaData()
_keys = sa.Table("keys", _metadata, sa.Column("hash", sa.Text, primary_key=True), sa.Column("team", sa.Text))
_people = sa.Table(
    "people",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.UniqueConstraint("team", "email"),
)
_outbox = sa.Table(
    "outbox",
    _metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("body", sa.Text, nullable=False),
)

_KEY: Final = query(sa.select(_keys.c.team).where(_keys.c.hash == sa.bindparam("hash")), str)
_TAKEN: Final = query(
    sa.select(_people.c.id).where(_people.c.team == sa.bindparam("team"), _people.c.email == sa.bindparam("email")), str
)
_ADD: Final = command(insert(_people).values({name: sa.bindparam(name) for name in ("id", "team", "email")}))
_PUBLISH: Final = command(insert(_outbox).values(body=sa.bindparam("body")))

_BY_HAND: Final = (
    "SELECT team FROM keys WHERE hash = $1",
    "SELECT id FROM people WHERE team = $1 AND email = $2",
    "INSERT INTO people (id, team, email) VALUES ($1, $2, $3)",
    "INSERT INTO outbox (body) VALUES ($1)",
)
# SQLite's own way to write a parameter; it takes $1 for a name.
_BY_HAND_SQLITE: Final = tuple(text.replace("$1", "?").replace("$2", "?").replace("$3", "?") for text in _BY_HAND)


async def _unit(tx: Writing, serial: int) -> None:
    team = await tx.first(_KEY, hash=f"key{serial % _KEYS}")
    email = f"{serial}@example.com"
    assert await tx.first(_TAKEN, team=team, email=email) is None
    await tx.run(_ADD, id=f"pc_{serial:014d}", team=team, email=email)
    await tx.run(_PUBLISH, body=f"person {serial}")


def run(options: Options, report: Report) -> None:
    """Measure on each database that was asked for."""
    units = options.count(8_000)
    if "sqlite" in options.databases:
        report.head(f"Database layer on SQLite, synchronous=FULL, {CALLERS} callers, {units:,} units a round")
        asyncio.run(_sqlite(options, report, units))
    if "postgres" in options.databases:
        report.head(f"Database layer on PostgreSQL, {CALLERS} callers, {units:,} units a round")
        with postgres_server(options.postgres_url, options.directory) as server:
            url = create_database(server, "billfold_bench_layer")
            asyncio.run(_postgres(url, options, report, units))


async def _sqlite(options: Options, report: Report, units: int) -> None:
    path = options.directory / "layer.db"
    setup = _connect(path)
    for table in _metadata.sorted_tables:
        setup.execute(str(sa.schema.CreateTable(table).compile(dialect=sa.create_engine("sqlite://").dialect)))
    setup.executemany("INSERT INTO keys VALUES (?, ?)", [(f"key{i}", f"team{i % 7}") for i in range(_KEYS)])
    setup.close()
    database = SqliteDatabase(str(path))
    await database.start()
    hand = _HandWritten(path)
    single = _connect(path)

    async def alone(serial: int) -> None:
        single.execute("BEGIN IMMEDIATE")
        _by_hand(single, serial)
        single.execute("COMMIT")

    ways: dict[str, Unit] = {
        "layer, group commit": _through(database),
        "by hand, group commit": hand.write,
        "by hand, a commit for each unit": alone,
    }
    rates = await _measure(ways, units, options.rounds(5))
    await database.stop()
    hand.stop()
    single.close()
    _print(report, rates)
    report.ratio("layer / by hand, group commit", rates["layer, group commit"], rates["by hand, group commit"])
    report.ratio(
        "layer / a commit for each unit", rates["layer, group commit"], rates["by hand, a commit for each unit"]
    )


async def _postgres(url: str, options: Options, report: Report, units: int) -> None:
    setup = await asyncpg.connect(url)
    engine = sa.create_mock_engine("postgresql+asyncpg://", lambda *_, **__: None)
    for table in _metadata.sorted_tables:
        await setup.execute(str(sa.schema.CreateTable(table).compile(dialect=engine.dialect)))
    await setup.executemany("INSERT INTO keys VALUES ($1, $2)", [(f"key{i}", f"team{i % 7}") for i in range(_KEYS)])
    await setup.close()
    database = PostgresDatabase(url)
    await database.start()
    pool = await asyncpg.create_pool(url, min_size=1, max_size=12)

    async def by_hand(serial: int) -> None:
        key, taken, add, outbox = _BY_HAND
        async with pool.acquire() as connection, connection.transaction():
            team = (await connection.fetchrow(key, f"key{serial % _KEYS}"))[0]
            email = f"{serial}@example.com"
            assert await connection.fetchrow(taken, team, email) is None
            await connection.execute(add, f"pc_{serial:014d}", team, email)
            await connection.execute(outbox, f"person {serial}")

    ways: dict[str, Unit] = {"layer": _through(database), "by hand": by_hand}
    rates = await _measure(ways, units, options.rounds(5))
    await database.stop()
    await pool.close()
    _print(report, rates)
    report.ratio("layer / by hand", rates["layer"], rates["by hand"])


def _through(database: Database) -> Unit:
    async def write(serial: int) -> None:
        await database.write(_unit, serial)

    return write


async def _measure(ways: dict[str, Unit], units: int, rounds: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    serial = 0
    for _ in range(rounds):
        for name, unit in ways.items():
            numbers = iter(range(serial, serial + units))
            serial += units

            async def call(unit: Unit = unit, numbers: Any = numbers) -> None:
                for number in numbers:
                    await unit(number)

            start = perf_counter()
            await asyncio.gather(*(call() for _ in range(CALLERS)))
            rates[name].append(units / (perf_counter() - start))
    return rates


def _print(report: Report, rates: dict[str, list[float]]) -> None:
    for name, values in rates.items():
        report.figure(name, values, "units/s")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, cached_statements=512)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _by_hand(connection: sqlite3.Connection, serial: int) -> None:
    key, taken, add, outbox = _BY_HAND_SQLITE
    team = connection.execute(key, (f"key{serial % _KEYS}",)).fetchone()[0]
    email = f"{serial}@example.com"
    assert connection.execute(taken, (team, email)).fetchone() is None
    connection.execute(add, (f"pc_{serial:014d}", team, email))
    connection.execute(outbox, (f"person {serial}",))


class _HandWritten:
    """The same group commit with nothing around it: a thread, a queue, SQL text."""

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path)
        self._queue: queue.SimpleQueue[tuple[int, asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    async def write(self, serial: int) -> None:
        done: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((serial, done))
        await done

    def stop(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < 128 and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    return
                batch.append(following)
            self._connection.execute("BEGIN IMMEDIATE")
            for serial, _ in batch:
                self._connection.execute("SAVEPOINT unit")
                _by_hand(self._connection, serial)
                self._connection.execute("RELEASE unit")
            self._connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(self._answer, batch)

    @staticmethod
    def _answer(batch: list[tuple[int, asyncio.Future[None]]]) -> None:
        for _, done in batch:
            done.set_result(None)
