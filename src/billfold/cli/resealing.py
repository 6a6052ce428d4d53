"""`billfold reseal`: every stored secret sealed with the present secret key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from billfold.base.settings import Settings

_SHOWN = 20


def reseal() -> None:
    """Seal every stored secret anew with BILLFOLD_SECRET_KEY, after it was changed.

    What BILLFOLD_PREVIOUS_SECRET_KEY sealed is opened with that. Run it again as often as you like; when it says that nothing is
    left, the previous key is no longer needed. Exit status 1 if a value opens with neither key.
    """
    from billfold.cli.opening import read_settings  # noqa: PLC0415 - only what this command needs

    raise typer.Exit(asyncio.run(_reseal(read_settings())))


async def _reseal(settings: Settings) -> int:
    from billfold.cli.opening import open_installation  # noqa: PLC0415 - only what this command needs
    from billfold.infrastructure.db import resealing  # noqa: PLC0415 - see above
    from billfold.wiring import SEALED_COLUMNS  # noqa: PLC0415 - see above

    resealed = current = broken = 0
    async with open_installation(settings) as installation:
        services = installation.services
        for column in SEALED_COLUMNS:
            done = await resealing.reseal(services.db, services.sealer, column)
            resealed, current, broken = resealed + done.resealed, current + done.current, broken + len(done.broken)
            for owner in done.broken[:_SHOWN]:
                typer.echo(f"{done.table}.{done.column} of {owner} opens with neither key.", err=True)
    typer.echo(f"{resealed} sealed anew, {current} were sealed with the present key already, {broken} do not open.")
    if broken:
        typer.echo("Those were sealed with another key: give it as BILLFOLD_PREVIOUS_SECRET_KEY and run this again.")
    return 1 if broken else 0
