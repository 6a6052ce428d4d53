"""The batcher that looks before its turn: everybody is answered with his own result, whatever was seen too early."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from billfold.base.errors import Invalid, Unavailable
from billfold.infrastructure.db.ahead import AheadBatcher, Halves, SeenTooEarly


class Turns:
    """A database whose writes take turns; `begin` lets the next one run."""

    units_side_by_side = 1

    def __init__(self) -> None:
        self.reads: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.writes = 0
        self.failure: Exception | None = None
        self._turn = asyncio.Lock()

    async def read(self, unit: Any, items: Sequence[int]) -> Any:
        self.reads.append(len(items))
        return await unit("reading", items)

    async def write(self, unit: Any, *args: Any) -> Any:
        async with self._turn:
            if self.failure is not None:
                raise self.failure
            self.writes += 1
            result = await unit("writing", *args)
            await self.gate.wait()
            return result


class Doubling:
    """Doubles numbers; refuses what `refused` holds, and takes what `too_early` holds for seen too early."""

    def __init__(self) -> None:
        self.refused: set[int] = set()
        self.too_early: set[int] = set()
        self.whole_batches: list[list[int]] = []

    async def whole(self, tx: Any, items: Sequence[int]) -> list[int]:
        del tx
        self.whole_batches.append(list(items))
        if self.refused & set(items):
            raise Invalid("This number is refused.")
        return [2 * item for item in items]

    async def look(self, tx: Any, items: Sequence[int]) -> list[int]:
        del tx
        return list(items)

    async def write(self, tx: Any, seen: Sequence[list[int]]) -> list[int]:
        del tx
        items = [item for each in seen for item in each]
        if (self.refused | self.too_early) & set(items):
            raise SeenTooEarly
        return [2 * item for item in items]

    @property
    def halves(self) -> Halves[int, list[int], int]:
        return Halves(self.whole, self.look, self.write)


async def test_what_arrives_during_a_commit_is_looked_up_meanwhile() -> None:
    db, unit = Turns(), Doubling()
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]
    db.gate.clear()
    first = batch.add(1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [batch.add(number) for number in range(2, 14)]
    for _ in range(5):
        await asyncio.sleep(0)

    assert db.writes == 1, "the first one's commit is under way"
    assert sum(db.reads) == 12, "and the others have been looked up in groups"
    db.gate.set()
    assert await asyncio.gather(first, *others) == [2 * number for number in range(1, 14)]
    assert unit.whole_batches == []


async def test_what_was_seen_too_early_runs_whole_and_is_answered() -> None:
    db, unit = Turns(), Doubling()
    unit.too_early = {3}
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]

    assert await asyncio.gather(*(batch.add(number) for number in range(6))) == [0, 2, 4, 6, 8, 10]
    assert sorted(number for each in unit.whole_batches for number in each) == list(range(6))


async def test_one_that_cannot_be_stored_fails_alone() -> None:
    db, unit = Turns(), Doubling()
    unit.refused = {4}
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]
    outcomes = await asyncio.gather(*(batch.add(number) for number in range(6)), return_exceptions=True)

    assert [each for each in outcomes if not isinstance(each, BaseException)] == [0, 2, 4, 6, 10]
    assert isinstance(outcomes[4], Invalid)


@pytest.mark.parametrize("failure", [Unavailable("The database does not answer."), RuntimeError("the disk is gone")])
async def test_a_database_that_does_not_answer_is_told_to_everybody_who_waits(failure: Exception) -> None:
    db, unit = Turns(), Doubling()
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]
    db.failure = failure
    outcomes = await asyncio.gather(*(batch.add(number) for number in range(20)), return_exceptions=True)
    assert all(isinstance(each, type(failure)) for each in outcomes)

    db.failure = None
    assert await batch.add(5) == 10, "and it goes on when the database does"


async def test_somebody_who_left_keeps_nobody_else_waiting() -> None:
    db, unit = Turns(), Doubling()
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]
    left, stays = batch.add(1), batch.add(2)
    left.cancel()

    assert await stays == 4
    with pytest.raises(asyncio.CancelledError):
        await left


@pytest.mark.parametrize("many", [1, 7, 8, 9, 40, 300, 1_000])
async def test_however_many_come_at_once_each_gets_its_own_result(many: int) -> None:
    db, unit = Turns(), Doubling()
    batch: AheadBatcher[int, Any, int] = AheadBatcher(db, unit.halves)  # type: ignore[arg-type]

    async def one(number: int) -> int:
        for _ in range(number % 5):
            await asyncio.sleep(0)
        return await batch.add(number)

    assert await asyncio.gather(*(one(number) for number in range(many))) == [2 * number for number in range(many)]
