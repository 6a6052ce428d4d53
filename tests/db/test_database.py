"""What holds on every database, whichever engine it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from billfold.base.errors import Conflict, Invalid
from billfold.infrastructure.db.database import Database, DuplicateRow, Reading, Writing
from billfold.infrastructure.db.statements import Query, values_of
from tests.conftest import open_database
from tests.db.marks import ADD, ADD_BULK, ADD_ONCE, ALL, COUNT, GET, OF_IDS, OF_MOMENTS, OF_NUMBERS, RENAME, Mark

_MOMENT = datetime(2026, 5, 6, 7, 8, 9, 123_456, tzinfo=UTC)


async def _add(tx: Writing, mark: Mark) -> None:
    await tx.run(ADD, **values_of(mark))


async def _get(tx: Reading, mark_id: str) -> Mark | None:
    return await tx.first(GET, mark_id=mark_id)


async def _count(tx: Reading) -> int:
    return await tx.one(COUNT)


async def test_a_row_comes_back_as_it_was_written(marked: Database) -> None:
    mark = Mark("m1", "é ẞ 👩‍👩‍👧", 2**63 - 1, _MOMENT, {"a": [1, None, "x"]}, is_set=True)
    await marked.write(_add, mark)
    assert await marked.read(_get, "m1") == mark


async def _add_bulk(tx: Writing, rows: list[tuple[Any, ...]]) -> list[bool]:
    return await tx.insert_bulk(ADD_BULK, rows)


async def test_a_list_of_rows_tells_of_each_whether_it_was_written(marked: Database) -> None:
    await marked.write(_add, Mark("m2"))
    rows = [
        ("m1", "one", _MOMENT, {"a": 1}),
        ("m2", "two", None, None),
        ("m3", None, None, None),
        ("m3", "x", None, None),
    ]
    assert await marked.write(_add_bulk, rows) == [True, False, True, False]
    assert await marked.read(_get, "m1") == Mark("m1", "one", 7, _MOMENT, {"a": 1}, is_set=False)
    assert await marked.read(_get, "m3") == Mark("m3", None, 7, is_set=False)


async def test_a_list_of_rows_with_a_nul_is_refused_whole(marked: Database) -> None:
    with pytest.raises(Invalid, match="NUL"):
        await marked.write(_add_bulk, [("m1", None, None, None), ("m2", "a\0b", None, None)])
    assert await marked.read(_count) == 0


async def test_nothing_stays_nothing(marked: Database) -> None:
    await marked.write(_add, Mark("m1"))
    assert await marked.read(_get, "m1") == Mark("m1")
    assert await marked.read(_get, "m2") is None


async def test_a_moment_of_any_zone_comes_back_in_utc(marked: Database) -> None:
    for index, moment in enumerate([_MOMENT, datetime(1969, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]):
        elsewhere = moment.astimezone(timezone(timedelta(hours=-5)))
        await marked.write(_add, Mark(f"m{index}", at=elsewhere))
        found = await marked.read(_get, f"m{index}")
        assert found is not None
        assert found.at == moment
        assert found.at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(marked: Database) -> None:
    with pytest.raises(TypeError):
        await marked.write(_add, Mark("m1", at=_MOMENT.replace(tzinfo=None)))
    assert await marked.read(_count) == 0


async def test_a_unit_that_raises_changes_nothing(marked: Database) -> None:
    async def add_and_raise(tx: Writing) -> None:
        await tx.run(ADD, **values_of(Mark("m1")))
        raise LookupError("no")

    with pytest.raises(LookupError):
        await marked.write(add_and_raise)
    assert await marked.read(_count) == 0


async def test_a_unit_that_fails_rolls_back_alone(marked: Database) -> None:
    await marked.write(_add, Mark("m050"))
    outcomes = await asyncio.gather(
        *(marked.write(_add, Mark(f"m{number:03}")) for number in range(100)), return_exceptions=True
    )
    failed = [number for number, outcome in enumerate(outcomes) if outcome is not None]
    assert failed == [50]
    assert isinstance(outcomes[50], DuplicateRow)
    assert await marked.read(_count) == 100


async def test_a_second_row_of_one_key_is_a_conflict(marked: Database) -> None:
    await marked.write(_add, Mark("m1", "same"))
    with pytest.raises(Conflict) as raised:
        await marked.write(_add, Mark("m2", "same"))
    assert isinstance(raised.value, DuplicateRow)
    assert "label" in raised.value.constraint
    assert "label" not in raised.value.message


async def test_on_conflict_do_nothing_says_whether_it_was_inserted(marked: Database) -> None:
    async def add_once(tx: Writing) -> str | None:
        return await tx.first(ADD_ONCE, id="m1")

    answers = await asyncio.gather(*(marked.write(add_once) for _ in range(20)))
    assert [answer for answer in answers if answer is not None] == ["m1"]
    assert await marked.read(_count) == 1


async def test_a_reference_to_nothing_is_a_conflict(marked: Database) -> None:
    with pytest.raises(Conflict):
        await marked.write(_add, Mark("m1", parent="gone"))


async def test_a_reading_unit_cannot_change_anything(marked: Database) -> None:
    for look in (marked.read, marked.snapshot):
        with pytest.raises(Exception):  # noqa: B017, PT011 - each driver says it in its own way
            await look(_add, Mark("m1"))
    assert await marked.read(_count) == 0
    await marked.write(_add, Mark("m1"))


async def test_lists_go_over_as_one_parameter(marked: Database) -> None:
    for number in range(4):
        await marked.write(_add, Mark(f"m{number}", number=number, at=_MOMENT + timedelta(seconds=number)))

    async def ids(tx: Reading, statement: Query[Mark], lists: dict[str, Any], /) -> list[str]:
        return [mark.id for mark in await tx.all(statement, **lists)]

    assert await marked.read(ids, OF_IDS, {"ids": ["m1", "m3", "other"]}) == ["m1", "m3"]
    assert await marked.read(ids, OF_IDS, {"ids": ()}) == []
    assert await marked.read(ids, OF_NUMBERS, {"numbers": [0, 2]}) == ["m0", "m2"]
    east = timezone(timedelta(hours=9))
    moments = [_MOMENT, (_MOMENT + timedelta(seconds=3)).astimezone(east)]
    assert await marked.read(ids, OF_MOMENTS, {"moments": moments}) == ["m0", "m3"]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["nul", "lone surrogate"])
async def test_a_text_that_cannot_be_stored_is_refused_with_a_reason(marked: Database, text: str) -> None:
    """Scenarios A11 and G3: never a 500, and the same on both databases."""
    with pytest.raises(Invalid):
        await marked.write(_add, Mark("m1", label=text))
    with pytest.raises(Invalid):
        await marked.read(_get, text)
    assert await marked.read(_count) == 0


async def test_nul_inside_json_survives(marked: Database) -> None:
    await marked.write(_add, Mark("m1", note={"k\0": "a\0b"}))
    found = await marked.read(_get, "m1")
    assert found is not None
    assert found.note == {"k\0": "a\0b"}


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
async def test_a_number_that_is_too_large_is_refused_with_a_reason(marked: Database, number: int) -> None:
    """Scenario D5."""
    with pytest.raises(Invalid):
        await marked.write(_add, Mark("m1", number=number))
    assert await marked.read(_count) == 0


async def test_run_says_how_many_rows_changed(marked: Database) -> None:
    await marked.write(_add, Mark("m1"))

    async def rename(tx: Writing, mark_id: str) -> int:
        return await tx.run(RENAME, mark_id=mark_id, new_label="x")

    assert await marked.write(rename, "m1") == 1
    assert await marked.write(rename, "m2") == 0


async def test_many_rows_are_written_in_one_go_or_not_at_all(marked: Database) -> None:
    async def add_many(tx: Writing, marks: list[Mark]) -> None:
        await tx.run_many(ADD, [values_of(mark) for mark in marks])

    await marked.write(add_many, [Mark(f"m{number}") for number in range(300)])
    await marked.write(add_many, [])
    with pytest.raises(DuplicateRow):
        await marked.write(add_many, [Mark("n1"), Mark("m7")])
    assert await marked.read(_count) == 300


async def test_a_forgotten_parameter_is_named(marked: Database) -> None:
    async def forget(tx: Reading) -> None:
        await tx.first(GET)

    with pytest.raises(KeyError, match="mark_id"):
        await marked.read(forget)


async def test_a_snapshot_sees_one_moment(marked: Database) -> None:
    await marked.write(_add, Mark("m1"))

    async def count_twice(tx: Reading) -> tuple[int, int]:
        first = await tx.one(COUNT)
        return first, len(await tx.all(ALL))

    async def keep_writing() -> None:
        for number in range(20):
            await marked.write(_add, Mark(f"n{number}"))

    writing = asyncio.create_task(keep_writing())
    for _ in range(10):
        first, second = await marked.snapshot(count_twice)
        assert first == second
    await writing


async def test_what_was_accepted_before_stop_is_written(marked_url: str) -> None:

    database = open_database(marked_url)
    await database.start()
    writes = [asyncio.create_task(database.write(_add, Mark(f"m{number}"))) for number in range(300)]
    await asyncio.sleep(0)
    await database.stop()
    answered = await asyncio.gather(*writes, return_exceptions=True)
    again = open_database(marked_url)
    await again.start()
    count = await again.read(_count)
    await again.stop()
    assert count == sum(1 for each in answered if each is None)
    assert count > 0


async def test_the_worker_is_woken_after_the_commit_and_not_by_a_failed_unit(marked: Database) -> None:
    woken = asyncio.Event()
    seen: list[int] = []

    async def wake(tx: Writing, mark: Mark, *, fail: bool) -> None:
        await tx.run(ADD, **values_of(mark))
        tx.wake_worker()
        if fail:
            raise LookupError("no")

    marked.on_wake(woken.set)
    with pytest.raises(LookupError):
        await marked.write(wake, Mark("m1"), fail=True)
    await asyncio.sleep(0.01)
    assert not woken.is_set()
    await marked.write(wake, Mark("m2"), fail=False)
    async with asyncio.timeout(5):
        await woken.wait()
    seen.append(await marked.read(_count))
    assert seen == [1]
