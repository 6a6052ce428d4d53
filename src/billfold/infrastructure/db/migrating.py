"""Bringing a database to the tables of this version, and telling whether it has them.

Telling takes one query and no migration library, because `billfold serve` asks at each start. A database with a step that this
version does not know is newer than the code and is left alone (SCENARIOS B7).
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from billfold.base.errors import Unavailable

_STEPS: Final = Path(__file__).parent / "migrations"
_SQLITE: Final = "sqlite:///"
_CONNECT_SECONDS: Final = 5.0
# Any number will do, as long as every version of Billfold asks for the same lock.
_POSTGRES_LOCK: Final = 0x6269_6C6C


class Standing(Enum):
    """How a database stands to this version."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    NEWER = "newer"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Schema:
    """How a database stands, the step it is at, and the last step that this version knows."""

    standing: Standing
    revision: str | None
    newest: str


def known_revisions() -> list[str]:
    """Return the numbers of this version's steps in order, as their file names tell them."""
    return sorted(file.name.split("_")[1] for file in (_STEPS / "versions").glob("step_*.py"))


async def inspect_schema(url: str) -> Schema:
    """Tell how the database at `url` stands; makes nothing, not even the SQLite file."""
    if url.startswith(_SQLITE):
        tables, revision = _look_sqlite(Path(url.removeprefix(_SQLITE)))
    else:
        tables, revision = await _look_postgres(url)
    known = known_revisions()
    if revision is not None:
        standing = Standing.NEWER
        if revision in known:
            standing = Standing.CURRENT if revision == known[-1] else Standing.BEHIND
    else:
        standing = Standing.FOREIGN if tables else Standing.EMPTY
    return Schema(standing, revision, known[-1])


async def migrate(url: str) -> None:
    """Run every step that the database lacks, in one transaction: all of them happen, or none.

    Servers that start at once do it one after the other. Doing it again changes nothing.
    """
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - see `_upgrade`

    try:
        if url.startswith(_SQLITE):
            await asyncio.to_thread(_migrate_sqlite, url)
        else:
            await _migrate_postgres(url)
    except DBAPIError as error:
        raise Unavailable(f"The migration failed and changed nothing: {error.orig}.") from error


def _look_sqlite(path: Path) -> tuple[bool, str | None]:
    if not path.exists():
        return False, None
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in names:
                return bool(names), None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return True, row[0] if row else None
    except sqlite3.Error as error:
        raise Unavailable(f"The database file {path} cannot be read: {error}.") from error


async def _look_postgres(url: str) -> tuple[bool, str | None]:
    import asyncpg  # noqa: PLC0415 - a server on SQLite does without

    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # The address holds a password: only its host may be shown, and the driver's words do not repeat the address.
        raise Unavailable(f"The PostgreSQL server does not let us in: {error}.") from error
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = {row[0] for row in rows}
        if "alembic_version" not in names:
            return bool(names), None
        return True, await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()


# The libraries are imported where they run: a server that needs no migration does not pay their 200 ms.
def _upgrade(connection: Any) -> None:
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    steps = ScriptDirectory(str(_STEPS))

    def missing(revision: Any, _context: Any) -> Any:
        return steps._upgrade_revs("head", revision)  # noqa: SLF001 - what Alembic's own upgrade command calls

    with EnvironmentContext(Config(), steps, fn=missing) as environment:
        # SQLite can roll back changes of tables too; Alembic only has to be told.
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
        with environment.begin_transaction():
            environment.run_migrations()


def _migrate_sqlite(url: str) -> None:
    import sqlalchemy as sa  # noqa: PLC0415 - see `_upgrade`

    engine = sa.create_engine(url, connect_args={"isolation_level": None}, poolclass=sa.NullPool)

    def begin(connection: sa.Connection) -> None:
        # The driver by itself begins no transaction before a CREATE TABLE; IMMEDIATE makes a second migration wait here.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "begin", begin)
    with engine.begin() as connection:
        _upgrade(connection)


async def _migrate_postgres(url: str) -> None:
    import asyncpg  # noqa: PLC0415 - see `_upgrade`
    import sqlalchemy as sa  # noqa: PLC0415 - see `_upgrade`
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - see `_upgrade`

    # The driver reads the address by itself, so every form that it knows works as it does for the server.
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=sa.NullPool
    )
    async with engine.begin() as connection:
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRES_LOCK})
        await connection.run_sync(_upgrade)
    await engine.dispose()
