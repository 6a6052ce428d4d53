"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import billfold.wiring  # noqa: F401 - registers every table
from billfold.infrastructure.db.database import Database
from billfold.infrastructure.db.postgres import PostgresDatabase
from billfold.infrastructure.db.sqlite import SqliteDatabase
from billfold.infrastructure.db.statements import metadata


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """An empty database with every table: SQLite, or PostgreSQL if BILLFOLD_TEST_POSTGRES names a server."""
    url = f"sqlite:///{tmp_path / 'billfold.db'}"
    assert "BILLFOLD_TEST_POSTGRES" not in os.environ
    engine = sa.create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A started database."""
    database: Database
    if database_url.startswith("sqlite"):
        database = SqliteDatabase(database_url.removeprefix("sqlite:///"))
    else:
        database = PostgresDatabase(database_url)
    await database.start()
    yield database
    await database.stop()
