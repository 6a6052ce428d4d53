from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest

from billfold.domain.analytics.figures import LARGE, Kept
from billfold.entrypoints.web.console.figures import FiguresCache

_AT: Final = datetime(2026, 11, 20, tzinfo=UTC)
_SECOND: Final = 1_000_000_000


class Look(int):
    """The figures of the so-manieth look, of a project with so many customers."""

    overview: SimpleNamespace
    at: datetime = _AT


class SlowDatabase:
    """Each snapshot takes as long as it is told, by the clock that the cache looks at."""

    def __init__(self, takes: int, *, customers: int = 100_000) -> None:
        self.takes = takes
        self.customers = customers
        self.now = 0
        self.looks = 0
        self.broken = False
        self.stored: Any = None
        self.written: list[Any] = []

    def nanoseconds(self) -> int:
        return self.now

    async def snapshot(self, unit: Any, **wanted: Any) -> Any:
        del unit, wanted
        await asyncio.sleep(0)
        self.looks += 1
        self.now += self.takes
        if self.broken:
            raise RuntimeError("the database is away")
        look = Look(self.looks)
        look.overview = SimpleNamespace(customer_count=self.customers)
        return look, f"sums {self.looks}"

    async def read(self, unit: Any, project_id: str, now: datetime) -> Any:
        del unit, project_id, now
        return self.customers >= LARGE, self.stored

    async def write(self, unit: Any, project_id: str, kept: Kept) -> None:
        del unit, project_id
        self.written.append(kept.sums)


async def look(cache: FiguresCache, db: Any) -> Any:
    return await cache.figures(db, team_id="team_1", project_id="proj_1", currency="usd", at=_AT, now=_AT)


async def test_what_is_cheap_is_computed_each_time() -> None:
    db = SlowDatabase(takes=10_000_000)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert [await look(cache, db) for _ in range(3)] == [1, 2, 3]


async def test_a_small_project_is_computed_each_time_however_slow_the_machine_is() -> None:
    db = SlowDatabase(takes=_SECOND, customers=999)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert [await look(cache, db) for _ in range(3)] == [1, 2, 3]


async def test_what_is_dear_is_kept_and_then_made_anew_while_the_old_is_shown() -> None:
    db = SlowDatabase(takes=_SECOND)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert [await look(cache, db) for _ in range(3)] == [1, 1, 1]
    db.now += 199 * _SECOND
    assert await look(cache, db) == 1
    assert db.looks == 1
    db.now += 2 * _SECOND
    assert await look(cache, db) == 1
    for _ in range(3):
        await asyncio.sleep(0)
    assert await look(cache, db) == 2


async def test_many_who_look_at_once_wait_for_one_answer() -> None:
    db = SlowDatabase(takes=_SECOND)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert await asyncio.gather(*(look(cache, db) for _ in range(20))) == [1] * 20


async def test_after_a_failure_the_next_look_tries_again() -> None:
    db = SlowDatabase(takes=_SECOND)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    db.broken = True
    with pytest.raises(RuntimeError):
        await look(cache, db)
    db.broken = False
    assert await look(cache, db) == 2


async def test_a_new_process_shows_what_was_kept_while_it_sums_up_anew() -> None:
    db = SlowDatabase(takes=_SECOND)
    db.stored = ("kept before", 0)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert await look(cache, db) == "kept before"
    for _ in range(5):
        await asyncio.sleep(0)
    assert await look(cache, db) == 1
    assert db.written == ["sums 1"]


async def test_a_new_process_does_not_sum_up_what_was_summed_up_a_moment_ago() -> None:
    db = SlowDatabase(takes=_SECOND)
    db.stored = ("kept before", 20 * _SECOND)
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert [await look(cache, db) for _ in range(3)] == ["kept before"] * 3
    for _ in range(5):
        await asyncio.sleep(0)
    assert db.looks == 0
    db.now += 21 * _SECOND
    assert await look(cache, db) == "kept before"
    for _ in range(5):
        await asyncio.sleep(0)
    assert await look(cache, db) == 1


async def test_nobody_waits_for_the_first_sums_of_a_large_project() -> None:
    db, done = SlowDatabase(takes=_SECOND), asyncio.Event()
    snapshot = db.snapshot

    async def endless(unit: Any, **wanted: Any) -> Any:
        await done.wait()
        return await snapshot(unit, **wanted)

    db.snapshot = endless  # type: ignore[method-assign]
    cache = FiguresCache(nanoseconds=db.nanoseconds)
    assert await look(cache, db) is None
    assert await look(cache, db) is None
    done.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert await look(cache, db) == 1
    assert db.looks == 1
