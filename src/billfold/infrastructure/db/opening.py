"""Makes the `Database` that an address names."""

from __future__ import annotations

from typing import Final

from billfold.infrastructure.db.database import Database

_SQLITE: Final = "sqlite:///"


def open_database(url: str) -> Database:
    """Return a database that is yet to be started: SQLite for `sqlite:///FILE`, else PostgreSQL.

    Only the module of that database is imported: each needs its own driver and dialect.
    """
    if url.startswith(_SQLITE):
        from billfold.infrastructure.db.sqlite import SqliteDatabase  # noqa: PLC0415 - see above

        return SqliteDatabase(url.removeprefix(_SQLITE))
    from billfold.infrastructure.db.postgres import PostgresDatabase  # noqa: PLC0415 - see above

    return PostgresDatabase(url)
