"""The write-ahead log of a busy file: brought home beside the commits, and never much longer than it has to be."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from sqlalchemy.dialects import sqlite

from billfold.infrastructure.db import sqlite_checkpoints
from billfold.infrastructure.db.database import Writing
from billfold.infrastructure.db.sqlite import SqliteDatabase
from billfold.infrastructure.db.sqlite_checkpoints import Checkpoints
from billfold.infrastructure.db.statements import values_of
from tests.db.marks import ADD, Mark, create_sql

_PAGE = 4_096


def _make(folder: Path) -> Path:
    path = folder / "billfold.db"
    connection = sqlite3.connect(path)
    connection.execute(create_sql(sqlite.dialect()))
    connection.close()
    return path


async def _add_many(tx: Writing, first: int) -> None:
    for number in range(first, first + 20):
        await tx.run(ADD, **values_of(Mark(f"m{number}", label=f"{number}:" + "x" * 3_000)))


async def test_the_log_of_a_busy_file_stays_short_and_no_commit_copies_it(tmp_path: Path) -> None:
    path = _make(tmp_path)
    database = SqliteDatabase(str(path))
    await database.start()
    for batch in range(300):
        await database.write(_add_many, batch * 20)
    log = path.with_name(path.name + "-wal").stat().st_size
    # 6,000 rows of a page and more each were written; past this length a commit itself would have copied the log.
    assert log < sqlite_checkpoints.PAGES_IN_COMMIT * _PAGE
    await database.stop()
    copy = sqlite3.connect(path)
    assert copy.execute("SELECT count(*) FROM test_marks").fetchone() == (6_000,)
    copy.close()


async def test_a_reader_who_stays_holds_up_no_commit(tmp_path: Path) -> None:
    path = _make(tmp_path)
    database = SqliteDatabase(str(path))
    await database.start()
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM test_marks").fetchone() == (0,)
    for batch in range(60):
        await asyncio.wait_for(database.write(_add_many, batch * 20), 10)
    assert reader.execute("SELECT count(*) FROM test_marks").fetchone() == (0,)
    reader.rollback()
    assert reader.execute("SELECT count(*) FROM test_marks").fetchone() == (1_200,)
    reader.close()
    await database.stop()


def test_an_end_that_comes_while_pages_are_copied_is_seen(tmp_path: Path) -> None:
    """It once was not: whoever closed the database then waited for ever."""
    path = _make(tmp_path)
    for _ in range(50):
        checkpoints = Checkpoints(lambda: sqlite3.connect(path, check_same_thread=False))
        checkpoints.start()
        checkpoints._due.set()
        checkpoints.stop()
        assert not checkpoints._thread.is_alive()
