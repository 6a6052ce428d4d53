"""`billfold migrate`."""

from __future__ import annotations

import asyncio

import typer


def migrate() -> None:
    """Bring the database to the tables of this version. Running it again changes nothing.

    Make a backup first if the database holds anything. All steps happen in one transaction: if one fails, none happened.
    """
    from billfold.base.errors import Conflict  # noqa: PLC0415 - only what this command needs
    from billfold.cli.opening import complaint_about, read_settings  # noqa: PLC0415 - see above
    from billfold.infrastructure.db import migrating  # noqa: PLC0415 - see above

    settings = read_settings()
    schema = asyncio.run(migrating.inspect_schema(settings.database_url))
    if schema.standing is migrating.Standing.CURRENT:
        typer.echo(f"The database is at migration {schema.revision}: nothing to do.")
        return
    if schema.standing not in {migrating.Standing.EMPTY, migrating.Standing.BEHIND}:
        raise Conflict(complaint_about(schema) or "")
    settings.keys()
    asyncio.run(migrating.migrate(settings.database_url))
    typer.echo(f"The database went from migration {schema.revision or 'nothing'} to {schema.newest}.")
