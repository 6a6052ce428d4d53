from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from billfold.domain.tenancy.attempts import attempt_key, forget_free_attempts, forgive, take
from billfold.infrastructure.db.database import Database

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = attempt_key("password", "owner@example.com")
WINDOW = timedelta(minutes=15)


async def test_the_allowance_may_be_used_at_once_and_comes_back_bit_by_bit(db: Database) -> None:
    assert [await db.write(take, KEY, 5, WINDOW, NOW) for _ in range(5)] == [0] * 5
    assert await db.write(take, KEY, 5, WINDOW, NOW) == 180
    assert await db.write(take, KEY, 5, WINDOW, NOW + timedelta(seconds=100)) == 80
    later = NOW + timedelta(minutes=3)
    assert await db.write(take, KEY, 5, WINDOW, later) == 0
    assert await db.write(take, KEY, 5, WINDOW, later) == 180
    rested = NOW + timedelta(hours=1)
    assert [await db.write(take, KEY, 5, WINDOW, rested) for _ in range(6)] == [0, 0, 0, 0, 0, 180]


async def test_tries_that_come_together_do_not_pass_together(db: Database) -> None:
    waits = await asyncio.gather(*(db.write(take, KEY, 5, WINDOW, NOW) for _ in range(20)))
    assert sorted(waits) == [0] * 5 + [180] * 15


async def test_keys_do_not_touch_each_other(db: Database) -> None:
    for _ in range(5):
        await db.write(take, KEY, 5, WINDOW, NOW)
    assert await db.write(take, attempt_key("password", "other@example.com"), 5, WINDOW, NOW) == 0


async def test_a_forgiven_key_has_its_whole_allowance(db: Database) -> None:
    for _ in range(6):
        await db.write(take, KEY, 5, WINDOW, NOW)
    await db.write(forgive, KEY)
    assert [await db.write(take, KEY, 5, WINDOW, NOW) for _ in range(5)] == [0] * 5


async def test_only_free_keys_are_forgotten(db: Database) -> None:
    await db.write(take, KEY, 5, WINDOW, NOW)
    assert await db.write(forget_free_attempts, now=NOW + timedelta(minutes=2)) == 0
    assert await db.write(forget_free_attempts, now=NOW + timedelta(minutes=3)) == 1
