"""Statements for many rows of values: one for each row on SQLite, one for all on PostgreSQL, the same result on both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.statements import ListedRead, ListedWrite, insert_listed, listed
from tests.db.marks import ALL, Mark, marks

AT: Final = datetime(2026, 3, 30, 12, 0, 0, 123456, tzinfo=UTC)
LARGEST: Final = 2**63 - 1

ADD: Final = insert_listed(
    marks,
    [column.name for column in marks.c],
    lambda new: new.on_conflict_do_nothing(index_elements=["id"]).returning(marks.c.id),
    str,
)
FIND: Final = listed(
    {"label_of": sa.Text(), "number_of": sa.BigInteger()},
    lambda given: (
        sa.select(*marks.c)
        .where(marks.c.label == given["label_of"], marks.c.number == given["number_of"])
        .order_by(marks.c.id)
    ),
    Mark,
)
RENUMBER: Final = listed(
    {"mark_id": sa.Text(), "before": sa.BigInteger(), "after": sa.BigInteger()},
    lambda given: (
        sa.update(marks)
        .where(marks.c.id == given["mark_id"], marks.c.number == given["before"])
        .values(number=given["after"])
        .returning(marks.c.id)
    ),
    str,
)


def mark(name: str, number: int) -> dict[str, Any]:
    return {
        "id": name, "label": f"label {name}", "number": number, "at": AT, "note": {"a": "ü"}, "is_set": True, "parent": None,
    }  # fmt: skip


def wanted(*pairs: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"label_of": f"label {name}", "number_of": number} for name, number in pairs]


def change(name: str, before: int, after: int) -> dict[str, Any]:
    return {"mark_id": name, "before": before, "after": after}


async def fill(db: Database) -> None:
    async def unit(tx: Any) -> None:
        await tx.insert_many(ADD, [mark("a", 1), mark("b", 2), mark("c", LARGEST)])

    await db.write(unit)


async def test_many_are_looked_up_by_several_columns(marked: Database) -> None:
    await fill(marked)

    async def unit(tx: Any) -> list[Mark]:
        rows: list[Mark] = await tx.all_listed(FIND, wanted(("a", 1), ("b", 1), ("c", LARGEST)))
        return rows

    found = await marked.read(unit)
    assert found == [Mark(**mark("a", 1)), Mark(**mark("c", LARGEST))]


async def test_many_are_changed_each_in_its_own_way_if_they_are_as_they_were_read(marked: Database) -> None:
    await fill(marked)

    async def unit(tx: Any) -> list[str]:
        changed: list[str] = await tx.all_listed(RENUMBER, [change("a", 1, 10), change("b", 1, 20), change("x", 1, 1)])
        return changed

    assert await marked.write(unit) == ["a"]
    assert [each.number for each in await marked.read(lambda tx: tx.all(ALL))] == [10, 2, LARGEST]


async def test_several_reads_together_give_the_rows_of_each_in_their_order(marked: Database) -> None:
    await fill(marked)

    async def unit(tx: Any) -> list[list[Any]]:
        reads = [
            ListedRead(FIND, wanted(("b", 2), ("a", 1))),
            ListedRead(FIND, []),
            ListedRead(FIND, wanted(("c", LARGEST))),
        ]
        rows: list[list[Any]] = await tx.all_together(reads)
        return rows

    both, nothing, last = await marked.read(unit)
    assert sorted(both, key=lambda each: each.id) == [Mark(**mark("a", 1)), Mark(**mark("b", 2))]
    assert (nothing, last) == ([], [Mark(**mark("c", LARGEST))])


async def test_several_writes_together_tell_how_many_rows_each_changed(marked: Database) -> None:
    await fill(marked)

    async def unit(tx: Any) -> list[int]:
        writes = [
            ListedWrite(ADD, [mark("d", 4), mark("a", 9)]),
            ListedWrite(RENUMBER, [change("a", 1, 5), change("b", 2, 6)]),
        ]
        counts: list[int] = await tx.write_together(writes)
        return counts

    assert await marked.write(unit) == [1, 2]
    assert [each.number for each in await marked.read(lambda tx: tx.all(ALL))] == [5, 6, LARGEST, 4]
