"""What a command does before its work: read the settings, look at the schema, open the installation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from billfold.base.errors import Conflict
from billfold.base.log import configure_log
from billfold.base.settings import Settings, load_settings
from billfold.infrastructure.db.migrating import Schema, Standing, inspect_schema, migrate

if TYPE_CHECKING:
    from billfold.wiring import Installation


def read_settings(**given: object) -> Settings:
    """Return the settings and set the log up as they say; `given` comes from the command line and goes first."""
    settings = load_settings(**given)
    configure_log(settings.log_level, as_json=settings.log_json)
    return settings


async def require_schema(settings: Settings, *, make: bool) -> None:
    """See to it that the database has this version's tables, or raise `Conflict` with what to do.

    `make`: an empty database is given its tables. One of an older version is never changed without being asked.
    """
    schema = await inspect_schema(settings.database_url)
    if schema.standing is Standing.EMPTY and make:
        # The secret key first: a database whose key is missing is of no use.
        settings.keys()
        await migrate(settings.database_url)
        return
    complaint = complaint_about(schema)
    if complaint is not None:
        raise Conflict(complaint)


def complaint_about(schema: Schema) -> str | None:
    """Return what is wrong with a schema and what to do, or None."""
    match schema.standing:
        case Standing.CURRENT:
            return None
        case Standing.EMPTY:
            return "The database is empty. Run: billfold init --team NAME --project NAME --email ADDRESS"
        case Standing.BEHIND:
            return (
                f"The database is at migration {schema.revision}, this version needs {schema.newest}. "
                "Make a backup, then run: billfold migrate"
            )
        case Standing.NEWER:
            return (
                f"The database is at migration {schema.revision}, which is newer than this version ({schema.newest}). "
                "Install the version of Billfold that wrote it, or a later one."
            )
        case Standing.FOREIGN:
            return "The database holds tables that are not Billfold's. Point BILLFOLD_DATABASE_URL to a database of its own."


@asynccontextmanager
async def open_installation(settings: Settings, *, make: bool = False) -> AsyncIterator[Installation]:
    """Open everything for a command that runs once, and close it afterwards."""
    from billfold.wiring import assemble  # noqa: PLC0415 - the slowest import of all

    await require_schema(settings, make=make)
    installation = assemble(settings)
    await installation.services.db.start()
    try:
        yield installation
    finally:
        await installation.close()
