"""What only SQLite does: one writer, many units a commit, one file."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.dialects import sqlite

from billfold.base.errors import Unavailable
from billfold.base.fail_points import VARIABLE
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.sqlite import SqliteDatabase, UnitSuspended
from billfold.infrastructure.db.statements import values_of
from tests.db.marks import ADD, COUNT, Mark, create_sql

_COPIES: Final = 200 if os.environ.get("BILLFOLD_TEST_FULL") == "1" else 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The database's file, with the test's table only: these tests run the same whichever engine the others are on."""
    path = tmp_path / "billfold.db"
    connection = sqlite3.connect(path)
    connection.execute(create_sql(sqlite.dialect()))
    connection.close()
    return path


@pytest.fixture
async def file(path: Path) -> AsyncIterator[SqliteDatabase]:
    """A started database in that file."""
    database = SqliteDatabase(str(path))
    await database.start()
    yield database
    await database.stop()


async def _add(tx: Writing, mark_id: str) -> None:
    await tx.run(ADD, **values_of(Mark(mark_id)))


async def _count(tx: Reading) -> int:
    return await tx.one(COUNT)


async def test_many_units_share_one_commit(file: SqliteDatabase) -> None:
    changes = "SELECT total_changes()"
    commits: list[int] = []
    file._writer_connection.set_trace_callback(lambda sql: commits.append(1) if sql == "COMMIT" else None)
    await asyncio.gather(*(file.write(_add, f"m{number}") for number in range(500)))
    file._writer_connection.set_trace_callback(None)
    assert file._writer_connection.execute(changes).fetchone()[0] == 500
    assert len(commits) < 100


async def test_a_unit_that_awaits_something_else_raises_and_changes_nothing(file: SqliteDatabase) -> None:
    async def add_and_wait(tx: Writing) -> None:
        await tx.run(ADD, **values_of(Mark("m1")))
        await asyncio.sleep(0)

    with pytest.raises(UnitSuspended):
        await file.write(add_and_wait)
    with pytest.raises(UnitSuspended):
        await file.read(add_and_look)
    assert await file.read(_count) == 0


async def add_and_look(tx: Reading) -> None:
    await tx.one(COUNT)
    await asyncio.sleep(0)


async def test_a_unit_cannot_open_another_and_the_inner_one_is_never_run(file: SqliteDatabase) -> None:
    async def write_inside(tx: Writing) -> None:
        await tx.run(ADD, **values_of(Mark("outer")))
        await file.write(_add, "inner")

    async def read_inside(tx: Reading) -> int:
        del tx
        return await file.read(_count)

    async def report_inside(tx: Reading) -> int:
        del tx
        return await file.snapshot(_count)

    for unit in (write_inside, read_inside, report_inside):
        with pytest.raises(UnitSuspended):
            await file.write(unit)
        with pytest.raises(Exception):  # noqa: B017, PT011 - the write is refused by the reading connection first
            await file.read(unit)
    await file.write(_add, "after")
    assert await file.read(_count) == 1


async def test_a_locked_file_is_unavailable_and_then_recovers(path: Path, file: SqliteDatabase) -> None:
    """Scenario B3: never a false success, and no restart is needed."""
    file._writer_connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    outcomes = await asyncio.gather(*(file.write(_add, f"m{number}") for number in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert await file.read(_count) == 0
    other.execute("ROLLBACK")
    other.close()
    await file.write(_add, "m1")
    assert await file.read(_count) == 1


async def test_a_file_that_became_read_only_is_unavailable_and_then_recovers(file: SqliteDatabase) -> None:
    """Scenario B3. The connection is switched, because root may write to any file whatever its mode."""
    file._writer_connection.execute("PRAGMA query_only = ON")
    with pytest.raises(Unavailable, match="READONLY"):
        await file.write(_add, "m1")
    file._writer_connection.execute("PRAGMA query_only = OFF")
    await file.write(_add, "m1")
    assert await file.read(_count) == 1


async def test_a_full_disk_fails_everybody_in_the_commit_and_then_recovers(file: SqliteDatabase) -> None:
    """Scenario B6: SQLite ends the whole transaction by itself, so the units before the one that did not fit fail too."""
    pages = file._writer_connection.execute("PRAGMA page_count").fetchone()[0]
    file._writer_connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    async def add_much(tx: Writing, mark_id: str) -> None:
        await tx.run(ADD, **values_of(Mark(mark_id, note="x" * 3_000)))

    outcomes = await asyncio.gather(*(file.write(add_much, f"m{n}") for n in range(40)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert refused
    assert all(isinstance(outcome, Unavailable) for outcome in refused), refused
    assert await file.read(_count) == len(outcomes) - len(refused)
    file._writer_connection.execute("PRAGMA max_page_count = 100000")
    await file.write(add_much, "later")
    assert file._writer_connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_file_that_cannot_be_opened_says_which(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"nowhere/billfold\.db"):
        await SqliteDatabase(str(tmp_path / "nowhere" / "billfold.db")).start()


async def test_after_stop_a_change_is_refused_and_the_log_is_empty(path: Path) -> None:
    database = SqliteDatabase(str(path))
    await database.start()
    await database.write(_add, "m1")
    await database.snapshot(_count)
    await database.stop()
    with pytest.raises(Unavailable):
        await database.write(_add, "m2")
    assert not path.with_name("billfold.db-wal").exists()


async def test_an_overfull_queue_is_refused_at_once(file: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billfold.infrastructure.db.sqlite._WAITING_UNITS_LIMIT", 10)
    outcomes = await asyncio.gather(*(file.write(_add, f"m{number}") for number in range(50)), return_exceptions=True)
    assert sum(isinstance(outcome, Unavailable) for outcome in outcomes) == 40
    await file.write(_add, "later")


async def test_a_copy_of_the_files_at_any_instant_opens_and_holds_what_was_answered(
    path: Path, file: SqliteDatabase, tmp_path: Path
) -> None:
    """Scenario B5: what a power cut leaves on the disk, 12 times in CI and 200 by `just scenarios`."""
    answered: list[str] = []

    async def keep_writing(writer: int) -> None:
        number = 0
        while True:
            await file.write(_add_pair, f"w{writer}-{number}")
            answered.append(f"w{writer}-{number}")
            number += 1

    writers = [asyncio.create_task(keep_writing(number)) for number in range(8)]
    for copy in range(_COPIES):
        for step in range(10):
            await file.write(_add_pair, f"copy{copy}-{step}")
            answered.append(f"copy{copy}-{step}")
        await asyncio.to_thread(_copy_and_check, path, tmp_path / f"copy{copy}", set(answered))
    for writer in writers:
        writer.cancel()
    await asyncio.gather(*writers, return_exceptions=True)


async def _add_pair(tx: Writing, name: str) -> None:
    await tx.run(ADD, **values_of(Mark(name)))
    await tx.run(ADD, **values_of(Mark(f"{name}-child", parent=name)))


def _copy_and_check(path: Path, folder: Path, promised: set[str]) -> None:
    folder.mkdir()
    # The log first: what a checkpoint moves into the file meanwhile is then in both.
    for suffix in ("-wal", ""):
        shutil.copyfile(f"{path}{suffix}", folder / f"copy.db{suffix}")
    copy = sqlite3.connect(folder / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found = {mark_id for (mark_id,) in copy.execute("SELECT id FROM test_marks")}
    copy.close()
    assert promised <= found, "answered, but not on the disk"
    parents = {mark_id for mark_id in found if not mark_id.endswith("-child")}
    assert {mark_id.removesuffix("-child") for mark_id in found - parents} == parents, "half a unit"


_KILLED_WRITER: Final = """
import asyncio, sys
from billfold.infrastructure.db.sqlite import SqliteDatabase
from tests.db.marks import ADD, Mark
from billfold.infrastructure.db.statements import values_of

async def add(tx, name):
    await tx.run(ADD, **values_of(Mark(name)))

async def main():
    db = SqliteDatabase(sys.argv[1])
    await db.start()
    async def write(name):
        await db.write(add, name)
        print(name, flush=True)
    await asyncio.gather(*(write(f"m{number}") for number in range(3000)))

asyncio.run(main())
"""


@pytest.mark.parametrize("point", ["before-commit", "after-commit"])
@pytest.mark.parametrize("time", [1, 4])
def test_kill_minus_nine_around_a_commit_loses_nothing_that_was_answered(path: Path, point: str, time: int) -> None:
    """Scenario B2."""
    result = subprocess.run(
        [sys.executable, "-c", _KILLED_WRITER, str(path)],
        env={**os.environ, VARIABLE: f"{point}:kill:{time}"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert result.returncode == -9
    answered = set(result.stdout.split())
    copy = sqlite3.connect(path)
    found = {mark_id for (mark_id,) in copy.execute("SELECT id FROM test_marks")}
    copy.close()
    assert answered <= found
    assert bool(found) == (point == "after-commit" or time > 1)


async def test_an_error_of_the_driver_itself_answers_the_unit_and_the_next(file: SqliteDatabase) -> None:
    """An error without a name of SQLite's once ended what runs the units, and everybody waited for ever."""
    broken = sqlite3.connect(":memory:")
    broken.close()

    async def nothing(tx: Writing) -> None:
        del tx

    working, file._writer_connection = file._writer_connection, broken
    with pytest.raises(sqlite3.ProgrammingError):
        await asyncio.wait_for(file.write(nothing), 5)
    file._writer_connection = working
    await asyncio.wait_for(file.write(nothing), 5)
