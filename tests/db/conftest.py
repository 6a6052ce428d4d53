"""A database that also holds the table of `marks.py`."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql, sqlite

from billfold.infrastructure.db.database import Database
from tests.conftest import ON_POSTGRES, open_database
from tests.db.marks import create_sql


@pytest.fixture
async def marked_url(database_url: str) -> AsyncIterator[str]:
    """The address of a database that also holds the test's table."""
    if ON_POSTGRES:
        connection = await asyncpg.connect(database_url)
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        await connection.execute(f"DROP TABLE IF EXISTS test_marks; {create_sql(dialect)}")
        await connection.close()
        yield database_url
        connection = await asyncpg.connect(database_url)
        await connection.execute("DROP TABLE test_marks")
        await connection.close()
        return
    file = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    file.execute(create_sql(sqlite.dialect()))
    file.close()
    yield database_url


@pytest.fixture
async def marked(marked_url: str) -> AsyncIterator[Database]:
    """A started database that also holds the test's table."""
    database = open_database(marked_url)
    await database.start()
    yield database
    await database.stop()
