from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest

from billfold.entrypoints.web.console.figures import FiguresCache

_AT: Final = datetime(2026, 11, 20, tzinfo=UTC)
_SECOND: Final = 1_000_000_000


class Look(int):
    """The figures of the so-manieth look, of a project with so many customers."""

    overview: SimpleNamespace


class SlowDatabase:
    """Each snapshot takes as long as it is told, by the clock that the cache looks at."""

    def __init__(self, takes: int, *, customers: int = 100_000) -> None:
        self.takes = takes
        self.customers = customers
        self.now = 0
        self.looks = 0
        self.broken = False

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
        return look


async def look(cache: FiguresCache, db: Any) -> Any:
    return await cache.figures(db, team_id="team_1", project_id="proj_1", currency="usd", at=_AT)


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
